import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { expect, test } from "vitest";
import { checkEngine, engineRead, engineWrite } from "./engine-options.ts";

const folder = path.dirname(createRequire(import.meta.url).resolve("nodejs-polars"));
const declared = ["io.d.ts", "types.d.ts"].map((name) => readFileSync(path.join(folder, name), "utf8")).join("\n");

test.each([
  ["ScanCsvOptions", engineRead.csv],
  ["ScanJsonOptions", engineRead.jsonl],
  ["ReadParquetOptions", engineRead.parquet],
  ["ScanIPCOptions", engineRead.arrow],
  ["CsvWriterOptions", engineWrite.csv],
  ["SinkJsonOptions", engineWrite.jsonl],
  ["SinkParquetOptions", engineWrite.parquet],
  ["SinkIpcOptions", engineWrite.arrow],
])("the names are those of %s in the polars that is installed", (name, names) => {
  const [, body = ""] = new RegExp(`export interface ${name} \\{([\\s\\S]*?)\\n\\}`).exec(declared) ?? [];
  const fields = [...body.replace(/\/\*[\s\S]*?\*\//g, "").matchAll(/^ {4}(\w+)\??:/gm)].map(([, field]) => field);
  expect(names).toEqual(fields);
});

test("a name that polars does not have is refused, with the one that was meant", () => {
  expect(() => checkEngine("readTable", "csv", { bogus: 1 }, engineRead)).toThrow(
    /engine of readTable\(\) for csv has no option "bogus"/,
  );
  expect(() => checkEngine("readTable", "csv", { skipRowsAfterHeadr: 1 }, engineRead)).toThrow(
    /did you mean skipRowsAfterHeader/,
  );
  expect(() => checkEngine("writeTable", "parquet", { statistic: true }, engineWrite)).toThrow(/statistics/);
  expect(() => checkEngine("readTable", "pickle", undefined, engineRead)).not.toThrow();
});
