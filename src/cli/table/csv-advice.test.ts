import { expect, test } from "vitest";
import { adviceOn } from "./csv-advice.ts";

test.each<[columns: Record<string, (string | null)[]>, reading: object, advice: string | undefined]>([
  [{ "a;b": ["1;2"] }, {}, "one column: try --delimiter ';'"],
  [{ "a\tb": [] }, {}, "one column: try --delimiter \\t"],
  [{ "a;b": ["1;2"] }, { delimiter: "," }, undefined],
  [{ a: ["1;2"] }, {}, undefined],
  [{ a: ["x", "y", "z"], b: ["1,5", "-20", null] }, {}, "b is text: --decimal , reads it as numbers"],
  [{ a: ["1,5", "x"] }, {}, undefined],
  [{ a: ["007", "12"] }, {}, undefined],
  [{ a: [null, null] }, {}, undefined],
  [{ a: ["1,5"] }, { decimal: "." }, undefined],
])("of the texts %j read with %j the advice is %j", (texts, reading, advice) => {
  const columns = Object.keys(texts).map((name) => ({ name, type: { kind: "string" } as const }));
  const length = Object.values(texts)[0]?.length ?? 0;
  const few = Array.from({ length }, (_, row) =>
    Object.fromEntries(Object.entries(texts).map(([name, cells]) => [name, cells[row] ?? null])),
  );
  expect(adviceOn(columns, few, reading)).toBe(advice);
});
