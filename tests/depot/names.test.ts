/** Names that a disk cannot hold: found before anything is written, or mapped and restored. */
import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Depot, EntrepotError } from "entrepot";
import { hostileKeys } from "entrepot/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hostile } from "../hostile-inputs.ts";
import { openS3 } from "./backends.ts";

type Bench = Awaited<ReturnType<typeof openS3>>;
let bench: Bench;
let data: Depot;
let dest: string;
beforeEach(async () => {
  bench = await openS3(false);
  data = bench.data;
  dest = join(bench.folder, "dest");
});
afterEach(() => bench.close());

const write = async (...keys: readonly string[]) => {
  await Promise.all(keys.map((key) => data.writeText({ bucket: "b", key }, key)));
};
const keysBelow = async (uri: string) => (await data.list(uri).toArray()).map(({ path }) => path);
const thrown = async (promise: Promise<unknown>): Promise<EntrepotError> => {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(EntrepotError);
  return error as EntrepotError;
};

/** Written and refused by hand: each cannot lie beside `ok.txt` in a folder of a disk. */
const impossible = [
  "a/b",
  "c//d",
  "e/",
  "./f",
  "g/./h",
  "i/../j",
  "../k",
  "/l",
  `m/${"n".repeat(256)}`,
  `${"o/".repeat(500)}..`,
  "p\u0000q",
  "..\\r",
  ".entrepot-0123456789abcdef0123456789abcdef.tmp",
];

describe("by default", () => {
  test("one error names every object that the disk cannot hold, before anything is written", async () => {
    await write("src/ok.txt", "src/a", ...impossible.map((key) => `src/${key}`));
    bench.s3.clearRequests();
    const error = await thrown(data.copy("s3://b/src/", `${dest}/`));
    expect(error.code).toBe("unrepresentable-name");
    expect(error.failures.map(({ uri }) => uri).sort()).toEqual(
      impossible.map((key) => data.resolve({ bucket: "b", key: `src/${key}` })).sort(),
    );
    expect(error.message).toMatch(/^13 objects cannot .*, and 8 more$/s);
    expect(error.hint).toContain("--names map");
    await expect(readdir(dest)).rejects.toThrow("ENOENT");
    expect(bench.s3.requests.map(({ operation }) => operation)).not.toContain("GetObject");
    const planned = await thrown(data.copy("s3://b/src/", `${dest}/`, { dryRun: true }));
    expect(planned.message).toBe(error.message);
  });

  test.each([
    [
      ["a", "a!", "a!/x", "a/b"],
      ["a!/x", "a/b"],
    ],
    [["a/b/c", "a/b"], ["a/b/c"]],
    [["a!", "a-", "a/b"], []],
  ])("of %j those cannot lie in a folder: %j", async (keys, refused) => {
    await write(...keys);
    const report = await data.copy("s3://b/", `${dest}/`, { onError: "ignore" });
    expect(report.failed.map(({ uri }) => uri.slice("s3://b/".length))).toEqual(refused);
    expect(report.copied.objects).toBe(keys.length - refused.length);
  });

  test("a file that is there already is in the way of a folder, and the other way round", async () => {
    await write("src/a/b", "src/c", "src/d");
    await mkdir(join(dest, "c", "deep"), { recursive: true });
    await mkdir(join(dest, "d", "empty"), { recursive: true });
    await writeFile(join(dest, "a"), "mine");
    await writeFile(join(dest, "c", "deep", "x"), "mine");
    const error = await thrown(data.copy("s3://b/src/", `${dest}/`));
    expect(error.failures.map(({ uri }) => uri)).toEqual(["s3://b/src/a/b", "s3://b/src/c"]);
    expect(await readFile(join(dest, "a"), "utf8")).toBe("mine");
    // folders that hold nothing give way
    expect((await data.copy("s3://b/src/d", `${dest}/`)).copied.objects).toBe(1);
  });

  test("two that a new suffix makes one are found, and neither replaces the other", async () => {
    await write("z/a.csv");
    await data.writeText("s3://b/z/a.csv.gz", "x", { compress: "gzip" });
    for (const to of [`${dest}/`, "s3://b/plain/"]) {
      const error = await thrown(data.copy("s3://b/z/", to, { decompress: true }));
      expect(error.code, to).toBe("already-exists");
      expect(error.failures.map(({ uri }) => uri)).toEqual(["s3://b/z/a.csv.gz"]);
    }
  });

  test("a move takes what marks a folder along, and makes no file of it", async () => {
    await write("m/dir/x");
    await data.writeText({ bucket: "b", key: "m/dir/" }, "");
    await data.writeText({ bucket: "b", key: "m/" }, "");
    await data.move("s3://b/m/", `${dest}/`);
    expect(await readdir(dest, { recursive: true })).toEqual(["dir", "dir/x"]);
    expect(await data.exists("s3://b/m/")).toBe(false);
  });
});

describe("with names: map", () => {
  test("ordinary keys stay unchanged, and leave no list of names", async () => {
    const keys = ["src/a.csv", "src/A.csv", "src/b c/d+%20.csv", "src/ü/.hidden"];
    await write(...keys);
    await data.copy("s3://b/src/", `${dest}/`, { names: "map" });
    expect(await keysBelow(`${dest}/`)).toEqual(keys.map((key) => key.slice(4)).sort());
  });

  test.each(["map", "portable"] as const)("%s: every hostile key comes back as exactly itself", async (names) => {
    const all = new Set([
      ...impossible,
      "a",
      ...hostileKeys,
      ...hostile.keys,
      ...hostile.key_pairs_that_must_not_collide.flat(),
    ]);
    const keys = [...all].filter((key) => isLegal(key));
    await write(...keys.map((key) => `src/${key}`));
    const before = await readdir(bench.folder);
    const report = await data.copy("s3://b/src/", `${dest}/`, { names });
    expect(report.copied.objects).toBe(keys.length);
    expect((await readdir(bench.folder)).sort()).toEqual([...before, "dest"].sort());
    for (const name of await readdir(dest, { recursive: true })) {
      const isForAll = [...name].every((character) => character >= " " && !'<>:"\\|?*'.includes(character));
      if (names === "portable") expect(isForAll, name).toBe(true);
    }
    await data.copy(`${dest}/`, "s3://b/back/", { names });
    const back = await data.list("s3://b/back/").toArray();
    expect(back.map(({ path }) => path).sort()).toEqual([...keys].sort());
    const texts = await Promise.all(back.map(({ path }) => data.readText({ bucket: "b", key: `back/${path}` })));
    expect(texts).toEqual(back.map(({ path }) => `src/${path}`));
  });

  test("the list of names says for each what it stands for, once, however often it is copied", async () => {
    await write("src/a", "src/a/b", "src/c//d", "src/plain");
    for (const _ of [1, 2]) await data.copy("s3://b/src/", `${dest}/`, { names: "map" });
    const [head, ...lines] = (await readFile(join(dest, ".entrepot-names.ndjson"), "utf8")).trim().split("\n");
    expect(JSON.parse(head ?? "")).toEqual({ entrepot: "names", version: 1, rules: "posix" });
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { path: "\u201b~1~a/b", key: "a/b" },
      { path: "c/\u201be/d", key: "c//d" },
    ]);
    expect(await readFile(join(dest, "\u201b~1~a/b"), "utf8")).toBe("src/a/b");
    await write("src/e//f");
    await data.copy("s3://b/src/e/", `${dest}/e/`, { names: "map" });
    await data.copy(`${dest}/`, "s3://b/back/", { names: "map" });
    expect(await keysBelow("s3://b/back/")).toEqual(["a", "a/b", "c//d", "e//f", "plain"]);
  });

  test("names that were given stay when only some are copied again", async () => {
    await write("src/a", "src/a/b");
    await data.copy("s3://b/src/", `${dest}/`, { names: "map" });
    await data.remove("s3://b/src/a");
    await data.writeText("s3://b/src/a/b", "new");
    await data.copy("s3://b/src/", `${dest}/`, { names: "map" });
    expect(await readFile(join(dest, "\u201b~1~a/b"), "utf8")).toBe("new");
    expect((await readdir(dest)).sort()).toEqual([".entrepot-names.ndjson", "a", "\u201b~1~a"]);
  });

  test("a move back takes the list of names away, once everything has come", async () => {
    await write("src/c//d", "src/e");
    await data.copy("s3://b/src/", `${dest}/`, { names: "map" });
    bench.s3.inject({ operation: "PutObject", key: "back/e", effect: { status: 403, code: "AccessDenied" } });
    await thrown(data.move(`${dest}/`, "s3://b/back/", { names: "map" }));
    expect(await keysBelow(`${dest}/`)).toEqual([".entrepot-names.ndjson", "e"]);
    await data.move(`${dest}/`, "s3://b/back/", { names: "map" });
    expect(await keysBelow(`${dest}/`)).toEqual([]);
    expect(await keysBelow("s3://b/back/")).toEqual(["c//d", "e"]);
  });

  test("a folder of somebody else's, without a list of names, keeps its names", async () => {
    await mkdir(dest);
    await writeFile(join(dest, "x\u201be"), "x");
    await data.copy(`${dest}/`, "s3://b/up/", { names: "map" });
    expect(await keysBelow("s3://b/up/")).toEqual(["x\u201be"]);
  });

  test("a dry run writes nothing, and a copy that is refused leaves no list", async () => {
    await write("src/c//d", `src/${"\u0001/".repeat(300)}\u0000${"x/../".repeat(80)}y`);
    await data.copy("s3://b/src/", `${dest}/`, { names: "map", dryRun: true });
    await expect(readdir(dest)).rejects.toThrow("ENOENT");
  });

  test("a list of names that is none is an error, and stays", async () => {
    await write("src/c//d");
    await mkdir(dest);
    await writeFile(join(dest, ".entrepot-names.ndjson"), "no JSON\n");
    await expect(data.copy("s3://b/src/", `${dest}/`, { names: "map" })).rejects.toMatchObject({ code: "malformed" });
    expect(await readdir(dest)).toEqual([".entrepot-names.ndjson"]);
  });

  test("an object of the name of the list is mapped, too", async () => {
    await write("src/.entrepot-names.ndjson", "src/x");
    await data.copy("s3://b/src/", `${dest}/`, { names: "map" });
    await data.copy(`${dest}/`, "s3://b/back/", { names: "map" });
    expect(await keysBelow("s3://b/back/")).toEqual([".entrepot-names.ndjson", "x"]);
    expect(await data.readText("s3://b/back/.entrepot-names.ndjson")).toBe("src/.entrepot-names.ndjson");
  });

  test("a link in the target still leads no mapped file out of it", async () => {
    await write("src/sub//x");
    await mkdir(dest);
    await mkdir(join(bench.folder, "outside"));
    await symlink(join(bench.folder, "outside"), join(dest, "sub"));
    const report = await data.copy("s3://b/src/", `${dest}/`, { names: "map", onError: "ignore" });
    expect(report.failed.map(({ error }) => error?.code)).toEqual(["unsafe-key"]);
    expect(await readdir(join(bench.folder, "outside"))).toEqual([]);
  });
});

/** What this server takes as a key below `src/`. */
function isLegal(key: string): boolean {
  return key !== "" && (key as string & { isWellFormed(): boolean }).isWellFormed() && Buffer.byteLength(key) <= 1_000;
}

describe("an object with the name of the list of names", () => {
  const name = ".entrepot-names.ndjson";

  test("is mapped at any depth, comes back, and moves like any other", async () => {
    await write(`src/f/${name}`, `src/${name}`, "src/f/keep");
    await data.copy("s3://b/src/", `${dest}/`, { names: "map" });
    await data.copy(`${dest}/`, "s3://b/back/", { names: "map" });
    expect(await keysBelow("s3://b/back/")).toEqual([name, `f/${name}`, "f/keep"]);
    expect(await data.readText(`s3://b/back/f/${name}`)).toBe(`src/f/${name}`);
    await data.move(`${dest}/`, "s3://b/moved/", { names: "map" });
    expect(await keysBelow("s3://b/moved/")).toEqual([name, `f/${name}`, "f/keep"]);
  });

  test("that is no such list is a file as any other, on the way back, too", async () => {
    await mkdir(join(dest, "f"), { recursive: true });
    await writeFile(join(dest, "f", name), "notes");
    await data.move(`${dest}/`, "s3://b/moved/", { names: "map" });
    expect(await data.readText(`s3://b/moved/f/${name}`)).toBe("notes");
  });
});
