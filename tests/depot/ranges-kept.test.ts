/** Ranges of large objects over a socket, with default settings: kilobytes the first time, no body at all the second. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Depot, entrepot } from "entrepot";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openS3 } from "./backends.ts";

type S3Bench = Awaited<ReturnType<typeof openS3>>;

const block = 64 * 1024;
const megabyte = 1024 * 1024;
/** Lines of 64 bytes, so that line `n` is known. */
const lineOf = (index: number) => `${String(index).padStart(62, "0")}x`;
const size = 64 * megabyte;
const content = Buffer.from(Array.from({ length: size / 64 }, (_, index) => `${lineOf(index)}\n`).join(""));

let bench: S3Bench;
let data: Depot;
let folders = 0;
const uri = "s3://b/big.csv";

beforeAll(async () => {
  bench = await openS3(true);
  const other = entrepot({ ...bench.s3.options, cache: false, env: {}, envFile: false });
  await other.writeBytes(uri, content);
  await other.close();
});
afterAll(() => bench.close());
beforeEach(() => {
  data = fresh(join(bench.folder, `cache-${folders++}`));
  bench.s3.clearRequests();
});

/** As a process that has just started; on the same folder it finds what others have kept. */
function fresh(dir: string, options: object = {}): Depot {
  return entrepot({ ...bench.s3.options, cache: { dir }, env: {}, envFile: false, ...options });
}

/** Requests by method and status, and the bytes of their bodies; forgets them. */
function asked(): { requests: string[]; bodyBytes: number } {
  const { requests } = bench.s3;
  const said = {
    requests: requests.map(({ method, status }) => `${method} ${status}`),
    bodyBytes: requests.reduce((sum, { method, bytesOut }) => sum + (method === "HEAD" ? 0 : bytesOut), 0),
  };
  bench.s3.clearRequests();
  return said;
}

const uses: readonly [string, number, (depot: Depot) => Promise<unknown>, unknown][] = [
  ["readLines with a limit", 1, (depot) => depot.readLines(uri, { limit: 5 }), [0, 1, 2, 3, 4].map(lineOf)],
  [
    "the lines of an open file",
    1,
    async (depot) => {
      const file = await depot.open(uri);
      try {
        for await (const line of file.lines()) return line;
        return undefined;
      } finally {
        await file.close();
      }
    },
    lineOf(0),
  ],
  [
    "a footer, what it points to, and a column",
    3,
    async (depot) => {
      const file = await depot.open(uri);
      const length = new TextDecoder().decode(await file.read({ suffix: 8 }));
      const footer = await file.slice(-30_000, -8);
      const column = await file.read({ start: 20 * megabyte, end: 20 * megabyte + 100_000 });
      await file.close();
      return [
        length,
        footer.byteLength,
        Buffer.compare(column, content.subarray(20 * megabyte, 20 * megabyte + 100_000)),
      ];
    },
    [content.subarray(-8).toString(), 29_992, 0],
  ],
  [
    "readRange of the first bytes",
    1,
    async (depot) => new TextDecoder().decode(await depot.readRange(uri, { start: 0, end: 4 })),
    "0000",
  ],
  [
    "readRange of the last bytes",
    1,
    async (depot) => new TextDecoder().decode(await depot.readRange(uri, { suffix: 8 })),
    content.subarray(-8).toString(),
  ],
  [
    "readRanges",
    3,
    async (depot) =>
      (await depot.readRanges(uri, [{ start: 30 * megabyte, end: 30 * megabyte + 2 }, { suffix: 3 }])).map((bytes) =>
        new TextDecoder().decode(bytes),
      ),
    ["00", content.subarray(-3).toString()],
  ],
];

describe.each(uses)("%s", (_, blocks, use, result) => {
  test("costs kilobytes of 64 MiB, and the second time no body, whichever process it is", async () => {
    const { dir } = data.cache;
    expect(await use(data)).toEqual(result);
    const cold = asked();
    expect(cold.bodyBytes).toBeGreaterThan(0);
    expect(cold.bodyBytes).toBeLessThanOrEqual(blocks * block);
    for (const depot of [data, fresh(dir)]) {
      expect(await use(depot)).toEqual(result);
      const warm = asked();
      expect(warm.bodyBytes).toBe(0);
      expect(warm.requests.length).toBeLessThanOrEqual(cold.requests.length);
      expect(warm.requests.every((request) => ["HEAD 200", "GET 304"].includes(request))).toBe(true);
    }
    for (const depot of [fresh(dir, { cache: { dir, maxAge: "1h" } }), fresh(dir, { network: "offline" })]) {
      expect(await use(depot)).toEqual(result);
      expect(asked().requests).toEqual([]);
    }
  });
});

test("opening a file a second time costs one HEAD and no GET", async () => {
  const read = async () => {
    const file = await data.open(uri);
    await file.read({ suffix: 8 });
    await file.close();
    return asked().requests;
  };
  expect(await read()).toEqual(["HEAD 200", "GET 206"]);
  expect(await read()).toEqual(["HEAD 200"]);
});

test("a replacement is seen by the next range, and by an open file as changed", async () => {
  const other = entrepot({ ...bench.s3.options, cache: false, env: {}, envFile: false });
  const small = "s3://b/small.bin";
  await other.writeBytes(small, content.subarray(0, 10 * block));
  const file = await data.open(small);
  await file.read({ start: 0, end: 4 });
  await other.writeBytes(small, content.subarray(10 * block, 20 * block));
  await expect(file.read({ start: 0, end: 2 * block })).rejects.toMatchObject({ code: "changed" });
  await file.close();
  const read = await data.readRange(small, { start: 0, end: 10 * block });
  expect(Buffer.compare(read, content.subarray(10 * block, 20 * block))).toBe(0);
  await other.close();
});

test("a damaged piece is fetched again in the same call, and offline says so", async () => {
  const { dir } = data.cache;
  await data.readRange(uri, { start: 0, end: 4 });
  const names = await readdir(dir, { recursive: true });
  const path = join(dir, names.find((name) => name.includes("+")) ?? "");
  const damage = async () => {
    const bytes = await readFile(path);
    bytes[bytes.byteLength - block] = 0xff;
    await writeFile(path, bytes);
  };
  await damage();
  expect(new TextDecoder().decode(await data.readRange(uri, { start: 0, end: 4 }))).toBe("0000");
  await damage();
  await expect(fresh(dir, { network: "offline" }).readRange(uri, { start: 0, end: 4 })).rejects.toMatchObject({
    code: "not-cached",
  });
});

test("offline, what is missing of a range is told in bytes", async () => {
  await data.readRange(uri, { start: 0, end: 4 });
  const offline = fresh(data.cache.dir, { network: "offline" });
  await expect(offline.readRange(uri, { start: 0, end: block + 10 })).rejects.toMatchObject({
    code: "not-cached",
    message: expect.stringContaining(`10 of the ${block + 10} bytes`),
  });
});
