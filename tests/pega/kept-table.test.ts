import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Depot } from "entrepot";
import { readExport } from "entrepot/pega";
import type { Frame } from "entrepot/table";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { exportName, lines, modelRows, write } from "./exports.ts";
import { openPegaFolder } from "./folder.ts";

const table = "Data-Decision-ADM-ModelSnapshot_pyModelSnapshots";

/** Columns, types, rows. */
function shown(frame: Frame): unknown {
  const types = frame.columns.map((name) => frame.getColumn(name).dtype.toString());
  return [frame.columns, types, frame.width === 0 ? [] : frame.toRecords()];
}

describe("a table that is kept", () => {
  let folder: string;
  let kept: string;
  let data: Depot;
  let close: () => Promise<void>;
  beforeEach(async () => {
    ({ folder, data, close } = await openPegaFolder());
    kept = join(folder, "kept");
  });
  afterEach(() => close());
  const all = { table: "modelSnapshot", files: "all", sourceColumn: "from" } as const;
  const again = async () => shown(await readExport(folder, { data, ...all, incremental: kept }));
  const anew = async () => shown(await readExport(folder, { data, ...all }));

  /** By day; `undefined` takes the file away. */
  const histories: Record<string, readonly Readonly<Record<number, string | undefined>>[]> = {
    "text, then a number, then a file without the column": [
      { 1: '{"m":"a","v":"t"}' },
      { 2: '{"m":"a","v":7}' },
      { 3: '{"m":"b"}' },
      { 1: undefined, 2: undefined },
    ],
    "text that goes": [{ 1: '{"v":"n/a"}', 2: '{"v":7}' }, { 3: '{"v":8}' }, { 1: undefined }],
    "a fraction that goes": [{ 1: '{"v":1}', 2: '{"v":1.5}' }, { 2: undefined }],
    "a column that goes": [{ 1: '{"v":1}', 2: '{"w":1}' }, { 2: undefined }],
    "rows without a value": [{ 1: "{}\n{}" }, { 2: '{"v":1}' }, { 3: '[{},{"v":2}]' }, { 1: undefined }],
    "files that come in between": [{ 1: '{"v":1}', 5: '{"w":1}' }, { 3: '{"x":1}' }, { 2: "" }, { 4: '{"v":"t"}' }],
    "a column called source_file": [{ 1: '{"source_file":"x"}' }, { 2: '{"v":1}' }],
  };

  test.each(Object.keys(histories))("is the table that reading all of it gives: %s", async (history) => {
    for (const step of histories[history] ?? []) {
      for (const [day, body] of Object.entries(step)) {
        const name = exportName(table, Number(day), ".json");
        if (body === undefined) await rm(join(folder, name));
        else await write(folder, name, body);
      }
      for (const _ of [1, 2]) expect(await again()).toEqual(await anew());
    }
  });

  test("of which a bit is wrong is read anew", async () => {
    await write(folder, exportName(table, 1, ".json"), lines(modelRows(40)));
    const expected = await again();
    const part = join(kept, (await readdir(kept)).find((name) => name.endsWith(".parquet")) ?? "");
    const good = await readFile(part);
    for (let at = 5; at < good.length; at += Math.ceil(good.length / 20)) {
      const bad = Uint8Array.from(good);
      bad[at] = (bad[at] as number) ^ (1 << (at % 8));
      await writeFile(part, bad);
      expect(await again()).toEqual(expected);
      expect(await readFile(part)).toEqual(good);
    }
  });

  interface List {
    list: { texts: unknown[]; empty: unknown[]; parts: { files: unknown[] }[] };
  }
  const damages: Record<string, (list: List["list"]) => void> = {
    "a part that is null": ({ parts }) => void parts.push(null as never),
    "an empty file that is null": ({ empty }) => void empty.push(null),
    "a column that is a number": ({ texts }) => void texts.push(3),
    "files in another order": ({ parts: [part] }) => void part?.files.reverse(),
    "a part that is there twice": ({ parts: [part], parts }) => void parts.push(part as never),
  };

  test.each([...Object.keys(damages), "null", "[]", "{", "a folder"])(
    "with a damaged list is read anew: %s",
    async (damage) => {
      for (const day of [1, 2]) await write(folder, exportName(table, day, ".json"), lines(modelRows(2, day)));
      const expected = await again();
      const path = join(kept, "table.list");
      const list = JSON.parse(await readFile(path, "utf8")) as List;
      damages[damage]?.(list.list);
      if (damage === "a folder") {
        await rm(path);
        await mkdir(path);
      } else await writeFile(path, damage in damages ? JSON.stringify(list) : damage);
      for (const _ of [1, 2]) expect(await again()).toEqual(expected);
      expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({ version: 2 });
    },
  );

  test("beside its exports is none of them", async () => {
    await write(folder, "models 1.json", lines(modelRows(2)));
    for (const _ of [1, 2, 3]) {
      const frame = await readExport(folder, { data, files: "all", incremental: folder });
      expect(frame.height).toBe(2);
    }
    expect((await readExport(folder, { data, files: "all", incremental: kept })).height).toBe(2);
  });
});

test("a column that is text in one file and missing in another is missing there", async () => {
  const { folder, data, close } = await openPegaFolder();
  try {
    const files = [
      await write(folder, "a.json", '{"m":1}\n'),
      await write(folder, "b.csv", "v,m\n1,2\n"),
      await write(folder, "c.json", '{"v":"t"}\n'),
    ];
    expect((await readExport(files, { data })).toRecords().map((row) => row["v"])).toEqual([null, "1", "t"]);
  } finally {
    await close();
  }
});
