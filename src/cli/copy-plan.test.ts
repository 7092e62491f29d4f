import { expect, it } from "vitest";
import { planCopy } from "./copy-plan.ts";
import { UsageError } from "./usage-error.ts";

const folders = { exists: async (address: unknown) => ["s3://b/dir/", "./data/"].includes(String(address)) };
const plan = (recursive: boolean, ...words: string[]) =>
  planCopy(folders, words.slice(0, -1), words.at(-1) ?? "", recursive);

it.each([
  ["an object to a name", false, ["s3://b/k", "./k2"], [{ from: "s3://b/k", to: "./k2" }]],
  ["an object into a folder", false, ["s3://b/k", "./in/"], [{ from: "s3://b/k", to: "./in/" }]],
  ["an object here", false, ["s3://b/k", "."], [{ from: "s3://b/k", to: "./" }]],
  ["an object one up", false, ["s3://b/k", "../.."], [{ from: "s3://b/k", to: "../../" }]],
  ["several into a folder, in one call", false, ["a", "b", "s3://b/in/"], [{ from: ["a", "b"], to: "s3://b/in/" }]],
  ["a folder's contents", true, ["s3://b/dir/", "./in/"], [{ from: "s3://b/dir/", to: "./in/" }]],
  ["a folder's contents to a name", true, ["s3://b/dir/", "./in"], [{ from: "s3://b/dir/", to: "./in/" }]],
  ["a folder itself", true, ["s3://b/dir", "./in/"], [{ from: "s3://b/dir/", to: "./in/dir/" }]],
  ["a folder under another name", true, ["./data", "s3://b/new"], [{ from: "./data/", to: "s3://b/new/" }]],
  ["what lies here", true, [".", "s3://b/in/"], [{ from: "./", to: "s3://b/in/" }]],
  ["an object, with -r", true, ["s3://b/k", "./in/"], [{ from: "s3://b/k", to: "./in/" }]],
  ["a key that ends in two dots", false, ["s3://b/x/..", "./in/"], [{ from: "s3://b/x/..", to: "./in/" }]],
])("copies %s", async (_, recursive, words, steps) => {
  expect(await plan(recursive, ...words)).toEqual(steps);
});

it.each([
  ["a folder without -r", ["s3://b/dir/", "./in/"], "add -r"],
  ["several sources into one name", ["a", "b", "s3://b/in"], "write s3://b/in/"],
])("refuses %s", async (_, words, hint) => {
  const error = await plan(false, ...words).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(UsageError);
  expect((error as UsageError).hint).toContain(hint);
});
