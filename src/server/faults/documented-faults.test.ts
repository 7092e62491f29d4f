/** The page about faults shows lines that are understood, and leaves none out. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { effectNameOf, effectNames } from "./effect-uses.ts";
import { listingFaults } from "./effect-values.ts";
import { parseFaults } from "./parse-faults.ts";

const page = readFileSync(new URL("../../../docs/faults.md", import.meta.url), "utf8");
const effects = page.slice(page.indexOf("## Refusals"));
const lines = [...effects.matchAll(/^\| `([^`]+)` \|/gm)].map(([, line = ""]) => line);

test("its tables name every effect, and every fault of listings", () => {
  const faults = parseFaults(lines.join("\n"), "docs/faults.md");
  expect(faults).toHaveLength(lines.length);
  const shown = new Set(faults.map(({ effect }) => effectNameOf(effect)));
  expect(effectNames.filter((name) => !shown.has(name))).toEqual([]);
  const listings = new Set(faults.flatMap(({ effect }) => ("listing" in effect ? [effect.listing] : [])));
  expect(listingFaults.filter((name) => !listings.has(name))).toEqual([]);
});

test("its example is a file of faults", () => {
  const [, example = ""] = /```text\n([\s\S]*?)```/.exec(page) ?? [];
  expect(parseFaults(example, "docs/faults.md")).toHaveLength(4);
});

test("its words for limits are understood", () => {
  const limits =
    'bucket photos-* query prefix=data/** query uploads header range="bytes=0-*" x3 after 2 10% for 20s # …';
  expect(parseFaults(`GET 503 ${limits}`, "docs/faults.md")).toHaveLength(1);
  for (const target of ["data/*.csv", "{a,b}/?", "/^data\\//i", '"a b"', "s3://photos", "s3://photos/data/**"]) {
    expect(parseFaults(`GET ${target} 503 once`, "docs/faults.md")).toHaveLength(1);
  }
});
