/** A copy is at hand and the server has a new version, which does not come in one piece: the right bytes, or an error. */
import { readFile } from "node:fs/promises";
import type { Depot } from "entrepot";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openWeb } from "../cache-web.ts";
import { openS3 } from "./backends.ts";

const first = { body: "A".repeat(16), headers: { ETag: '"first"' } };

describe("a new version that breaks off", () => {
  const zeros = "AAAAAA==";
  const crcOfB = "olj1bA==";

  async function broken(crc: string) {
    const web = await openWeb();
    const data = web.open();
    web.serve(first);
    await data.readText("s3://b/k");
    web.take();
    const second = { body: "B".repeat(16), headers: { ETag: '"second"', "x-amz-checksum-crc32": crc } };
    web.serve({ ...second, cutAt: 6 }, second);
    return { web, data };
  }

  test("is continued, and held against the checksum that the server announced", async () => {
    const { web, data } = await broken(zeros);
    await expect(data.readText("s3://b/k")).rejects.toMatchObject({ code: "integrity" });
    expect(web.take()[1]).toMatch(/range: bytes=6-15/i);
    expect(await web.open({ network: "offline" }).readText("s3://b/k")).toBe(first.body);
  });

  test("is continued with one more request, and kept", async () => {
    const { web, data } = await broken(crcOfB);
    expect(await data.readText("s3://b/k")).toBe("B".repeat(16));
    const [whole, rest, ...more] = web.take();
    expect(whole).toMatch(/if-none-match: "first"/i);
    expect(rest).toMatch(/if-match: "second"/i);
    expect(more).toEqual([]);
    expect(await web.open({ network: "offline" }).readText("s3://b/k")).toBe("B".repeat(16));
  });
});

describe.each([
  ["a weak ETag", { ETag: 'W/"same"' }],
  ["a time only", { "Last-Modified": "Mon, 01 Jan 2024 00:00:00 GMT" }],
  ["an empty ETag", { ETag: "" }],
  ["neither ETag nor time", {}],
])("a new version with %s that breaks off and is replaced", (_, headers: Record<string, string>) => {
  const cut = { body: "B".repeat(16), headers, cutAt: 6 };
  const last = { body: "C".repeat(16), headers };

  test.each(["readText", "readBytes", "localCopy"] as const)("is read anew by %s, not finished", async (verb) => {
    const web = await openWeb();
    const data = web.open();
    web.serve(first);
    await data.readText("s3://b/k");
    web.serve(cut, last);
    expect(await readBy(data, verb, "s3://b/k")).toBe(last.body);
    expect(await data.readText("s3://b/k")).toBe(last.body);
  });
});

describe("an object that is replaced in mid-read while an older copy is at hand", () => {
  let bench: Awaited<ReturnType<typeof openS3>>;
  beforeEach(async () => {
    bench = await openS3(true);
    const { data, s3 } = bench;
    const other = data.with({ cache: false });
    await other.writeText("k", "A".repeat(400_000));
    await data.readText("k");
    await other.writeText("k", "B".repeat(400_000));
    s3.inject(
      { method: "GET", effect: { cutAfterBytes: 100_000 } },
      { method: "GET", effect: { replaceWith: Buffer.from("C".repeat(400_000)) } },
    );
  });
  afterEach(() => bench.close());

  test.each(["readText", "readBytes", "localCopy"] as const)("is read anew by %s", async (verb) => {
    expect(await readBy(bench.data, verb, "k")).toBe("C".repeat(400_000));
    expect(await bench.data.with({ network: "offline" }).readText("k")).toBe("C".repeat(400_000));
  });

  test("is changed for a stream that was given bytes, and the next one gets the last version", async () => {
    const stream = async () => {
      const pieces: Uint8Array[] = [];
      for await (const piece of bench.data.readStream("k")) pieces.push(piece);
      return Buffer.concat(pieces);
    };
    await expect(stream()).rejects.toMatchObject({ code: "changed" });
    expect((await stream()).toString()).toBe("C".repeat(400_000));
  });
});

async function readBy(data: Depot, verb: "readText" | "readBytes" | "localCopy", uri: string): Promise<string> {
  if (verb === "readBytes") return Buffer.from(await data.readBytes(uri)).toString();
  return verb === "readText" ? data.readText(uri) : data.localCopy(uri, (path) => readFile(path, "utf8"));
}
