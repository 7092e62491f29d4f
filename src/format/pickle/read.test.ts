import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { canonical } from "../../../tests/pickle-canonical.ts";
import { isEntrepotError } from "../../error/index.ts";
import { PickledUuid } from "../index.ts";
import { pickleOf } from "./read.ts";

const fixtures = new URL("../../../tests/fixtures/pickles/", import.meta.url);
const files = readdirSync(fixtures).filter((name) => name.endsWith(".jsonl"));

const read = (base64: string, options = {}) => pickleOf(Buffer.from(base64, "base64"), options);

function refusal(base64: string, options = {}) {
  try {
    return read(base64, options);
  } catch (error) {
    return error;
  }
}

interface Case {
  readonly name: string;
  readonly pickles: Readonly<Record<string, string>>;
  readonly expected: unknown;
}

describe.each(files)("pickles of %s", (file) => {
  const cases = readFileSync(new URL(file, fixtures), "utf8")
    .trim()
    .split("\n")
    .map((line): Case => JSON.parse(line));

  test("are what Python loads, in every protocol", () => {
    expect(cases.length).toBeGreaterThan(15);
    for (const { name, pickles, expected } of cases)
      for (const [protocol, pickle] of Object.entries(pickles))
        expect({ name, protocol, value: canonical(read(pickle)) }).toEqual({ name, protocol, value: expected });
  });
});

describe("a dict", () => {
  test("is an object without a prototype while its keys are text, else a Map", () => {
    const [empty, object, mixed, polluting, numbers] = read(pickleOf0("dicts")) as [
      object,
      object,
      object,
      Map<string, unknown>,
      object,
    ];
    expect(Object.getPrototypeOf(empty)).toBe(null);
    expect(object).toEqual({ a: 1, b: {} });
    expect(mixed).toEqual(
      new Map<unknown, unknown>([
        ["a", 1],
        [2, "b"],
      ]),
    );
    expect(numbers).toEqual(new Map([[1, 2]]));
    // a key __proto__ would change the prototype of whatever the entries are copied to
    expect(polluting).toBeInstanceOf(Map);
    expect([...polluting.keys()]).toEqual(["__proto__", "constructor"]);
    expect(({} as { polluted?: number }).polluted).toBe(undefined);
  });

  test("keeps its identity where it is shared or holds itself, whatever it becomes", () => {
    // d = {}; a = [d, d]; d[1] = a
    const bytes = Buffer.from("\x80\x02]q\x00(}q\x01h\x01e0h\x01K\x01h\x00s.", "latin1");
    const map = pickleOf(bytes) as Map<number, unknown[]>;
    expect(map).toBeInstanceOf(Map);
    expect(map.get(1)?.[0]).toBe(map);
    expect(map.get(1)?.[1]).toBe(map);
  });
});

test("tuples and frozensets are frozen, lists and sets are not", () => {
  const [, one] = read(pickleOf0("tuples")) as unknown[][];
  expect([one, Object.isFrozen(one)]).toEqual([[1], true]);
  const [set, , frozen] = read(pickleOf0("sets")) as object[];
  expect([Object.isFrozen(set), Object.isFrozen(frozen)]).toEqual([false, true]);
});

test("values print as Python's texts, as JSON, too", () => {
  const texts = (name: string) => JSON.parse(JSON.stringify(read(pickleOf0(name))));
  expect(texts("decimals").slice(0, 3)).toEqual(["123.4500", "1E+5", "NaN"]);
  expect(texts("uuids")[1]).toBe("12345678-1234-5678-9234-567812345678");
  expect(texts("datetimes")).toEqual([
    "2020-01-02T03:04:05.678901",
    "2020-01-02T00:00:00+00:00",
    "0001-01-01T00:00:00-05:30",
    "2020-10-25T02:30:00",
  ]);
  expect(texts("timedeltas").slice(0, 2)).toEqual(["PT86402.000003S", "-PT86395S"]);
  expect(texts("timezones")).toEqual(["UTC", "+02:00", "CET"]);
});

describe("a pickle of Python 2", () => {
  const pickles = [
    "KGRwMApTJ3JhdycKcDEKUydceGZmXHgwMCcKcDIKc1MncycKcDMKY19fYnVpbHRpbl9fCnNldApwNAooKGxwNQpJMQphdHA2ClJwNwpzUyd0JwpwOAooSTEKdHA5CnNTJ2QnCnAxMApjZGF0ZXRpbWUKZGF0ZQpwMTEKKFMnXHgwN1x4ZTRceDAxXHgwMicKcDEyCnRwMTMKUnAxNApzUydiaWcnCnAxNQpMMTE4MDU5MTYyMDcxNzQxMTMwMzQyNEwKc1b8CnAxNgpTJ3BsYWluJwpwMTcKc1MnbycKcDE4CmNjb2xsZWN0aW9ucwpPcmRlcmVkRGljdApwMTkKKChscDIwCihscDIxClMnYScKcDIyCmFJMQphYXRwMjMKUnAyNApzUyduJwpwMjUKTDVMCnMu",
    "fXEAKFUDcmF3cQFVAv8AcQJVAXNxA2NfX2J1aWx0aW5fXwpzZXQKcQQoXXEFSwFhdHEGUnEHVQF0cQgoSwF0cQlVAWRxCmNkYXRldGltZQpkYXRlCnELKFUEB+QBAnEMdHENUnEOVQNiaWdxD0wxMTgwNTkxNjIwNzE3NDExMzAzNDI0TApYAgAAAMO8cRBVBXBsYWlucRFVAW9xEmNjb2xsZWN0aW9ucwpPcmRlcmVkRGljdApxEyhdcRRdcRUoVQFhcRZLAWVhdHEXUnEYVQFucRlMNUwKdS4=",
    "gAJ9cQAoVQNyYXdxAVUC/wBxAlUBc3EDY19fYnVpbHRpbl9fCnNldApxBF1xBUsBYYVxBlJxB1UBdHEISwGFcQlVAWRxCmNkYXRldGltZQpkYXRlCnELVQQH5AECcQyFcQ1ScQ5VA2JpZ3EPigkAAAAAAAAAAEBYAgAAAMO8cRBVBXBsYWlucRFVAW9xEmNjb2xsZWN0aW9ucwpPcmRlcmVkRGljdApxE11xFF1xFShVAWFxFksBZWGFcRdScRhVAW5xGYoBBXUu",
  ];

  test.each(pickles)("gives text for an ASCII str, bytes for any other", (pickle) => {
    const value = read(pickle) as Record<string, unknown>;
    expect(value).toMatchObject({ ü: "plain", n: 5, big: 2n ** 70n, t: [1], s: new Set([1]) });
    expect(value["raw"]).toEqual(Uint8Array.of(255, 0));
    expect(String(value["d"])).toBe("2020-01-02");
    expect(value["o"]).toEqual(new Map([["a", 1]]));
  });

  test.each([
    "KGlfX21haW5fXwpPbGQKcDAKKGRwMQpTJ3gnCnAyCkkxCnNiLg==",
    "KGNfX21haW5fXwpPbGQKcQBvcQF9cQJVAXhxA0sBc2Iu",
    "gAJjX19tYWluX18KTmV3CnEAKYFxAX1xAlUBeHEDSwFzYi4=",
    "Y2NvcHlfcmVnCl9yZWNvbnN0cnVjdG9yCnEAKGNfX21haW5fXwpOZXcKcQFjX19idWlsdGluX18Kb2JqZWN0CnECTnRxA1JxBH1xBVUBeHEGSwFzYi4=",
  ])("objects of any class are read by classes", (pickle) => {
    const own = (state: unknown) => ({ own: state });
    const value = read(pickle, { classes: { "__main__.Old": own, "__main__.New": own } });
    expect(value).toEqual({ own: { x: 1 } });
  });
});

describe("a class that is not data", () => {
  const inner = "gASVMgAAAAAAAACMBW1vZGVslIwBQ5STlCmBlH2UKIwBYZRLAYwFaW5uZXKUaAIpgZR9lGgFSwFzYnViLg==";

  test("is an error that names it, and the way out", () => {
    const error = refusal(inner, { uri: "s3://b/x.pkl" });
    expect(isEntrepotError(error, "unsupported")).toBe(true);
    expect(error).toMatchObject({
      message: "the pickle holds a model.C, which is not plain data; no code of a pickle is ever run",
      hint: expect.stringContaining('classes: { "model.C": (state) => state }'),
      uri: "s3://b/x.pkl",
    });
  });

  test("becomes what classes makes of it, inner objects first", () => {
    const seen: unknown[] = [];
    const made = (state: unknown) => {
      seen.push(state);
      return { made: state };
    };
    const classes = { "model.C": made };
    expect(read(inner, { classes })).toEqual({ made: { a: 1, inner: { made: { a: 1 } } } });
    expect(seen[0]).toEqual({ a: 1 });
  });

  test.each([
    [
      "an enum and a named tuple by their arguments",
      "gASVFwAAAAAAAACMBW1vZGVslIwBUJSTlEsBSwKGlIGULg==",
      [[1, 2], "model.P"],
    ],
    ["an enum", "gASVFQAAAAAAAACMBW1vZGVslIwBRZSTlEsBhZRSlC4=", [[1], "model.E"]],
  ])("%s", (_, pickle, expected) => {
    const make = (state: unknown, { name }: { name: string }) => [state, name];
    expect(read(pickle, { classes: { "model.P": make, "model.E": make } })).toEqual(expected);
  });

  test("has its items, entries and named arguments", () => {
    const whole = (_: unknown, { items, entries, namedArgs, state }: Record<string, unknown>) => ({
      items,
      entries,
      namedArgs,
      state,
    });
    const classes = { "model.L": whole, "model.D": whole, "model.K": whole };
    expect(read("gASVIgAAAAAAAACMBW1vZGVslIwBTJSTlCmBlChLAUsCZX2UjAF6lEsDc2Iu", { classes })).toMatchObject({
      items: [1, 2],
      state: { z: 3 },
    });
    expect(read("gASVGQAAAAAAAACMBW1vZGVslIwBRJSTlCmBlIwBYZRLAXMu", { classes })).toMatchObject({
      entries: new Map([["a", 1]]),
    });
    expect(read("gASVGwAAAAAAAACMBW1vZGVslIwBS5STlCl9lIwBa5RLBXOSlC4=", { classes })).toMatchObject({
      namedArgs: { k: 5 },
    });
  });

  test("may be the key of a dict", () => {
    const value = read("gASVGgAAAAAAAAB9lIwFbW9kZWyUjAFFlJOUSwGFlFKUSwFzLg==", { classes: { "model.E": () => "red" } });
    expect(value).toEqual(new Map([["red", 1]]));
  });

  test("that holds itself is an error that says so", () => {
    const ring = "gASVJwAAAAAAAACMBW1vZGVslIwBQ5STlCmBlH2UKIwBYZRLAYwCbWWUXZRoA2F1Yi4=";
    expect(refusal(ring, { classes: { "model.C": (state: unknown) => state } })).toMatchObject({
      code: "unsupported",
      message: "the pickle holds a model.C that holds itself",
    });
  });

  test("has a function whose error is thrown on as it is", () => {
    const mine = new RangeError("mine");
    const classes = {
      "model.C": () => {
        throw mine;
      },
    };
    expect(refusal(inner, { classes })).toBe(mine);
  });

  test("is only what classes itself has: a name of Object.prototype is none", () => {
    const bytes = Buffer.from("ctoString\nvalueOf\n)R.", "latin1");
    expect(() => pickleOf(bytes, { classes: {} })).toThrow(/toString.valueOf/);
  });
});

test("a UUID that is shared is one value", () => {
  const [one, other] = read(pickleOf0("uuids")) as PickledUuid[];
  expect([one, other].every((each) => each instanceof PickledUuid)).toBe(true);
});

/** The first pickle of that name. */
function pickleOf0(name: string): string {
  const lines = readFileSync(new URL("python-3.10.jsonl", fixtures), "utf8").trim().split("\n");
  const found = lines
    .map((line): Case => JSON.parse(line))
    .filter((each) => each.name === name)
    .at(-1);
  return Object.values(found?.pickles ?? {}).at(-1) ?? "";
}
