import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { entrepot } from "./entrepot.ts";
import { verbOptions } from "./verb-options.ts";

const data = entrepot({ roots: { m: "memory:///" }, location: "m", cache: false, env: {}, envFile: false });
afterAll(() => data.close());

type Verb = (...given: unknown[]) => unknown;

/** What a call says, with options where they belong; `undefined` when it says nothing. */
async function said(verb: string, options: unknown): Promise<unknown> {
  const [room, name] = verb.startsWith("cache.") ? [data.cache, verb.slice(6)] : [data, verb];
  const call = (room as unknown as Record<string, Verb>)[name] as Verb;
  const [at = 0] = verbOptions[verb] ?? [];
  // "x" is a fitting first argument of all; where there are two, the mistake comes before anybody looks at the second
  const given = ["x", "y"].slice(0, at);
  try {
    const outcome = await call(...given, options);
    return outcome;
  } catch (error) {
    return error;
  }
}

function mistake(message: string, Kind: typeof TypeError | typeof RangeError = TypeError) {
  return expect.objectContaining({ name: Kind.name, message });
}

describe("a switch is true or false", () => {
  beforeEach(async () => void (await data.writeText("dir/a", "x")));

  const switches = Object.entries({
    dryRun: ["remove", "move", "copy", "cache.prune", "cache.clear"],
    recursive: ["remove"],
    prefix: ["list", "usage"],
    raw: ["readCsv"],
    decompress: ["copy"],
    repair: ["cache.verify"],
  }).flatMap(([name, verbs]) => verbs.map((verb) => [name, verb] as const));

  test.each(switches)("%s of %s() takes nothing that looks like one", async (name, verb) => {
    for (const [value, shown] of [
      ["true", '"true"'],
      ["yes", '"yes"'],
      [1, "1"],
      [0, "0"],
      [null, "null"],
    ]) {
      expect(await said(verb, { [name]: value })).toEqual(
        mistake(`${name} of ${verb}() is true or false, not ${shown}`),
      );
    }
    expect(String(await said(verb, { [name]: undefined }))).not.toMatch(/true or false/);
  });

  test.each(["true", 1, "yes"])("dryRun: %j removes and moves nothing", async (dryRun) => {
    const options = { recursive: true, dryRun } as never;
    await expect(data.remove("dir/", options)).rejects.toThrow(TypeError);
    await expect(data.move("dir/", "other/", { dryRun } as never)).rejects.toThrow(TypeError);
    expect(await data.list("").uris()).toEqual(["memory:///dir/a"]);
  });
});

describe("words, numbers and functions", () => {
  test.each<[verb: string, options: object, message: string, Kind?: typeof RangeError]>([
    [
      "presign",
      { method: "DELETE" },
      'method of presign() is GET or PUT, not "DELETE": what removes is for those with credentials: remove()',
    ],
    ["presign", { method: "put" }, 'method of presign() is GET or PUT, not "put"'],
    ["list", { kind: "files" }, 'kind of list() is object, folder or any, not "files"'],
    ["usage", { kind: "folder" }, 'kind of usage() is object, not "folder"'],
    ["readText", { cache: false }, 'cache of readText() is use, bypass or refresh, not false: write "bypass"'],
    ["readText", { cache: "no" }, 'cache of readText() is use, bypass or refresh, not "no"'],
    ["readText", { onError: "skip" }, 'onError of readText() is throw, allow-missing, warn or ignore, not "skip"'],
    [
      "writeText",
      { onError: "allow-missing" },
      'onError of writeText() is throw, warn or ignore, not "allow-missing": a write has nothing to miss',
    ],
    ["readRange", { onError: "ignore" }, 'onError of readRange() is throw, not "ignore"'],
    [
      "readText",
      { encoding: "utf8" },
      'encoding of readText() is utf-8, utf-16le, latin1 or windows-1252, not "utf8": write utf-8',
    ],
    [
      "writeText",
      { compress: true },
      'compress of writeText() is gzip, bzip2, xz, zstd, by-suffix or false, not true: write "by-suffix"',
    ],
    [
      "readText",
      { decompress: "gz" },
      'decompress of readText() is gzip, bzip2, xz, zstd, by-suffix or false, not "gz": write gzip',
    ],
    ["writeCsv", { newline: "\r" }, 'newline of writeCsv() is lf, crlf, "\\n" or "\\r\\n", not "\\r"'],
    ["list", { match: "*.csv" }, 'match of list() is a RegExp, not "*.csv": glob() takes patterns such as *.csv'],
    ["list", { depth: 0 }, "depth of list() is a whole number from 1, not 0", RangeError],
    ["list", { depth: "1" }, 'depth of list() is a whole number from 1, not "1"'],
    ["readLines", { limit: -1 }, "limit of readLines() is a whole number from 0, not -1", RangeError],
    ["readLines", { limit: "5" }, 'limit of readLines() is a whole number from 0, not "5"'],
    ["writeJson", { indent: "\t" }, 'indent of writeJson() is a whole number from 0, not "\\t"'],
    ["readText", { signal: {} }, "signal of readText() is an AbortSignal, not an object"],
    ["readText", { signal: new AbortController() }, "signal of readText() is an AbortSignal, not an AbortController"],
    ["copy", { onFile: true }, "onFile of copy() is a function, not true"],
    ["readText", { onProgress: "log" }, 'onProgress of readText() is a function, not "log"'],
    ["readJson", { schema: {} }, "schema of readJson() is a Standard Schema, not an object"],
    ["writeText", { contentType: 5 }, "contentType of writeText() is a string, not 5"],
    ["writeText", { cacheControl: 3600 }, "cacheControl of writeText() is a string, not 3600"],
    ["createBucket", { region: 5 }, "region of createBucket() is a string that is not empty, not 5"],
    ["writeText", { metadata: { ab: 1 } }, "metadata.ab of writeText() is a string, not 1"],
    ["writeText", { metadata: ["a"] }, "metadata of writeText() is { name: value }, not an array"],
    ["writeText", { tags: new Map([["a", "b"]]) }, "tags of writeText() is { name: value }, not a Map"],
    ["writeText", { tags: "a=b" }, 'tags of writeText() is { name: value }, not "a=b"'],
    ["resolve", { for: "reading" }, 'for of resolve() is read or write, not "reading"'],
  ])("%s() with %j", async (verb, options, message, Kind = TypeError as never) => {
    expect(await said(verb, options)).toEqual(mistake(message, Kind));
  });

  test("a duration names its option", async () => {
    expect(await said("presign", { expiresIn: 3600 })).toEqual(
      expect.objectContaining({
        name: "RangeError",
        message: expect.stringMatching(/^expiresIn of presign\(\): not a duration: 3600/),
      }),
    );
  });

  test("a listing says it at once", () => {
    expect(() => data.list("x", { kind: "files" } as never)).toThrow(TypeError);
    expect(() => data.cache.list("x", { signal: 1 } as never)).toThrow(TypeError);
    expect(() => data.resolve("x", { fro: "read" } as never)).toThrow(/did you mean for/);
  });
});

describe("what is no object of options", () => {
  test.each([
    [[], "an array"],
    [new Map(), "a Map"],
    [/x/, "a RegExp"],
    [new Date(), "a Date"],
    [Promise.resolve({}), "a Promise"],
    [AbortSignal.timeout(60_000), "an AbortSignal: write { signal }"],
  ])("%o", async (options, shown) => {
    expect(await said("remove", options)).toEqual(mistake(`the options of remove() are an object, not ${shown}`));
  });
});

describe("a range", () => {
  test.each<[range: unknown, message: string]>([
    [{ start: 0, length: 5 }, 'a range has no option "length": did you mean end?'],
    [{ start: 0, suffix: 5 }, "a range is { start, end } or { suffix }, not both"],
    [[0, 5], "a range is { start, end } or { suffix }, not an array"],
    [{ start: "0" }, 'The range\'s start is "0"; give a whole number of bytes, 0 or more'],
    [null, "a range is { start, end } or { suffix }, not null"],
  ])("%j is none", async (range, message) => {
    await expect(data.readRange("x", range as never)).rejects.toEqual(mistake(message));
    await expect(data.readRanges("x", [range as never])).rejects.toEqual(mistake(message));
    expect(() => data.readStream("x", { range: range as never })).toThrow(mistake(`range of readStream(): ${message}`));
  });

  test("is not left out", async () => {
    await expect(data.readRange("x", undefined as never)).rejects.toThrow(/takes a range/);
    await expect(data.readRanges("x", { start: 0 } as never)).rejects.toThrow(/an array of ranges/);
  });
});

describe("other names lead to ours", () => {
  test.each([
    ["writeText", "sse", "sse belongs to the depot: data.with({ sse })"],
    ["readText", "region", "region belongs to the depot: data.with({ region })"],
    ["copy", "overwrite", 'a write replaces what is there; ifNoneMatch: "*" only creates'],
    ["copy", "recursive", "an address that ends in / means everything below it"],
    ["list", "recursive", "it goes through all levels; depth: 1 lists the folder itself"],
    ["list", "delimiter", "depth: 1 lists one level"],
    ["readTable", "sep", "did you mean delimiter?"],
    ["readTable", "na_values", "did you mean nullValues?"],
    ["writeTable", "separator", "did you mean delimiter?"],
    ["writeTable", "compression", 'codec: "zstd" compresses inside of Parquet and Arrow, compress: "gzip" the file'],
  ])("%s() with %s", async (verb, name, hint) => {
    expect(await said(verb, { [name]: true })).toEqual(mistake(`${verb}() has no option "${name}": ${hint}`));
  });
});

describe("what verbs take besides options", () => {
  test.each<[call: () => Promise<unknown>, message: string]>([
    [
      () => data.writeStream("x", new Response("x") as never),
      "writeStream() takes a ReadableStream or an async iterable of bytes, not a Response: pass response.body",
    ],
    [
      () => data.writeStream("x", "text" as never),
      "writeStream() takes a ReadableStream or an async iterable of bytes, not a string: writeText() takes text",
    ],
    [
      () => data.writeStream("x", new Uint8Array(1) as never),
      "writeStream() takes a ReadableStream or an async iterable of bytes, not a Uint8Array: writeBytes() takes bytes",
    ],
    [() => data.writeLines("x", undefined as never), "writeLines takes lines, an iterable of them, not undefined"],
    [() => data.writeCsv("x", "a,b" as never), "writeCsv takes rows, an iterable of them, not a string"],
    [
      () => data.update("x", (() => ({})) as never),
      "the function given to update() gives text or bytes, not an object",
    ],
    [
      () => data.update("x", (() => undefined) as never),
      "the function given to update() gives text or bytes, not undefined",
    ],
    [() => data.update("x", "text" as never), 'the second argument of update() is a function, not "text"'],
    [() => data.writeFrom("x", 5 as never), "a path on this disk is a string or a file: URL, not 5"],
    [
      () => data.glob(5 as never).toArray(),
      "glob() takes a pattern or an array of patterns, all of them text, not a number",
    ],
    [
      () => data.cache.prune(undefined as never),
      "prune needs a limit: maxBytes, maxObjects, olderThan, unusedFor or minFreeBytes; cache.clear() removes everything",
    ],
    [
      () => data.cache.prune({ maxBytes: 0, dryRun: true } as never),
      'cache.prune() has no option "dryRun": options come second: prune(limits, { dryRun })',
    ],
    [
      () => data.cache.prune({ maxsize: 0 } as never),
      'cache.prune() has no option "maxsize": it has maxBytes, maxObjects, olderThan, unusedFor, minFreeBytes',
    ],
    [
      () => data.pack("x", "x.zip", { format: "tgz" as never }),
      'format of pack() is zip, tar, "tar.gz", "tar.bz2", "tar.xz" or "tar.zst", not "tgz": write tar.gz',
    ],
    [() => data.pack("x", "x.zip", { modified: 0 as never }), 'modified of pack() is a Date or "keep", not 0'],
    [
      () => data.unpack("x.zip", "x", { existing: "overwrite" as never }),
      'existing of unpack() is merge or replace, not "overwrite"',
    ],
    [
      () => data.snapshots.save("a", "x", { version: "" }),
      'version of snapshots.save() is a string that is not empty, not ""',
    ],
  ])("%s", async (call, message) => {
    await expect((async () => call())()).rejects.toEqual(mistake(message));
    expect(await data.exists("x")).toBe(false);
  });

  test("clear() takes no options for a folder", async () => {
    await expect(data.cache.clear({ dryRun: true } as never)).rejects.toThrow();
  });
});

test("every verb has its table", () => {
  const verbs = Object.entries(data).filter(([, verb]) => typeof verb === "function");
  const without = ["with", "close"];
  const names = verbs.map(([name]) => name).filter((name) => !without.includes(name));
  const { cache, offline, jobs, snapshots } = data;
  // the rest of a zarr store is zarrita's own contract
  const { tree } = data.zarr("memory:///z/");
  const { close: _, ...archive } = data.archive("memory:///a.zip");
  const rooms = { cache, offline, jobs, snapshots, archive, dataset: data.dataset("memory:///d/"), zarr: { tree } };
  const ofRooms = Object.entries(rooms).flatMap(([room, has]) =>
    Object.entries(has).flatMap(([name, verb]) => (typeof verb === "function" ? [`${room}.${name}`] : [])),
  );
  expect([...names, ...ofRooms].sort()).toEqual(Object.keys(verbOptions).sort());
});
