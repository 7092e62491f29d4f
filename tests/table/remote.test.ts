/** Tables over a socket: how many requests, how many bytes, through the cache and offline. */
import { readFile } from "node:fs/promises";
import { type DepotEvent, entrepot } from "entrepot";
import type { S3Server } from "entrepot/testing";
import pl from "nodejs-polars";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Bench, openS3 } from "../depot/backends.ts";
import { code, exact, fixture } from "./world.ts";

type Sent = Extract<DepotEvent, { type: "request" }>;
let bench: Bench & { readonly s3: S3Server };
let sent: Sent[] = [];
const depot = (options = {}) =>
  entrepot({
    ...bench.s3.options,
    cache: { dir: `${bench.folder}/cache` },
    env: {},
    envFile: false,
    onEvent: (event) => event.type === "request" && sent.push(event),
    ...options,
  });
const bytes = () => sent.reduce((sum, { receivedBytes }) => sum + receivedBytes, 0);

beforeEach(async () => {
  bench = await openS3(false);
  sent = [];
});
afterEach(() => bench.close());

/** 4 row groups of 4 columns of 8 bytes a row that nothing compresses. */
async function large(name: string, rows = 200_000): Promise<number> {
  let state = 1;
  const noise = () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
  const column = () => Float64Array.from({ length: rows }, noise);
  const frame = pl.DataFrame({
    id: Float64Array.from({ length: rows }, (_, row) => row),
    a: column(),
    b: column(),
    c: column(),
  });
  const { sizeBytes } = await bench.data.writeTable(`s3://b/${name}`, frame, { codec: "none", rowGroupRows: rows / 4 });
  return sizeBytes;
}

describe("columns of a remote Parquet file", () => {
  test("cost one request for the footer and no more bytes than their chunks", async () => {
    const sizeBytes = await large("l.parquet");
    for (const cache of ["bypass", "use"] as const) {
      const data = depot();
      sent = [];
      const frame = await data.readTable("s3://b/l.parquet", { columns: ["a"], cache });
      expect([frame.height, frame.columns]).toEqual([200_000, ["a"]]);
      expect(sent.map(({ method }) => method)).toEqual(Array(5).fill("GET"));
      // a quarter of the file, and the tail with the footer
      if (cache === "bypass") expect(bytes()).toBeLessThan(1.1 * (sizeBytes / 4));
      await data.close();
    }
  });

  test("are kept: the second time only the footer's block is asked for, and offline nothing", async () => {
    await large("k.parquet");
    const data = depot();
    const first = await data.readTable("s3://b/k.parquet", { columns: ["a"] });
    sent = [];
    const second = await data.readTable("s3://b/k.parquet", { columns: ["a"] });
    expect(sent.length).toBeLessThanOrEqual(5);
    expect(bytes()).toBeLessThan(200_000);
    expect(exact(second.head(3))).toEqual(exact(first.head(3)));
    await data.close();
  });

  test("row groups that cannot hold a row are not fetched", async () => {
    const sizeBytes = await large("w.parquet");
    const data = depot();
    const frame = await data.readTable("s3://b/w.parquet", { where: { id: { gte: 199_999 } }, cache: "bypass" });
    expect(frame.height).toBe(1);
    expect(bytes()).toBeLessThan(sizeBytes * 0.3);
    sent = [];
    expect((await data.readTable("s3://b/w.parquet", { where: { id: -1 }, cache: "bypass" })).height).toBe(0);
    expect(sent).toHaveLength(1);
    sent = [];
    expect((await data.readTable("s3://b/w.parquet", { limit: 3, columns: ["b"], cache: "bypass" })).height).toBe(3);
    expect(bytes()).toBeLessThan(sizeBytes * 0.1);
    await data.close();
  });

  test("a footer larger than what is fetched first costs one request more", async () => {
    const names = Array.from({ length: 1_500 }, (_, index) => `a column with a rather long name ${index}`);
    const frame = pl.DataFrame(Object.fromEntries(names.map((name, index) => [name, Float64Array.of(index)])));
    await bench.data.writeTable("s3://b/wide.parquet", frame);
    const data = depot({ cache: false });
    const [, , third = ""] = names;
    expect(exact(await data.readTable("s3://b/wide.parquet", { columns: [third] }))).toEqual([{ [third]: 2 }]);
    expect(sent).toHaveLength(3);
    await data.close();
  });

  test("a file that is replaced in between is changed, never a mixture", async () => {
    await large("r.parquet");
    const data = depot({ cache: false });
    bench.s3.inject({ method: "GET", after: 2, effect: { replaceWith: new Uint8Array(2_000_000) } });
    const read = data.readTable("s3://b/r.parquet", { columns: ["a"] }).then(({ height }) => height);
    await expect(read).rejects.toMatchObject(code("changed"));
    await data.close();
  });
});

test("the first rows of remote text cost kilobytes", async () => {
  const line = `${"x".repeat(90)},1\n`;
  await bench.data.writeText("s3://b/l.csv", `a,b\n${line.repeat(20_000)}`);
  await bench.data.writeText("s3://b/l.jsonl", '{"a":1}\n'.repeat(200_000));
  const data = depot();
  for (const name of ["l.csv", "l.jsonl"]) {
    sent = [];
    expect((await data.readTable(`s3://b/${name}`, { limit: 3 })).height).toBe(3);
    expect(bytes()).toBeLessThan(70_000);
  }
  await data.close();
});

test("a whole table goes through the cache, and is there offline", async () => {
  await bench.data.writeBytes("s3://b/t.parquet", await readFile(fixture("groups.parquet")));
  const data = depot();
  await data.readTable("s3://b/t.parquet");
  sent = [];
  expect((await data.readTable("s3://b/t.parquet")).height).toBe(400);
  expect(sent.map(({ status }) => status)).toEqual([304]);
  sent = [];
  const offline = data.with({ network: "offline" });
  expect((await offline.readTable("s3://b/t.parquet", { columns: ["x"], where: { id: 7 } })).height).toBe(1);
  expect(sent).toEqual([]);
  await data.close();
});

test("what is missing is undefined only where that is allowed", async () => {
  const data = depot();
  for (const name of ["none.csv", "none.parquet"]) {
    for (const columns of [undefined, ["a"]]) {
      await expect(data.readTable(`s3://b/${name}`, { columns })).rejects.toMatchObject({ code: "not-found" });
      expect(await data.readTable(`s3://b/${name}`, { columns, onError: "allow-missing" })).toBeUndefined();
    }
  }
  await bench.data.writeText("s3://b/bad.csv", 'a\n"x\n');
  await expect(data.readTable("s3://b/bad.csv", { onError: "allow-missing" })).rejects.toMatchObject(code("malformed"));
  expect(await data.readTable("s3://b/bad.csv", { onError: "ignore" })).toBeUndefined();
  await data.close();
});

test("a table with a Content-Encoding is decoded by it", async () => {
  const { gzipSync } = await import("node:zlib");
  const put = await bench.data.presign("s3://b/enc.csv", { method: "PUT" });
  const body = gzipSync("a\n1\n");
  const answer = await fetch(put, { method: "PUT", body, headers: { "content-encoding": "gzip" } });
  expect(answer.status).toBe(200);
  for (const cache of [false as const, { dir: `${bench.folder}/enc` }]) {
    const data = depot({ cache });
    expect(exact(await data.readTable("s3://b/enc.csv"))).toEqual([{ a: 1n }]);
    await data.close();
  }
});
