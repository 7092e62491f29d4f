import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type PickledFrame, RefusedObject } from "../index.ts";
import { keptPickleOf, pickleOf } from "./read.ts";

/** Frames with a column `a` of 1 and 2, and one `p` of a class that is no plain data: by pandas, by name, as base64. */
const frames: Record<string, Record<string, string>> = JSON.parse(
  readFileSync(new URL("../../../tests/fixtures/odd-columns.json", import.meta.url), "utf8"),
);
const withColumn = ["period", "interval", "sparse", "complex", "fraction", "periods as objects", "cut"];

describe.each(Object.entries(frames))("a frame of pandas %s", (_, pickles) => {
  const bytes = (name: string) => Buffer.from(pickles[name] ?? "", "base64");

  test.each(withColumn)("with a column of another class is an error that names both: %s", (name) => {
    expect(() => pickleOf(bytes(name))).toThrow(
      expect.objectContaining({
        code: "unsupported",
        message: expect.stringMatching(/holds a [\w. ]+ in the column "p"/),
        hint: expect.stringContaining("readTable with { columns }"),
      }),
    );
  });

  test.each(withColumn)("keeps its other columns for those who ask for them: %s", (name) => {
    const frame = keptPickleOf(bytes(name)) as PickledFrame;
    expect(frame.columns[0]).toMatchObject({ name: "a", values: BigInt64Array.of(1n, 2n) });
    const odd = frame.columns.find((column) => column.name === "p");
    expect(odd?.kind === "object" && odd.values[0]).toBeInstanceOf(RefusedObject);
    expect(odd?.values).toHaveLength(2);
  });

  test.each(["period index", "interval index"])("with an odd index is an error that says so: %s", (name) => {
    expect(() => pickleOf(bytes(name))).toThrow(/Index in the index, which is not plain data/);
    expect((keptPickleOf(bytes(name)) as PickledFrame).columns[0]?.values).toEqual(BigInt64Array.of(1n, 2n));
  });

  test("within other values is found, too", () => {
    expect(() => pickleOf(bytes("nested"))).toThrow(/PeriodArray in the column "p"/);
  });

  test("has what classes say where they say something", () => {
    const hint = (classes: Record<string, () => unknown>): string => {
      try {
        const frame = pickleOf(bytes("period"), { classes }) as PickledFrame;
        return String(frame.columns.find(({ name }) => name === "p")?.values);
      } catch (error) {
        const { hint = "" } = error as { hint?: string };
        const [, name = ""] = /classes: \{ "([^"]+)"/.exec(hint) ?? [];
        return hint === "" || name in classes ? String(error) : readingAlso(name, classes);
      }
    };
    const readingAlso = (name: string, classes: Record<string, () => unknown>) =>
      hint({ ...classes, [name]: () => (name.endsWith("Array") ? ["2020-01", "2020-02"] : null) });
    expect(hint({})).toBe("2020-01,2020-02");
  });
});
