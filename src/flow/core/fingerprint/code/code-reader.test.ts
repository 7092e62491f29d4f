import { Socket } from "node:net";
import { hostname } from "node:os";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { fingerprintSymbol } from "../kind-of-object.ts";
import { CodeReader } from "./code-reader.ts";
import { type Edit, load } from "./variants.fixture.ts";

const reader = await CodeReader.open({
  packageOf: (url) => (url.startsWith("node:") ? "node" : undefined),
  isExported: (fn) => fn === hostname,
});
const read = (fn: Function, ignore?: readonly string[]) => reader.read(fn, { name: "total", ignore });
const versionOf = (fn: Function) => read(fn).version;
const totalAfter = async (...edits: Edit[]) => versionOf((await load(...edits))["total"] as Function);

describe("the version of code", () => {
  test.each<[string, Edit]>([
    ["a comment", ["costs.ts", "const sum", "/* the sum */ const sum"]],
    ["formatting", ["costs.ts", "x + 1", "x\n  +    1"]],
    ["a type", ["costs.ts", "spend: number[]; scale?: number", "spend: readonly number[]; scale?: number | undefined"]],
    ["another function of the module", ["costs.ts", "spend.length + 1", "spend.length + 2"]],
    ["a function that only gives its name to what is asked for", ["costs.ts", "[1, 2, 3]", "[1, 2]"]],
    ["another function of an imported module", ["helpers.ts", "number => x;", "number => x + 1;"]],
    ["another value of a module imported as a whole", ["tables.ts", "otherRate = 4", "otherRate = 5"]],
  ])("stays when %s changes", async (_, edit) => {
    expect(await totalAfter(edit)).toBe(await totalAfter());
  });

  test.each<[string, Edit, string]>([
    ["its own body", ["costs.ts", "a + b", "a - b"], ""],
    ["a default", ["costs.ts", "scale = 1", "scale = 2"], ""],
    ["a literal", ["costs.ts", "reduce((a, b) => a + b, 0)", "reduce((a, b) => a + b, 1)"], ""],
    ["a constant of the module", ["costs.ts", '"USD"', '"EUR"'], "currency"],
    ["a helper of the module", ["costs.ts", "x + 1", "x + 2"], "own"],
    ["an imported helper", ["helpers.ts", "* 2", "* 3"], "scaled"],
    ["a helper two imports away", ["deep.ts", "x ** 2", "x ** 3"], "scaled › deep"],
    ["a value of a module imported as a whole", ["tables.ts", "rate = 3", "rate = 4"], "rate"],
  ])("changes with %s, and says where", async (_, edit, part) => {
    const before = read((await load())["total"] as Function);
    const after = read((await load(edit))["total"] as Function);
    expect(after.version).not.toBe(before.version);
    expect([...after.parts].filter(([name, print]) => before.parts.get(name) !== print).map(([name]) => name)).toEqual([
      part,
    ]);
  });

  test("is not that of a name which is the same as one outside", () => {
    const made = (rate: number) => {
      const shadowed = (values: number[]) => values.map((rate) => rate * 2);
      const both = (values: number[]) => values.map((rate) => rate * 2).concat(rate);
      return [versionOf(shadowed), versionOf(both)];
    };
    const [[shadowedOne, bothOne], [shadowedTwo, bothTwo]] = [made(1), made(2)];
    expect(shadowedOne).toBe(shadowedTwo);
    expect(bothOne).not.toBe(bothTwo);
  });

  test("tells apart what only its tokens' text would not: line ends that end a statement, bigints, raw templates", () => {
    const make = (text: string) => versionOf(new Function(`return (x) => { ${text} }`)() as Function);
    for (const [one, other] of [
      ["return x * 2", "return\nx * 2"],
      ["return 1", "return 1n"],
      ["return String.raw`\\d`", "return String.raw`d`"],
    ] as const)
      expect(make(one)).not.toBe(make(other));
    expect(make("return x *\n 2")).toBe(make("return x * 2"));
  });

  test("tells members of one name apart by the module that they are of", async () => {
    const module = (rate: number) => import(`data:text/javascript,export const rate = ${rate}; // ${Math.random()}`);
    const made = async (a: number, b: number) => {
      const [one, two] = [await module(a), await module(b)];
      const sum = () => one.rate + two.rate;
      return versionOf(sum);
    };
    const all = [await made(1, 100), await made(7, 100), await made(100, 1)];
    expect(new Set(all).size).toBe(3);
    expect(await made(1, 100)).toBe(all[0]);
  });

  test("sees what is closed over as it is now", () => {
    let rate = 1;
    const scaled = (x: number) => x * rate;
    const before = versionOf(scaled);
    rate = 2;
    expect(versionOf(scaled)).not.toBe(before);
    rate = 1;
    expect(versionOf(scaled)).toBe(before);
  });

  test("sees -0, NaN, bigints, dates and functions inside of values", () => {
    const of = (value: unknown) => versionOf(() => value);
    const values = [
      0,
      -0,
      Number.NaN,
      1n,
      1,
      "1",
      undefined,
      null,
      new Date(1),
      { f: () => 1 },
      { f: () => 2 },
      [() => 1],
    ];
    expect(new Set(values.map(of)).size).toBe(values.length);
  });

  test("sees what a bound, a promisified and a method function stand on", () => {
    const bound = (by: number) => versionOf(((a: number, b: number) => a * b).bind(undefined, by));
    expect(bound(2)).toBe(bound(2));
    expect(bound(2)).not.toBe(bound(3));
    const promised = (by: number) => versionOf(promisify((x: number, done: () => void) => (x > by ? done() : done())));
    expect(promised(2)).toBe(promised(2));
    expect(promised(2)).not.toBe(promised(3));
    const method = (by: number) =>
      versionOf(
        {
          f(x: number) {
            return x * by;
          },
        }.f,
      );
    expect(method(2)).not.toBe(method(3));
  });

  test("sees the class that a class extends, its static values and its methods", () => {
    const classes = (by: number, rate = 1) => {
      class Base {
        scale() {
          return by;
        }
      }
      class Rate extends Base {
        static readonly rate: number = rate;
        #own = 1;
        get own() {
          return this.#own;
        }
      }
      return versionOf(() => new Rate().own);
    };
    expect(classes(1)).toBe(classes(1));
    expect(classes(1)).not.toBe(classes(2));
    expect(classes(1)).not.toBe(classes(1, 2));
  });

  test("ends with functions that call each other", () => {
    const pair = (step: number) => {
      const even = (n: number): boolean => n === 0 || odd(n - step);
      const odd = (n: number): boolean => n !== 0 && even(n - step);
      return versionOf(even);
    };
    expect(pair(1)).toBe(pair(1));
    expect(pair(1)).not.toBe(pair(2));
  });

  test("takes a function of Node by its name", () => {
    const { parts } = read(() => hostname());
    expect([...parts.keys()]).toEqual(["", "hostname"]);
  });

  test("takes what says itself what it is by that", () => {
    const client = (region: string) => ({ socket: new Socket(), [fingerprintSymbol]: () => region });
    const of = (region: string) => {
      const data = client(region);
      return versionOf(() => data);
    };
    expect(of("a")).toBe(of("a"));
    expect(of("a")).not.toBe(of("b"));
  });
});

describe("what cannot be told apart by looking at it", () => {
  test("is refused with the path to it and the ways out", () => {
    const client = { name: "db", connection: { socket: new Socket() } };
    const query = () => client.connection;
    expect(() => read(() => query())).toThrow(
      expect.objectContaining({
        code: "unsupported",
        message:
          "total closes over query › client.connection.socket is an instance of Socket, which has no fingerprint",
        hint: expect.stringMatching(/version.*ignore/),
      }),
    );
  });

  test("is left out when it is ignored", () => {
    const open = (port: number) => {
      const client = { socket: new Socket(), port };
      return () => client.port;
    };
    expect(read(open(1), ["client"]).version).toBe(read(open(2), ["client"]).version);
    expect(() => read(open(1))).toThrow(/client\.socket/);
  });

  test("is refused where text is run as code", () => {
    // biome-ignore lint/security/noGlobalEval: it is what must be refused
    expect(() => read((text: string) => eval(text))).toThrow(/itself, which runs text as code/);
  });
});

test("what may be different each time is told, with where", () => {
  const stamped = () => new Date();
  const fixed = (text: string) => [new Date(text), Math.max(1, 2), Date.UTC(2026)];
  const { varying } = read(() => [stamped(), Math.random(), process.env["HOME"], fixed("2026")]);
  expect(Object.fromEntries(varying)).toEqual({
    "new Date()": "stamped",
    "Math.random()": "itself",
    process: "itself",
  });
});

test("code of a package is its name and version, and what a call of it has made", async () => {
  const packaged = (version: string) => CodeReader.open({ packageOf: () => `costs@${version}` });
  const make = (url: string) => () => url;
  const of = async (version: string, url: string) =>
    (await packaged(version)).read(make(url), { name: "total" }).version;
  expect(await of("1.0.0", "a")).toBe(await of("1.0.0", "a"));
  expect(await of("1.0.0", "a")).not.toBe(await of("1.0.1", "a"));
  expect(await of("1.0.0", "a")).not.toBe(await of("1.0.0", "b"));
});
