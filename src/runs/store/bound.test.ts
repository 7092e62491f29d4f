import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Database } from "../../queue/index.ts";
import { boundDatabase, type Value } from "./bound.ts";

const asked: unknown[] = [];
const database = boundDatabase({
  query: async (_text: string, values: readonly unknown[]) => {
    asked.push(...values);
    return [];
  },
} as unknown as Database);

test.each([
  [{ id: 1 }],
  [[1, 2]],
  [{ toSqlString: () => "1; DROP TABLE runs" }],
  [undefined],
  [() => 1],
  [new Date(0)],
  [1n],
  [Number.NaN],
  ["a\0b"],
])("what is no plain value does not reach the driver: %o", async (value) => {
  asked.length = 0;
  await expect(database.query("SELECT $1", [value as unknown as Value])).rejects.toThrow(/database of runs/);
  expect(asked).toEqual([]);
});

test("plain values reach it as they are, bytes as bytes", async () => {
  asked.length = 0;
  const hostile = ["'; DROP TABLE runs; --", "$1", "\\", "%_", "ünï", "\u2028", 1, true, null];
  await database.query("SELECT $1", [...(hostile as Value[]), new Uint8Array([1, 2]).subarray(1)]);
  expect(asked).toEqual([...hostile, Buffer.from([2])]);
});

/** A statement that is no fixed text: one with a place in it, or what is none of the constants that hold one. */
const built =
  /\.query(?:<[^(]*>)?\((?:\s*`[^`]*\$\{|(?!\s*(?:[`"]|(?:applied|modelRows|versionRows|migration\.text|text)\b)))/;

test("no statement of this folder is put together from values", () => {
  expect(
    ["sql.query(`SELECT $".concat("{name}`)"), 'sql.query<Row>(\n  "SELECT")', "sql.query(statement)"].map((text) =>
      built.test(text),
    ),
  ).toEqual([true, false, true]);
  const folder = import.meta.dirname;
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
    /(?<!\.test)\.ts$/.test(file),
  );
  expect(files.length).toBeGreaterThan(10);
  expect(files.filter((file) => built.test(readFileSync(join(folder, file), "utf8")))).toEqual([]);
});
