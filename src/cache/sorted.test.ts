/** Order without memory. */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { openNodeDisk } from "../disk/index.ts";
import { sorted } from "./sorted.ts";

async function open(runLength: number) {
  const root = await mkdtemp(join(tmpdir(), "entrepot-sorted-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const folder = join(root, "made");
  const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  const keyOf = ({ key }: { readonly key: string }) => key;
  const options = { disk: openNodeDisk(), folder: async () => folder, keyOf, compare, runLength };
  async function* each(keys: readonly string[]) {
    for (const key of keys) yield { key };
  }
  const sort = async (keys: readonly string[]) => {
    const all: string[] = [];
    for await (const { key } of sorted(each(keys), options)) all.push(key);
    return all;
  };
  return { folder, sort, each, options };
}

test("any items come in order, however many runs they take, and nothing is left behind", async () => {
  const { sort, folder } = await open(3);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: "binary" })), async (keys) => {
      expect(await sort(keys)).toEqual([...keys].sort());
      expect(await readdir(folder).catch(() => [])).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

test("lines that are longer than what is read at a time are whole", async () => {
  const { sort } = await open(2);
  const keys = [5, 3, 9, 1, 7].map((digit) => `${digit}${"é".repeat(100_000)}`);
  expect(await sort(keys)).toEqual([...keys].sort());
});

test("few items touch no disk, and whoever stops early leaves nothing behind", async () => {
  const few = await open(100);
  await few.sort(["b", "a"]);
  expect(await readdir(few.folder).catch(() => "none")).toBe("none");
  const many = await open(2);
  for await (const { key } of sorted(many.each(["d", "a", "c", "b", "e"]), many.options)) {
    expect(key).toBe("a");
    break;
  }
  expect(await readdir(many.folder)).toEqual([]);
});
