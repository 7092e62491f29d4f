import { expect, test } from "vitest";
import { namedTables } from "./query.ts";

test.each<[operands: string[], tables: [string, string][]]>([
  [
    ["a.csv", "b.csv"],
    [
      ["t", "a.csv"],
      ["t2", "b.csv"],
    ],
  ],
  [
    ["s=s3://b/a.csv", "b.csv"],
    [
      ["s", "s3://b/a.csv"],
      ["t", "b.csv"],
    ],
  ],
  [
    ["s=a.csv", "u=./x/b.csv", "v=/c.csv"],
    [
      ["s", "a.csv"],
      ["u", "./x/b.csv"],
      ["v", "/c.csv"],
    ],
  ],
  [["year=2024/x.parquet"], [["t", "year=2024/x.parquet"]]],
])("%j", (operands, tables) => {
  expect([...namedTables(operands)]).toEqual(tables);
});

test("a name that two tables have is a mistake in the call", () => {
  expect(() => namedTables(["s=a.csv", "s=b.csv"])).toThrow(/two tables are called s/);
  expect(() => namedTables(["t=a.csv", "b.csv"])).toThrow(/two tables are called t/);
});
