import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import pl from "nodejs-polars";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { entrepot } from "../../src/index.ts";
import { kinds } from "../queue/places.ts";
import { openServedWorld, type ServedWorld } from "./served-world.ts";

const [embedded] = kinds;
const named = (count: number) => Array.from({ length: count }, (_, at) => `c${at}`);
const wideCsv = (count: number, separator = ",") =>
  `${named(count).join(separator)}\n${named(count).fill("1").join(separator)}\n`;
const objectOf = (count: number) => Object.fromEntries(named(count).map((name) => [name, 1]));

describe("a look at a table", { timeout: 120_000 }, () => {
  let it: ServedWorld;
  let token: string;
  let run: string;
  const outputs: Record<string, string | Uint8Array> = {
    "wide.csv": wideCsv(200_000),
    "late.csv": `a,b\n1,2\n${"1,".repeat(200_000)}\n`,
    "wide.tsv": wideCsv(200_000, "\t"),
    "wide.csv.gz": gzipSync(wideCsv(200_000)),
    "wide.jsonl": `${JSON.stringify(objectOf(3_000))}\n`,
    "nested.jsonl": `{"a":${JSON.stringify(objectOf(3_000))}}\n`,
    "later.jsonl": named(3_000)
      .map((name) => `{"${name}":1}\n`)
      .join(""),
    "line.csv": new Uint8Array(6 * 1024 ** 2).fill(65),
    "bomb.csv.gz": gzipSync(Buffer.concat([Buffer.from("a\n"), Buffer.alloc(60_000_000, 65)])),
    "widest.csv": wideCsv(2_000),
    "quotes.csv": `a,b\n5,x\n"1,2\n3","y""z"\n7,w\n`,
    "long.csv": `a,b\n${`1,${"x".repeat(1_000_000)}\n`.repeat(10)}`,
    "rows.jsonl": '{"a":1,"b":{"c":2}}\n'.repeat(200),
  };

  beforeAll(async () => {
    it = await openServedWorld((embedded as NonNullable<typeof embedded>).open);
    token = await it.tokenOf("read");
    const started = await it.world.started({ policies: ["p"] });
    run = started.id;
    await using data = entrepot();
    const make = async (name: string, columns: number) => {
      const frame = pl.DataFrame(Object.fromEntries(named(columns).map((each) => [each, [1]])));
      await data.writeTable(pathToFileURL(join(it.dir, name)), frame);
      outputs[name] = await readFile(join(it.dir, name));
    };
    for (const format of ["parquet", "arrow", "pkl"]) {
      await make(`wide.${format}`, 3_000);
      await make(`fine.${format}`, 20);
    }
    outputs["wide.parquet.gz"] = gzipSync(outputs["wide.parquet"] ?? "");
    outputs["fine.parquet.gz"] = gzipSync(outputs["fine.parquet"] ?? "");
    outputs["bomb.arrow.gz"] = gzipSync(Buffer.alloc(64 * 1024 ** 2));
    outputs["broken.parquet"] = Buffer.concat([randomBytes(100), Buffer.from("\xff\xff\xff\x00PAR1", "latin1")]);
    await it.finish(started.tasks[0]?.id ?? "", outputs);
  }, 120_000);
  afterAll(async () => {
    await it.close();
    expect(it.internal).toEqual([]);
  });
  const look = async (path: string) =>
    (await it.ask(token, "GET", `/api/v1/runs/${run}/preview?policy=p&path=${path}`)).body;

  test.each([
    "wide.csv",
    "late.csv",
    "wide.tsv",
    "wide.csv.gz",
    "wide.jsonl",
    "nested.jsonl",
    "later.jsonl",
    "wide.parquet",
    "wide.parquet.gz",
    "wide.arrow",
    "wide.pkl",
  ])("that is very wide is not made: %s", async (path) => {
    expect(await look(path)).toEqual({
      kind: "none",
      reason: expect.stringMatching(/too wide to be shown, with (?:more than 2000|3000) columns; download it/),
    });
  });

  test.each([
    ["line.csv", /its rows are longer than \d+ bytes/],
    ["bomb.csv.gz", /its rows are longer than \d+ bytes/],
    ["bomb.arrow.gz", /too large/],
  ])("that would take very much is not made: %s", async (path, reason) => {
    expect(await look(path)).toEqual({ kind: "none", reason: expect.stringMatching(reason) });
  });

  test("that is not too wide is shown, whatever its format", async () => {
    for (const [path, columns, rows, isWhole] of [
      ["widest.csv", 200, 1, false],
      ["quotes.csv", 2, 3, true],
      ["long.csv", 2, 4, false],
      ["rows.jsonl", 2, 100, false],
      ["fine.parquet", 20, 1, true],
      ["fine.parquet.gz", 20, 1, true],
      ["fine.arrow", 20, 1, true],
      ["fine.pkl", 20, 1, true],
    ] as const) {
      const { kind, columns: shown = [], rows: cells = [], isWhole: said, ...rest } = await look(path);
      expect([path, kind, shown.length, cells.length, said, rest]).toEqual([path, "table", columns, rows, isWhole, {}]);
    }
    expect((await look("broken.parquet")).kind).toBe("none");
  });
});
