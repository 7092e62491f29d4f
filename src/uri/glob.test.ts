import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hostile } from "../../tests/hostile-inputs.ts";
import { compileGlob, escapeGlob, type Location, parseUri, resolveGlob } from "./index.ts";

const deep = ["f", "a/f", "a/b/f", "a/b/c/f", "a/.h", "a//f", "ab/f"];
const chosen = (pattern: string, paths: readonly string[] = deep) => paths.filter(compileGlob(pattern).matches);

describe("fsspec's documented behaviour", () => {
  test.each<[string, string[]]>([
    ["*", ["f"]],
    ["a/*", ["a/f", "a/.h"]],
    ["*/f", ["a/f", "ab/f"]],
    ["a*/f", ["a/f", "ab/f"]],
    ["a?/f", ["ab/f"]],
    ["**", deep],
    ["a/**", ["a/f", "a/b/f", "a/b/c/f", "a/.h", "a//f"]],
    ["**/f", ["f", "a/f", "a/b/f", "a/b/c/f", "a//f", "ab/f"]],
    ["a/**/f", ["a/f", "a/b/f", "a/b/c/f", "a//f"]],
    ["a/**/c/*", ["a/b/c/f"]],
    ["**/b/**", ["a/b/f", "a/b/c/f"]],
    ["a/[!f]*", ["a/.h"]],
    ["[a-b]/f", ["a/f"]],
    ["a/f", ["a/f"]],
    ["nothing/*", []],
  ])("%s", (pattern, expected) => expect(chosen(pattern)).toEqual(expected));

  test("a final / means folders, whose paths end in one; other patterns match folders, too", () => {
    const paths = ["a/", "a/b/", "a/f", "f"];
    expect(chosen("*/", paths)).toEqual(["a/"]);
    expect(chosen("a/*/", paths)).toEqual(["a/b/"]);
    expect(chosen("**/", paths)).toEqual(["a/", "a/b/"]);
    expect(chosen("*", paths)).toEqual(["a/", "f"]);
    expect(chosen("a/*", paths)).toEqual(["a/b/", "a/f"]);
    expect(chosen("a/**", paths)).toEqual(["a/", "a/b/", "a/f"]);
    expect(compileGlob("a/*/").foldersOnly).toBe(true);
    expect(compileGlob("a/*").foldersOnly).toBe(false);
  });

  test.each(["a**", "**a", "a/b**/c", "***", "{a,**}x", "a[*]**"])("%s: ** is a whole name", (pattern) => {
    expect(() => compileGlob(pattern)).toThrow(
      expect.objectContaining({ code: "invalid-address", hint: expect.any(String) }),
    );
  });
});

describe("within a name", () => {
  test.each<[string, string[], string[]]>([
    ["?", ["a", "é", "\u{1F600}"], ["", "ab", "/"]],
    ["[é\u{1F600}]", ["é", "\u{1F600}"], ["e"]],
    ["[\u{1F600}-\u{1F64F}]x", ["\u{1F601}x"], ["\u{1F650}x"]],
    ["[]]", ["]"], ["a"]],
    ["[!]]", ["a"], ["]"]],
    ["[a-]", ["a", "-"], ["b"]],
    ["[^a]", ["^", "a"], ["b"]],
    ["[z-a]", [], ["a", "z", "-"]],
    ["[!a]", ["b"], ["a", "/", ""]],
    ["[", ["["], ["a"]],
    ["a[b/c]", ["a[b/c]"], ["ab", "ac]"]],
    ["[*][?][[][{]", ["*?[{"], ["aaaa"]],
    ["*.csv", [".csv", "a.csv", "a.b.csv"], ["a.csv.gz", "csv", "a.CSV"]],
    ["a*b*c", ["abc", "aXbYc", "abcbc"], ["ab", "acb"]],
    ["*", ["a", ".h", " "], ["", "a/b"]],
    ["x*", ["x", "xy"], ["y"]],
    ["$(.+)^|\\d", ["$(.+)^|\\d"], ["5"]],
  ])("%s", (pattern, yes, no) => {
    const { matches } = compileGlob(pattern);
    expect(yes.filter((name) => !matches(name))).toEqual([]);
    expect(no.filter((name) => matches(name))).toEqual([]);
  });
});

describe("braces", () => {
  test.each<[string, string[], string[]]>([
    ["{a,b}", ["a", "b"], ["{a,b}", "c"]],
    ["year=20{23,24}/*", ["year=2023/x", "year=2024/x"], ["year=2025/x"]],
    ["{a,b{c,d/*},}x", ["ax", "bcx", "x", "bd/1x"], ["bx", "bdx"]],
    ["{a,b/c}/f", ["a/f", "b/c/f"], ["b/f"]],
    ["{**,x}/f", ["f", "a/b/f", "x/f"], ["x"]],
    ["{a}", ["{a}"], ["a"]],
    ["{}", ["{}"], [""]],
    ["{a", ["{a"], ["a"]],
    ["a}", ["a}"], ["a"]],
    ["{{a,b}", ["{a", "{b"], ["a"]],
    ["{a,b}}", ["a}", "b}"], ["a"]],
    ["{[,],b}", [",", "b"], ["[", "a"]],
    ["[{,}]", ["{", ",", "}"], ["a"]],
    ["{a,b}{c,d}", ["ac", "bd"], ["ab"]],
  ])("%s", (pattern, yes, no) => {
    const { matches } = compileGlob(pattern);
    expect(yes.filter((name) => !matches(name))).toEqual([]);
    expect(no.filter((name) => matches(name))).toEqual([]);
  });

  test.each(["{a,b}".repeat(10), "{a,b}".repeat(1_000), `{${"x,".repeat(2_000)}}`, "a".repeat(9_000)])(
    "a pattern that stands for too much is refused at once (%#)",
    (pattern) => expect(() => compileGlob(pattern)).toThrow(expect.objectContaining({ code: "limit-exceeded" })),
  );

  test("deep nesting needs no stack", () => {
    const { matches } = compileGlob(`${"{a,".repeat(200)}b${"}".repeat(200)}`);
    expect([matches("a"), matches("b"), matches("c")]).toEqual([true, true, false]);
  });
});

describe("what a listing can use", () => {
  test.each<[string, string, boolean, number | undefined]>([
    ["a/b.csv", "a/b.csv", true, 2],
    ["", "", true, 1],
    ["a/", "a/", true, 1],
    ["a/[*]b/c*", "a/*b/c", false, 3],
    ["year=20{23,24}/*", "year=202", false, 2],
    ["{a,b}/x", "", false, 2],
    ["a/**/b", "a/", false, undefined],
    ["x\u{1F600}{\u{1F600},\u{1F601}}*", "x\u{1F600}", false, 1],
    ["*/", "", false, 1],
  ])("%s", (pattern, prefix, literal, depth) => expect(compileGlob(pattern)).toMatchObject({ prefix, literal, depth }));

  test("a walk enters only folders below which something can match", () => {
    const { mayMatchBelow } = compileGlob("*/year=20{23,24}/**/x");
    expect(["", "a/", "a/year=2023/", "a/year=2024/b/c/"].filter((folder) => !mayMatchBelow(folder))).toEqual([]);
    expect(["a/b/", "a/year=2025/"].filter((folder) => mayMatchBelow(folder))).toEqual([]);
    expect(compileGlob("*/").mayMatchBelow("a/")).toBe(false);
    expect(compileGlob("a/*").mayMatchBelow("a/b/")).toBe(false);
    expect(compileGlob("a/**").mayMatchBelow("a/b/")).toBe(true);
  });

  test("every match begins with the prefix, and lies below folders that a walk enters", () => {
    const part = fc.constantFrom("a", "b", "*", "?", "/", "[ab]", "{a,b}", "{a/,b/}");
    const pattern = fc.oneof(
      fc.array(part, { maxLength: 8 }).map((parts) => parts.join("").replace(/\*{2,}/g, "*")),
      fc.array(fc.constantFrom("a", "**", "*", "b?"), { maxLength: 5 }).map((parts) => parts.join("/")),
    );
    const path = fc.array(fc.constantFrom("a", "b", "/"), { maxLength: 7 }).map((parts) => parts.join(""));
    let matched = 0;
    fc.assert(
      fc.property(pattern, path, (text, candidate) => {
        const glob = compileGlob(text);
        if (!glob.matches(candidate)) return;
        matched += 1;
        expect(candidate.startsWith(glob.prefix)).toBe(true);
        // The folder itself is not below itself.
        if (candidate.endsWith("/")) return;
        for (let at = candidate.indexOf("/"); at !== -1; at = candidate.indexOf("/", at + 1))
          expect(glob.mayMatchBelow(candidate.slice(0, at + 1))).toBe(true);
      }),
      { numRuns: 5_000, seed: 1 },
    );
    expect(matched).toBeGreaterThan(100);
  });
});

describe("time", () => {
  test.each([
    "*a*a*a*a*a*a*a*b",
    "**/a/**/a/**/a/**/a/**/b",
    "{*a,a?}{*b,c}{*a,?a}{*b,a}*b",
    `${"?".repeat(50)}*${"[a-z]*".repeat(50)}b`,
  ])("%s is linear in the text", (pattern) => {
    const { matches } = compileGlob(pattern);
    const started = performance.now();
    expect(matches("a".repeat(1_000))).toBe(false);
    expect(matches("a/".repeat(500))).toBe(false);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe("escapeGlob", () => {
  test.each([
    ["s3://b/a[1]*.csv", "s3://b/a[[]1]*.csv".replace("*", "[*]")],
    ["data/{x,y}?", "data/[{]x[,]y[}][?]"],
    ["s3://b", "s3://b/"],
    ["./a*", "./a[*]"],
  ])("%s", (uri, escaped) => expect(escapeGlob(uri)).toBe(escaped));

  test("the result matches the address and nothing else", () => {
    const key = fc.oneof(
      fc
        .array(fc.constantFrom("*", "?", "[", "]", "{", "}", ",", "/", "!", "a", "%", "é", "?versionId=1"), {
          minLength: 1,
          maxLength: 10,
        })
        .map((parts) => parts.join("")),
      fc.constantFrom(...hostile.keys.filter((text) => text !== "\ud800")),
    );
    fc.assert(
      fc.property(key, fc.boolean(), (text, inSet) => {
        const escaped = escapeGlob({ bucket: "b", key: text });
        const { folder, glob } = resolveGlob(
          inSet ? `{${escaped.slice("s3://b/".length)},,}`.replace(/^/, "s3://b/") : escaped,
          context,
        );
        const path = text.slice((folder as { key: string }).key.length);
        expect(glob.matches(path)).toBe(true);
        expect(glob.matches(`${path}x`)).toBe(false);
        if (!inSet) expect(glob).toMatchObject({ literal: true, prefix: path });
      }),
      { numRuns: 1_000 },
    );
  });

  test("a version and a URL are no globs", () => {
    expect(() => escapeGlob("s3://b/k?versionId=1")).toThrow(expect.objectContaining({ code: "invalid-address" }));
    expect(() => escapeGlob("https://h/a")).toThrow(expect.objectContaining({ code: "unsupported" }));
  });
});

const context = { root: parseUri("s3://model/v2"), workingFolder: "/cwd", homeFolder: "/homes/me" };

describe("resolveGlob", () => {
  const s3 = (bucket: string, key = ""): Location => ({ scheme: "s3", bucket, key, versionId: undefined });
  const file = (path: string): Location => ({ scheme: "file", path });
  test.each<[string, Location, string, string]>([
    ["s3://b/*.csv", s3("b"), "", "x.csv"],
    ["s3://b/a/b*/c", s3("b", "a/"), "b", "b1/c"],
    ["s3://b/a//b?", s3("b", "a//"), "b", "b1"],
    ["s3://b/a[[]1]/x*", s3("b"), "a[1]/x", "a[1]/x2"],
    ["s3://b/k?versionId=1", s3("b"), "k", "kxversionId=1"],
    ["s3://b", s3("b"), "", ""],
    ["s3://b/a/x.csv", s3("b", "a/"), "x.csv", "x.csv"],
    ["s3://b/a/", s3("b"), "a/", "a/"],
    [
      "s3://arn:aws:s3:us-west-2:123456789012:accesspoint/name/k*",
      s3("arn:aws:s3:us-west-2:123456789012:accesspoint/name"),
      "k",
      "k1",
    ],
    ["*.csv", s3("model", "v2/"), "", "a.csv"],
    ["a/*.csv", s3("model", "v2/a/"), "", "b.csv"],
    ["a/b.csv", s3("model", "v2/a/"), "b.csv", "b.csv"],
    ["", s3("model"), "v2/", "v2/"],
    ["./x*", file("/cwd/"), "x", "x1"],
    ["../{a,b}/*", file("/"), "", "a/1"],
    ["~/d/*", file("/homes/me/d/"), "", "x"],
    ["/*", file("/"), "", "etc"],
    ["C:\\*", file("/cwd/"), "C:\\", "C:\\x"],
    ["file:///a%20b/c%20d*", file("/a b/"), "c d", "c d1"],
    ["file:///a/%2A%5B1%5D*", file("/a/"), "*[1]", "*[1]x"],
    ["file:///a/b", file("/a/"), "b", "b"],
    ["memory:///a/*", { scheme: "memory", key: "a/" }, "", "x"],
  ])("%s", (pattern, folder, prefix, match) => {
    const resolved = resolveGlob(pattern, context);
    expect(resolved.folder).toEqual(folder);
    expect(resolved.glob.prefix).toBe(prefix);
    expect(resolved.glob.matches(match)).toBe(true);
    expect(resolved.glob.matches(`${match}/no`)).toBe(false);
  });

  test.each([
    ["s3://bucket-*/x", "invalid-address"],
    ["s3://*", "invalid-address"],
    ["s3://{a,b}/x", "invalid-address"],
    ["gs://b/*", "invalid-address"],
    ["file:///a/%zz*", "invalid-address"],
    ["./*/../x", "invalid-address"],
    ["a/../../*", "unsafe-key"],
    ["https://h/*", "unsupported"],
    ["https://h/a", "unsupported"],
    ["s3://b/a**", "invalid-address"],
  ])("%s is refused (%s)", (pattern, code) => {
    expect(() => resolveGlob(pattern, context)).toThrow(expect.objectContaining({ code, hint: expect.any(String) }));
  });

  test("a near miss and an address that is no text are TypeErrors", () => {
    expect(() => resolveGlob("s3:/b/*", context)).toThrow(TypeError);
    expect(() => resolveGlob(new URL("file:///a") as unknown as string, context)).toThrow(TypeError);
  });
});

test("a key that ends in / is not the name before it; a folder is", () => {
  const { matches, matchesKey } = compileGlob("**/a");
  expect([matches("x/a/"), matchesKey("x/a/"), matchesKey("x/a")]).toEqual([true, false, true]);
  expect(compileGlob("x/a/").matchesKey("x/a/")).toBe(true);
});
