import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openNodeDisk } from "../../disk/index.ts";
import { readSealed, sealLine, unsealLine } from "./sealed-lines.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "entrepot-lines-"));
});
afterAll(() => rm(folder, { recursive: true }));

const records = [{ did: 1, is: 2 }, { uri: 's3://b/a "quoted" ü\n', n: 0.5 }, { got: [0, 5], c2: null }, { end: 3 }];

async function readBytes(bytes: Uint8Array): Promise<unknown[]> {
  const path = join(folder, "lines");
  await writeFile(path, bytes);
  const found: unknown[] = [];
  for await (const record of readSealed(openNodeDisk(), path)) found.push(record);
  return found;
}

test("a line comes back as what was written", () => {
  for (const record of records) expect(unsealLine(sealLine(record).trimEnd())).toEqual(record);
});

test("a journal that is cut at any byte holds just the lines before", async () => {
  const lines = records.map((record) => sealLine(record));
  const whole = Buffer.from(lines.join(""));
  for (let cut = 0; cut <= whole.length; cut += 1) {
    const ends = lines.map((_, index) => Buffer.byteLength(lines.slice(0, index + 1).join("")));
    const kept = ends.filter((end) => end <= cut).length;
    expect(await readBytes(whole.subarray(0, cut))).toEqual(records.slice(0, kept));
  }
});

test("a bit that is wrong anywhere loses the lines that it is in, and makes no other", async () => {
  const whole = Buffer.from(records.map((record) => sealLine(record)).join(""));
  const good = records.map((record) => JSON.stringify(record));
  for (let at = 0; at < whole.length; at += 1) {
    const bytes = Buffer.from(whole);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
    const found = (await readBytes(bytes)).map((record) => JSON.stringify(record));
    expect(found.length).toBeGreaterThanOrEqual(records.length - 2);
    expect(found.filter((record) => !good.includes(record))).toEqual([]);
  }
});

test("lines are found behind others of any length, and where there is no file there are none", async () => {
  const long = Array.from({ length: 3000 }, (_, index) => ({ uri: `s3://b/${"ü".repeat(index % 300)}`, index }));
  expect(await readBytes(Buffer.from(long.map((record) => sealLine(record)).join("")))).toEqual(long);
  const none: unknown[] = [];
  for await (const record of readSealed(openNodeDisk(), join(folder, "none"))) none.push(record);
  expect(none).toEqual([]);
});
