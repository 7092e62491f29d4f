import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Depot, entrepot } from "entrepot";
import { startS3Server } from "entrepot/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const code = (wanted: string) => expect.objectContaining({ name: "EntrepotError", code: wanted });
const quiet = { env: {}, envFile: false, cache: false } as const;

describe("the services behind a depot", () => {
  let s3: Awaited<ReturnType<typeof startS3Server>>;
  let data: Depot;
  let asked = 0;
  beforeAll(async () => {
    s3 = await startS3Server({ buckets: ["noaa-1", "noaa-2", "b"] });
    const { credentials, ...options } = s3.options;
    data = entrepot({
      ...options,
      ...quiet,
      credentials: async () => {
        asked += 1;
        return credentials;
      },
      buckets: { "noaa-*": { requesterPays: true } },
    }) as Depot;
  });
  afterAll(async () => {
    await data.close();
    await s3.close();
  });

  test("ask for credentials once, whatever is derived", async () => {
    await data.writeText("s3://b/x", "x");
    for (let round = 0; round < 3; round++) {
      expect(await data.with({ signal: new AbortController().signal }).readText("s3://b/x")).toBe("x");
    }
    expect(asked).toBe(1);
    await data.writeText("s3://noaa-1/x", "x");
    await data.writeText("s3://noaa-2/x", "x");
    expect(asked).toBe(2);
    await data.with({ requesterPays: true }).readText("s3://b/x");
    expect(asked).toBe(2);
  });

  test("an identity of its own is asked on its own", async () => {
    let own = 0;
    const credentials = async () => {
      own += 1;
      return s3.credentials;
    };
    expect(await data.with({ credentials }).readText("s3://b/x")).toBe("x");
    expect(await data.with({ credentials }).readText("s3://b/x")).toBe("x");
    expect(own).toBe(1);
    expect(asked).toBe(2);
  });

  test("the account itself lists buckets, and says so when asked for more", async () => {
    expect(await data.list("s3://", { kind: "folder" }).uris()).toEqual(["s3://b/", "s3://noaa-1/", "s3://noaa-2/"]);
    expect(await data.list("s3://", { kind: "any", match: /^noaa/ }).uris()).toEqual(["s3://noaa-1/", "s3://noaa-2/"]);
    await expect(data.list("s3://").toArray()).rejects.toEqual(code("invalid-address"));
    await expect(data.list("s3://", { kind: "any", depth: 2 }).toArray()).rejects.toEqual(code("invalid-address"));
    await expect(data.usage("s3://")).rejects.toEqual(code("invalid-address"));
  });
});

test("a web address that ends in a slash is an object: the web has no folders", async () => {
  const server = createServer((_, response) => response.setHeader("etag", '"e"').end("page"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const data = entrepot(quiet);
  const uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/page/`;
  expect(await data.exists(uri)).toBe(true);
  expect(await data.readText(uri)).toBe("page");
  await data.close();
  server.close();
});

test("making a depot opens nothing", () => {
  // a folder that cannot be made or read would be noticed
  const data = entrepot({ ...quiet, cache: { dir: "/dev/null/none" } });
  expect(data.cache.enabled).toBe(true);
  expect(data.cache.dir).toBe("/dev/null/none");
});
