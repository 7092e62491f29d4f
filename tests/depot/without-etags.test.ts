/** A web server that knows no ETags, whose file is replaced within one second by one of the same size. */
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Depot, entrepot } from "../../src/index.ts";

let content = "";
let gets = 0;
const server = createServer((request, response) => {
  if (request.method === "GET") gets++;
  response.setHeader("last-modified", "Mon, 01 Jan 2024 00:00:00 GMT").setHeader("content-length", content.length);
  response.end(request.method === "GET" ? content : undefined);
});
let uri: string;
let cacheDir: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/f.txt`;
  cacheDir = await mkdtemp(join(tmpdir(), "entrepot-without-etags-"));
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(cacheDir, { recursive: true });
});
beforeEach(() => {
  content = "AAAA\naaaa\n";
  gets = 0;
});

describe.each(["with a cache", "without a cache"])("%s", (which) => {
  let data: Depot;
  beforeAll(() => {
    data = entrepot({ cache: which === "with a cache" ? { dir: cacheDir } : false, env: {}, envFile: false });
  });
  afterAll(() => data.close());

  test("a replacement of the same size within a second is read", async () => {
    expect(await data.readText(uri)).toBe(content);
    content = "BBBB\nbbbb\n";
    expect(await data.readText(uri)).toBe(content);
  });

  test("an open file is one version: it came in one request", async () => {
    const file = await data.open(uri);
    try {
      const first = Buffer.from(await file.read({ start: 0, end: 4 })).toString();
      const before = gets;
      content = "BBBB\nbbbb\n";
      expect(first + Buffer.from(await file.read({ start: 5, end: 9 })).toString()).toBe("AAAAaaaa");
      expect(gets).toBe(before);
    } finally {
      await file.close();
    }
  });

  test("the first lines can be had", async () => {
    expect(await data.readLines(uri, { limit: 1 })).toEqual(["AAAA"]);
  });
});
