import { mkdir, readdir, readFile, readlink, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Depot } from "entrepot";
import { type ExportSource, type ReadExportOptions, readExport } from "entrepot/pega";
import { type Frame, rows } from "entrepot/table";
import pl from "nodejs-polars";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { exportName, gzOf, lines, modelRows, write, zipOf } from "./exports.ts";
import { openPegaFolder } from "./folder.ts";

const error = (code: string) => expect.objectContaining({ name: "EntrepotError", code });
const model = "Data-Decision-ADM-ModelSnapshot_pyModelSnapshots";
const predictor = "Data-Decision-ADM-PredictorBinningSnapshot_pyADMPredictorSnapshots";

describe("an export", () => {
  let folder: string;
  let data: Depot;
  let close: () => Promise<void>;
  beforeEach(async () => {
    ({ folder, data, close } = await openPegaFolder());
  });
  afterEach(() => close());
  const read = (from: ExportSource, options: ReadExportOptions = {}) => readExport(from, { data, ...options });
  const values = (frame: Frame): Record<string, unknown>[] => frame.toRecords();
  const ids = (frame: Frame) => values(frame).map((row) => row["pyModelID"]);

  const three = modelRows(3);
  const text = lines(three);
  const shapes: Record<string, () => string | Uint8Array> = {
    "as lines of JSON": () => text,
    "as lines that end as on Windows, the last without an end": () => text.trimEnd().replaceAll("\n", "\r\n"),
    "with the mark of a text editor, and blank lines": () => `\uFEFF\n${text}\n\n`,
    "as an array": () => JSON.stringify(three),
    "as an array over many lines": () => `\n${JSON.stringify(three, null, 2)}\n`,
    "as pxResults": () => JSON.stringify({ pxResults: three }),
    "as pxResults between other fields, over many lines": () =>
      JSON.stringify({ pxObjClass: "Code-Pega-List", pyA: { pxResults: [1] }, pxResults: three, pxMore: [] }, null, 1),
    "as values over many lines": () => three.map((row) => JSON.stringify(row, null, 2)).join("\n"),
    "in a gzip": () => gzOf(text),
    "as an array in a gzip in a gzip": () => gzOf(gzOf(JSON.stringify(three))),
    "in a zip, as data.json": () => zipOf({ "META-INF/MANIFEST.mf": "x: y", "data.json": text, "other.json": "[]" }),
    "in a zip, in a folder": () => zipOf({ "a/b/data.json": text, "__MACOSX/a/b/._data.json": "x", "c.json": "" }),
    "in a zip, under another name": () => zipOf({ "readme.txt": "read me", "Models.json": JSON.stringify(three) }),
    "in a zip that holds a gzip": () => zipOf({ "export.json.gz": gzOf(text) }),
  };

  test.each(Object.keys(shapes))("%s is the table that it holds", async (shape) => {
    const expected = values(await read(Buffer.from(text)));
    expect(expected.map((row) => row["pyPositives"])).toEqual([0, 1, 2]);
    const path = await write(folder, "export.bin", shapes[shape]?.() ?? "");
    expect(values(await read(path))).toEqual(expected);
    // and as bytes, which have no name
    expect(values(await read(await readFile(path)))).toEqual(expected);
  });

  test("as Parquet or Arrow, in a zip or not, has its own types", async () => {
    const frame = pl.DataFrame({ pyModelID: ["a", "b"], pyPositives: [1, 2] }) as unknown as Frame;
    await data.writeTable(join(folder, "a.parquet"), frame);
    await data.writeTable(join(folder, "a.arrow"), frame);
    const parquet = await readFile(join(folder, "a.parquet"));
    await write(folder, "b.zip", zipOf({ "models.parquet": parquet }));
    await write(folder, "c.zip", zipOf({ "inner.zip": zipOf({ "data.json": lines([{ pyModelID: "c" }]) }) }));
    for (const name of ["a.parquet", "a.arrow", "b.zip"])
      expect(values(await read(join(folder, name)))).toEqual(values(frame));
    expect(ids(await read(join(folder, "c.zip")))).toEqual(["c"]);
  });

  test("as CSV has texts for models, dates for ISO dates, and nothing for NA, N/A and NULL", async () => {
    const csv = "PYMODELID,PYSNAPSHOTTIME,PYPOSITIVES,PYNAME\n0123,2021-06-01 08:23:26,NA,\n456,,7,NULL\n9e5,,N/A,x\n";
    const path = await write(folder, "PR_DATA_DM_ADMMART_MDL_FACT.csv", csv);
    expect(values(await read(path))).toEqual([
      { PYMODELID: "0123", PYSNAPSHOTTIME: new Date("2021-06-01T08:23:26Z"), PYPOSITIVES: null, PYNAME: null },
      { PYMODELID: "456", PYSNAPSHOTTIME: null, PYPOSITIVES: 7, PYNAME: null },
      { PYMODELID: "9e5", PYSNAPSHOTTIME: null, PYPOSITIVES: null, PYNAME: "x" },
    ]);
    for (const id of ["PyModelID", "pymodelid", "pxModelID", "ModelId"]) {
      const frame = await read(await write(folder, "ids.csv", `${id},n\n007,1\n`));
      expect(values(frame)).toEqual([{ [id]: "007", n: 1 }]);
    }
    const zipped = await write(folder, "csv.zip", zipOf({ "models.csv": csv }));
    expect((await read(zipped)).height).toBe(3);
  });

  test.skipIf(process.platform !== "linux")("that is damaged leaves no file open behind it", async () => {
    const paths = [await write(folder, "a.json", text), await write(folder, "cut.json.gz", gzOf(text).subarray(0, 60))];
    const spools = async () => {
      const open = await Promise.all(
        (await readdir("/proc/self/fd")).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => "")),
      );
      return open.filter((path) => path.includes("/entrepot-pega-") && !path.startsWith(folder));
    };
    await expect(read(paths)).rejects.toEqual(error("truncated"));
    expect(await spools()).toEqual([]);
  });

  test("of nothing has no rows and no columns", async () => {
    const empty = ["", zipOf({ "data.json": "", "META-INF/MANIFEST.mf": "x" }), "[]", '{"pxResults":[]}', gzOf("")];
    for (const body of empty) {
      const { height, width } = await read(await write(folder, "none", body));
      expect([height, width]).toEqual([0, 0]);
    }
  });

  test("keeps numbers as they are written: whole ones beyond 2^53 are not rounded", async () => {
    const frame = await read(Buffer.from('{"pxResults":[{"id":9007199254740993,"f":1.0},{"id":1,"f":2}]}'));
    expect([...rows(frame)]).toEqual([
      { id: 9007199254740993n, f: 1 },
      { id: 1n, f: 2 },
    ]);
  });

  test("that is damaged is malformed or truncated, by its own name, also among many", async () => {
    await write(folder, "a.json", text);
    const bad: Record<string, [string | Uint8Array, string]> = {
      "cut-array.json": [JSON.stringify(three).slice(0, -5), "malformed"],
      "cut-results.json": [JSON.stringify({ pxResults: three }).slice(0, -5), "malformed"],
      "cut-line.json": [text.slice(0, -9), "malformed"],
      "cut.json.gz": [gzOf(text).subarray(0, 60), "truncated"],
      "numbers.json": ["1\n2\n", "malformed"],
      "two.zip": [zipOf({ "a/data.json": text, "b/data.json": text }), "malformed"],
      "none.zip": [zipOf({ "readme.txt": "x" }), "malformed"],
      "empty.zip": ["", "malformed"],
      "page.zip": ["<!doctype html><title>Sign in</title>", "malformed"],
    };
    for (const [name, [body, code]] of Object.entries(bad)) {
      const path = await write(folder, name, body);
      const failure = expect.objectContaining({ code, uri: expect.stringContaining(name) });
      await expect(read(path)).rejects.toEqual(failure);
      await expect(read([join(folder, "a.json"), path])).rejects.toEqual(failure);
    }
  });

  test("that is one of many adds its rows, in their order, with the union of the columns", async () => {
    const first = await write(folder, "1.json", lines([{ a: 1, b: "x" }]));
    const second = await write(folder, "2.zip", zipOf({ "data.json": lines([{ a: 2.5, c: [1] }]) }));
    const third = await write(folder, "3.csv", "c_text,a\nfoo,7\n");
    const fourth = await write(folder, "4.json.gz", gzOf(lines([{ d: { e: 1 } }, { a: 3 }])));
    const frame = await read([first, second, third, fourth], { sourceColumn: "from" });
    expect(frame.columns).toEqual(["a", "b", "c", "c_text", "d", "from"]);
    expect(values(frame).map(({ a, b, from }) => [a, b, String(from).slice(-6)])).toEqual([
      [1, "x", "1.json"],
      [2.5, null, "/2.zip"],
      [7, null, "/3.csv"],
      [null, null, "son.gz"],
      [3, null, "son.gz"],
    ]);
    await expect(read([first], { sourceColumn: "a" })).rejects.toThrow(TypeError);
    await expect(read([])).rejects.toEqual(error("not-found"));
  });

  test("that has text where another has numbers makes both text", async () => {
    const texts = await write(folder, "1.csv", "v,w\nlow,1\n");
    const numbers = await write(folder, "2.json", '{"v":1.25,"w":2}\n{"v":900719925474099,"w":3}\n');
    for (const from of [
      [texts, numbers],
      [numbers, texts],
    ]) {
      const frame = await read(from);
      expect(new Set(values(frame).map(({ v }) => v))).toEqual(new Set(["low", "1.25", "900719925474099"]));
      expect(
        values(frame)
          .map(({ w }) => w)
          .sort(),
      ).toEqual([1, 2, 3]);
    }
  });

  test("of a folder is the newest of a table by the stamp in its name, else by its time", async () => {
    const put = (name: string, id: string) => write(folder, name, lines([{ pyModelID: id }]));
    const old = await put(exportName(model, 2, ".json"), "second");
    await put(exportName(model, 9, ".json").toUpperCase(), "ninth");
    await put(exportName(model, 8, ".json"), "eighth");
    await put(exportName(predictor, 20, ".json"), "predictor");
    await put("notes.json", "no export of a table");
    await put("readme.txt", "none at all");
    await utimes(old, Date.now() / 1000 + 1000, Date.now() / 1000 + 1000);
    expect(ids(await read(folder, { table: "modelSnapshot" }))).toEqual(["ninth"]);
    expect(ids(await read(`${folder}/`, { table: "predictorSnapshot" }))).toEqual(["predictor"]);
    const all = await read(folder, { table: "modelSnapshot", files: "all" });
    expect(ids(all).sort()).toEqual(["eighth", "ninth", "second"]);
    // the 1st of January 2099, without a stamp
    await utimes(await put("cached_modelData.json", "by time"), 4070908800, 4070908800);
    expect(ids(await read(folder, { table: "modelSnapshot" }))).toEqual(["by time"]);
    await expect(read(folder)).rejects.toEqual(
      expect.objectContaining({
        code: "malformed",
        message: expect.stringContaining("modelSnapshot, predictorSnapshot"),
        hint: expect.stringContaining("table:"),
      }),
    );
    await expect(read(folder, { table: "histogram" })).rejects.toEqual(error("not-found"));
    await expect(read(folder, { table: "models" as "snapshot" })).rejects.toThrow(/did you mean modelSnapshot/);
  });

  test("of a folder with exports of one table is the newest of these", async () => {
    await mkdir(join(folder, "sub"));
    for (const day of [3, 11, 7])
      await write(folder, exportName(model, day, ".json"), lines([{ pyModelID: `${day}` }]));
    expect(ids(await read(folder))).toEqual(["11"]);
    await expect(read(join(folder, "sub"))).rejects.toEqual(error("not-found"));
    await expect(read(join(folder, "nowhere"))).rejects.toEqual(error("not-found"));
  });

  test("is read again by what keeps it only when it is new or changed, and leaves with its file", async () => {
    const kept = join(folder, "kept");
    const inFolder = join(folder, "in");
    await mkdir(inFolder);
    const put = (day: number, id: string) =>
      write(inFolder, exportName(model, day, ".json"), lines([{ pyModelID: id, [`c${day}`]: day }]));
    for (const day of [1, 3, 5]) await put(day, `m${day}`);
    const asked = { table: "modelSnapshot", files: "all" } as const;
    const again = () => read(inFolder, { ...asked, incremental: kept });
    const anew = async () => values(await read(inFolder, asked));
    expect(values(await again())).toEqual(await anew());
    const parts = async () => (await readdir(kept)).filter((name) => name.endsWith(".parquet")).sort();
    const [only] = await parts();
    await put(6, "m6");
    await write(inFolder, exportName(model, 7, ".json"), "");
    expect(values(await again())).toEqual(await anew());
    expect(await parts()).toContain(only);
    expect((await parts()).length).toBe(2);
    // one that comes in between
    await put(2, "m2");
    expect(values(await again())).toEqual(await anew());
    await rm(join(inFolder, exportName(model, 6, ".json")));
    await put(3, "changed");
    await rm(join(inFolder, exportName(model, 5, ".json")));
    expect(ids(await again())).toEqual(["m1", "m2", "changed"]);
    const from = (await again()).columns;
    expect(from).not.toContain("source_file");
    const sourced = await read(inFolder, { ...asked, incremental: kept, sourceColumn: "source" });
    expect(values(sourced).map(({ source }) => String(source).replace(/^.*(_\d{8}).*$/, "$1"))).toEqual([
      "_20210601",
      "_20210602",
      "_20210603",
    ]);
    // the copy is plain Parquet, for whoever wants it
    const [part = ""] = await parts();
    expect((await data.readTable(join(kept, part), { format: "parquet" })).columns).toContain("source_file");
    for (const name of await readdir(kept)) await writeFile(join(kept, name), "damaged");
    expect(values(await again())).toEqual(await anew());
  });

  test("with text comes to numbers that were kept before, and all of them are text", async () => {
    const kept = join(folder, "kept");
    const first = await write(folder, "1.json", '{"v":1.25}\n');
    await read([first], { incremental: kept });
    const second = await write(folder, "2.json", '{"v":"low"}\n');
    for (const _ of [1, 2])
      expect(values(await read([first, second], { incremental: kept }))).toEqual([{ v: "1.25" }, { v: "low" }]);
  });

  test("is kept in few files, however often new ones come", async () => {
    const kept = join(folder, "kept");
    const all: string[] = [];
    for (let n = 0; n < 40; n += 1) {
      all.push(await write(folder, `${String(n).padStart(2, "0")}.json`, lines([{ n, [`own${n % 7}`]: n }])));
      const frame = await read(all, { incremental: kept });
      expect(values(frame).map((row) => row["n"])).toEqual(all.map((_, index) => index));
    }
    expect((await readdir(kept)).length).toBeLessThanOrEqual(18);
  });

  test("by options that there are none of is a mistake", async () => {
    await expect(read(Buffer.from("{}"), { incremental: folder })).rejects.toThrow(TypeError);
    await expect(read(folder, { tables: "x" } as object)).rejects.toThrow(/did you mean table/);
    await expect(read(folder, { files: "latest" as "all" })).rejects.toThrow(TypeError);
  });
});
