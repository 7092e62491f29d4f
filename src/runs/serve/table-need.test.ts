import { expect, test } from "vitest";
import { loadPolars } from "../../table/index.ts";
import type { Preview } from "./preview-form.ts";
import { withTableNeed } from "./table-need.ts";

const text: Preview = { kind: "text", text: "a,b\n1,2\n", isWhole: true };
const none: Preview = { kind: "none", reason: "it is no text, table or picture" };
const without = () => loadPolars(() => Promise.reject(new Error("Cannot find package 'nodejs-polars'")));

test.each([
  { path: "result.csv", preview: text, needs: "nodejs-polars" },
  { path: "out/result.parquet", preview: none, needs: "nodejs-polars" },
  { path: "notes.txt", preview: text, needs: undefined },
  { path: "settings.json", preview: text, needs: undefined },
])("without the package that reads tables, $path says what it needs: $needs", async ({ path, preview, needs }) => {
  const shown = await withTableNeed(preview, { path, sizeBytes: 8 }, without);
  expect(shown).toEqual(needs === undefined ? preview : { ...preview, needs });
});

test("an empty table needs nothing, nor one that is no table where the package is", async () => {
  expect(await withTableNeed(none, { path: "a.parquet", sizeBytes: 0 }, without)).toEqual(none);
  expect(await withTableNeed(text, { path: "a.csv", sizeBytes: 8 })).toEqual(text);
});
