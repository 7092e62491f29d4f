import { describe, expect, it } from "vitest";
import { type CopyStep, type CopyWorld, planCopy } from "./copy-plan.ts";
import { UsageError } from "./usage-error.ts";

const here = ["./data/", "./data", "./there", "there"];
const entry = (uri: string, path: string) => ({ kind: uri.endsWith("/") ? "folder" : "object", uri, path });
const matching = [entry("s3://b/x.csv", "x.csv"), entry("s3://b/run/", "run/"), entry("s3://b/run/y.csv", "run/y.csv")];
const world = {
  depot: {
    exists: async (address: unknown) => ["s3://b/dir/", "./data/"].includes(String(address)),
    glob: (_: unknown, { kind }: { kind?: string } = {}) =>
      (async function* () {
        yield* matching.filter((match) => kind === "any" || match.kind === kind);
      })(),
  } as unknown as CopyWorld["depot"],
  isLocalFolder: async (address: string) => here.includes(address),
  isBegun: async (from: string, to: string, instead: string) =>
    from === "s3://b/begun/" && to === "there/" && instead === "there/begun/",
};
const plan = (recursive: boolean, ...words: string[]) =>
  planCopy(world, { sources: words.slice(0, -1), target: words.at(-1) ?? "", recursive, glob: false });
const planGlob = (recursive: boolean, ...words: string[]) =>
  planCopy(world, { sources: words.slice(0, -1), target: words.at(-1) ?? "", recursive, glob: true });

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
  ["an object into a folder that is here", false, ["s3://b/k", "./there"], [{ from: "s3://b/k", to: "./there/" }]],
  ["several into one", false, ["s3://b/k", "s3://b/l", "there"], [{ from: ["s3://b/k", "s3://b/l"], to: "there/" }]],
  ["a folder itself into one", true, ["s3://b/dir", "./there"], [{ from: "s3://b/dir/", to: "./there/dir/" }]],
  [
    "on with a folder that was to become the target",
    true,
    ["s3://b/begun", "there"],
    [{ from: "s3://b/begun/", to: "there/" }],
  ],
  ["a folder's contents into one", true, ["s3://b/dir/", "./there"], [{ from: "s3://b/dir/", to: "./there/" }]],
  ["a key that ends in two dots", false, ["s3://b/x/..", "./in/"], [{ from: "s3://b/x/..", to: "./in/" }]],
])("copies %s", async (_, recursive, words, steps) => {
  expect(await plan(recursive, ...words)).toEqual(steps);
});

it.each([
  ["a folder without -r", ["s3://b/dir/", "./in/"], "add -r"],
  ["a folder that is here without -r", ["./data", "s3://b/in/"], "add -r"],
  ["several sources into one name", ["a", "b", "s3://b/in"], "write s3://b/in/"],
])("refuses %s", async (_, words, hint) => {
  const error = await plan(false, ...words).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(UsageError);
  expect((error as UsageError).hint).toContain(hint);
});

describe("patterns", () => {
  it("are what matches, listed when it is copied", async () => {
    const [step, ...more] = await planGlob(false, "s3://b/**", "./in/");
    expect(more).toEqual([]);
    expect(step?.to).toBe("./in/");
    expect(await urisOf(step)).toEqual(["s3://b/x.csv", "s3://b/run/y.csv"]);
  });

  it("with -r are folders, too, each under its own name and nothing in them twice", async () => {
    const [objects, ...folders] = await planGlob(true, "s3://b/**", "./there");
    expect(await urisOf(objects)).toEqual(["s3://b/x.csv"]);
    expect(folders).toEqual([{ from: "s3://b/run/", to: "./there/run/" }]);
  });

  it("go into a folder", async () => {
    await expect(planGlob(false, "s3://b/*", "s3://b/in")).rejects.toMatchObject({ hint: "write s3://b/in/" });
  });
});

async function urisOf(step: CopyStep | undefined): Promise<string[]> {
  const uris: string[] = [];
  for await (const item of (step?.from ?? []) as AsyncIterable<{ readonly uri: string }>) uris.push(item.uri);
  return uris;
}
