import { expect, test } from "vitest";
import type { SkippedEntry, UnpackEntry } from "./entry.ts";
import { distinctEntries } from "./similar-names.ts";

async function* entries(paths: readonly string[]): AsyncGenerator<UnpackEntry | SkippedEntry> {
  for (const path of paths) {
    if (path.startsWith("link:")) yield { path: path.slice(5), kind: "link" };
    else {
      const bytes = (async function* () {})();
      yield { path, kind: "file", sizeBytes: 0, modifiedMs: undefined, isExecutable: false, bytes };
    }
  }
}

/** The code, or how many entries came through. */
async function said(...paths: string[]): Promise<string | number> {
  let count = 0;
  try {
    for await (const _ of distinctEntries(entries(paths), "a.zip")) count += 1;
  } catch (error) {
    return (error as { code: string }).code;
  }
  return count;
}

test.each<[string, string]>([
  ["A", "a"],
  ["read.ME", "READ.me"],
  ["\u00e9", "e\u0301"],
  ["\ufb00", "ff"],
  ["\u212a", "k"],
  ["\u03a3.txt", "\u03c2.txt"],
  ["\uff21", "a"],
  ["Docs/a", "docs/b"],
  ["deep/Er/x", "deep/er/x"],
  ["Docs/a/b", "docs"],
])("%j and %j are one name for some disks", async (one, other) => {
  expect(await said(one, "between", other)).toBe("unrepresentable-name");
  expect(await said(other, "between", one)).toBe("unrepresentable-name");
});

test("names that differ by more are left alone, and so are links that are not written", async () => {
  expect(await said("a", "b", "deep/a", "deep/b", "other/a", "deep/c", "a.b", "Stra\u00dfe", "strasse")).toBe(9);
  expect(await said("a", "link:A")).toBe(2);
  // twice the same is for whoever writes it
  expect(await said("a", "a")).toBe(2);
});
