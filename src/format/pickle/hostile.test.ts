import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { hostile } from "../../../tests/hostile-inputs.ts";
import { type EntrepotError, isEntrepotError } from "../../error/index.ts";
import { labelsOf } from "./frame-values.ts";
import { Budget, type PickleLimits } from "./limits.ts";
import { pickleOf } from "./read.ts";
import { pickleBytes } from "./write.ts";

const latin1 = (text: string) => Buffer.from(text, "latin1");
const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes.toString("latin1");
};
const u64 = (value: bigint) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes.toString("latin1");
};

/** What reading ends as. */
function outcome(pickle: string | Uint8Array, limits?: PickleLimits): string {
  try {
    pickleOf(typeof pickle === "string" ? latin1(pickle) : pickle, { limits });
    return "value";
  } catch (error) {
    return isEntrepotError(error) ? error.code : `${(error as Error).stack}`;
  }
}

const fixtures = new URL("../../../tests/fixtures/pickles/", import.meta.url);
const pythons = readdirSync(fixtures).flatMap((file) =>
  readFileSync(new URL(file, fixtures), "utf8")
    .trim()
    .split("\n")
    .flatMap((line) => Object.values<string>(JSON.parse(line).pickles))
    .map((pickle) => Buffer.from(pickle, "base64"))
    .filter(({ length }) => length < 12_000),
);
/** Ours are made of other names. */
const ours = pythons.filter((_, at) => at % 4 === 0).map((pickle) => pickleBytes(pickleOf(pickle)));
const seeds: readonly Uint8Array[] = [...pythons, ...ours];

describe("nothing is run", () => {
  test.each<string>(hostile.pickle_b64_must_not_execute)("%s", (pickle) => {
    expect(outcome(Buffer.from(pickle, "base64"))).toMatch(/^(?:unsupported|malformed)$/);
  });

  test.each([
    "cos\nsystem\n(S'echo'\ntR.",
    "c__builtin__\neval\n(S'1'\ntR.",
    "cbuiltins\nexec\n(S'1'\ntR.",
    "cbuiltins\n__import__\n(S'os'\ntR.",
    "csubprocess\nPopen\n(S'ls'\ntR.",
    "coperator\nmul\n(K\x02K\x03tR.",
    "cfunctools\npartial\n(tR.",
    "(ios\nsystem\n.",
    "cbuiltins\ngetattr\n(cos\nsystem\nS'x'\ntR.",
    "cnumpy.f2py.crackfortran\nmyeval\n(S'1'\ntR.",
    "cpandas.core.computation.eval\neval\n.",
    "ctorch.storage\n_load_from_bytes\n(tR.",
    "\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x01x\x85R.",
  ])("%j is refused by its name", (pickle) => {
    expect(outcome(pickle)).toBe("unsupported");
  });

  test.each([
    ["a number is called", "K\x01)R."],
    ["text is called", "S'x'\n)R."],
    ["a name below a name that is not on the list", "cbuiltins\ngetattr\n(czoneinfo\nZoneInfo\nS'__class__'\ntR."],
    ["a name below a value", "cbuiltins\ngetattr\n(K\x01S'x'\ntR."],
    ["the state of a list", "]}b."],
    ["a dict's state with a key of its own", "}S'__proto__'\n}sb."],
  ])("%s", (_, pickle) => {
    expect(outcome(pickle)).toMatch(/^(?:unsupported|malformed)$/);
  });
});

describe("what is declared is not believed", () => {
  test.each([
    ["a text of 2^63 bytes", `\x80\x04\x8d${u64(2n ** 63n)}x.`],
    ["bytes of 2^64 - 1 bytes", `\x80\x04\x8e${u64(2n ** 64n - 1n)}x.`],
    ["a bytearray of 2^63 bytes", `\x80\x05\x96${u64(2n ** 63n)}x.`],
    ["a text of 4 GB", `\x80\x02X${u32(2 ** 32 - 1)}x.`],
    ["bytes that are not all there", "C\x05ab"],
    ["a float that is not all there", "G\x00\x00"],
    ["a number of 32 bits that is not all there", "J\x00"],
    ["a line without an end", "I5"],
    ["a frame longer than the file", `\x80\x04\x95${u64(1000n)}N.`],
    ["a whole number of 2^31 bytes", `\x80\x02\x8b${u32(2 ** 31 - 1)}\x01.`],
  ])("%s is truncated", (_, pickle) => {
    expect(outcome(pickle)).toBe("truncated");
  });

  test.each([
    ["a negative length", `\x80\x02\x8b${u32(2 ** 31)}\x01.`],
    ["a memo that was never filled", "h\x05."],
    ["a place of the memo that is none", "Np-1\n."],
    ["an empty stack", "."],
    ["a mark that is missing", "t."],
    ["a key without a value", "}(K\x01u."],
    ["an operation that is none", "\xff."],
    ["a whole number that is none", "I0x10\n."],
    ["a float that is none", "F1e\n."],
    ["a text that is not UTF-8", "X\x01\x00\x00\x00\xff."],
    ["items of what holds none", "K\x01K\x02a."],
  ])("%s is malformed", (_, pickle) => {
    expect(outcome(pickle)).toBe("malformed");
  });

  test.each([
    ["a persistent id", "Pabc\n."],
    ["an extension code", "\x82\x01."],
    ["a buffer kept elsewhere", "\x80\x05\x97."],
    ["a later protocol", "\x80\x06N."],
  ])("%s is unsupported", (_, pickle) => {
    expect(outcome(pickle)).toBe("unsupported");
  });

  test("a place far out in the memo costs nothing", () => {
    expect(outcome(`K\x01r${u32(2 ** 32 - 1)}j${u32(2 ** 32 - 1)}.`)).toBe("value");
    expect(outcome("K\x01p999999999999999\n.")).toBe("value");
  });

  const array = (shape: string, dtype: string, data: string) =>
    `cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(K\x00tC\x01btR(K\x01${shape}cnumpy\ndtype\n(S'${dtype}'\ntR\x89${data}tb.`;

  test.each([
    ["more values than bytes", array("(K\x7ft", "f8", "C\x08aaaaaaaa")],
    [
      "a shape beyond all numbers",
      array(`(\x8a\x07${"\xff".repeat(6)}\x0f\x8a\x07${"\xff".repeat(6)}\x0ft`, "f8", "C\x00"),
    ],
    ["very many values of no size", array(`(\x8a\x07${"\xff".repeat(6)}\x0ft`, "U0", "C\x00")],
    ["very many objects that are not there", array(`(\x8a\x07${"\xff".repeat(6)}\x0ft`, "O8", "]")],
  ])("an array of %s is refused", (_, pickle) => {
    expect(outcome(pickle)).toMatch(/^(?:malformed|unsupported|limit-exceeded)$/);
  });
});

describe("a bomb", () => {
  const times = (count: number, text: string) => text.repeat(count);

  test("of lists in one another is stopped by maxDepth", () => {
    expect(outcome(`${times(999, "]")}${times(998, "a")}.`)).toBe("value");
    expect(outcome(`${times(300_000, "]")}${times(299_999, "a")}.`)).toBe("limit-exceeded");
    expect(outcome(`)${times(10_000, "\x85")}.`)).toBe("limit-exceeded");
    expect(outcome(`)${times(10_000, "\x85")}.`, { maxDepth: 20_000 })).toBe("value");
  });

  test("of what holds itself ends", () => {
    expect(outcome(`]q\x00${times(2_000, "]")}${times(2_000, "h\x00a0")}h\x00a.`)).toMatch(/^(?:value|malformed)$/);
  });

  test("that doubles by reference stays as small as it is written", () => {
    const doubling = Array.from(
      { length: 200 },
      (_, at) => `(h${String.fromCharCode(at)}h${String.fromCharCode(at)}lq${String.fromCharCode(at + 1)}`,
    );
    expect(outcome(`]q\x00${doubling.join("0")}.`)).toBe("value");
  });

  test.each([
    ["very many sets", `(${times(100_000, "\x8f")}t.`],
    ["very many dicts", `(${times(100_000, "}")}t.`],
    [
      "a list that is copied again and again",
      `(${times(5_000, "N")}lq\x00cbuiltins\nset\nq\x01${times(5_000, "h\x01(h\x00tR0")}N.`,
    ],
    [
      "bytes that are made again and again",
      `C\xff${times(255, "a")}q\x00cbuiltins\nlist\nq\x01(${times(5_000, "N")}lq\x02${times(5_000, "h\x01(h\x02tR0")}.`,
    ],
  ])("of %s is stopped by maxBytes", (_, pickle) => {
    expect(outcome(pickle, { maxBytes: 10_000_000 })).toBe("limit-exceeded");
  });

  test("of digits is stopped", () => {
    expect(outcome(`I${times(30_000, "9")}\n.`)).toBe("limit-exceeded");
    expect(outcome(`\x80\x02\x8b${u32(2_000_000)}${times(2_000_000, "\x7f")}.`)).toBe("limit-exceeded");
  });

  test("of rows that a counted index only says there are makes nothing", () => {
    const index = `cpandas.core.indexes.base\n_new_Index\n(cpandas\nRangeIndex\n}(S'start'\nK\x00S'stop'\n\x8a\x07${"\xff".repeat(6)}\x0fS'step'\nK\x01utR`;
    expect(outcome(`${index}.`)).toBe("value");
    const frame = `cpandas\nDataFrame\n)\x81}S'_mgr'\ncpandas.core.internals.managers\nBlockManager\n()(${index}${index}ltRsb.`;
    expect(outcome(frame)).toBe("malformed");
    const made = `cpandas\nDataFrame\n(}NtR}S'columns'\n${index}sb.`;
    expect(outcome(made)).toBe("malformed");
  });

  test("of labels that a range counts out is stopped by maxBytes", () => {
    const range = { kind: "range", name: null, start: 0, stop: 10_000, step: 1 } as const;
    expect(labelsOf(range, new Budget({ maxBytes: 80_000 }))).toHaveLength(10_000);
    expect(() => labelsOf(range, new Budget({ maxBytes: 79_999 }))).toThrow(/more than 79999 bytes/);
  });
});

test("cut short at every byte, a pickle is truncated or malformed, never a value", () => {
  for (const seed of seeds.filter((_, at) => at % 41 === 0)) {
    const step = Math.max(1, Math.floor(seed.length / 250));
    for (let length = 0; length < seed.length - 1; length += step)
      expect(outcome(seed.subarray(0, length))).toMatch(/^(?:truncated|malformed)$/);
  }
});

describe("mutants", () => {
  /** As many as the environment asks for: `npm run test` tries a few thousand, a million take some minutes. */
  const count = Number(process.env["PICKLE_MUTANTS"] ?? 2_500);

  test(`${count} of them are values or typed errors, quick, and change no prototype`, { timeout: 3_600_000 }, () => {
    const random = randomFrom(Number(process.env["PICKLE_SEED"] ?? 1));
    const prototypes = [Object, Array, Map, Set, Function, Uint8Array, String].map((each) => each.prototype);
    const names = () => prototypes.map((each) => Reflect.ownKeys(each).length);
    const before = names();
    const ends: Record<string, number> = {};
    let slowest = 0;
    for (let turn = 0; turn < count; turn++) {
      const mutant = mutate(seeds, random);
      const began = performance.now();
      const end = outcome(mutant, { maxBytes: 100_000_000 });
      slowest = Math.max(slowest, performance.now() - began);
      ends[end] = (ends[end] ?? 0) + 1;
      if (!/^(?:value|truncated|malformed|unsupported|limit-exceeded)$/.test(end))
        throw new Error(`${end}\n${Buffer.from(mutant).toString("base64")}`);
    }
    expect(names()).toEqual(before);
    expect(slowest).toBeLessThan(1_000);
    expect(ends["value"]).toBeGreaterThan(0);
    expect(ends["malformed"]).toBeGreaterThan(0);
    if (count > 10_000) console.log(count, "mutants", ends, "slowest", Math.round(slowest), "ms");
  });
});

/** Numbers from 0 to below `below`, the same for the same seed. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const operations = latin1(
  "().012FIJKLMNPQRSTUVX]abcdeghijlopqrstu}\x80\x81\x85\x86\x87\x88\x8a\x8b\x8c\x8d\x8e\x8f\x90\x91\x92\x93\x94\x95\x96",
);

function mutate(from: readonly Uint8Array[], random: (below: number) => number): Uint8Array {
  let bytes: Uint8Array = Uint8Array.from(from[random(from.length)] as Uint8Array);
  for (let turns = 1 + random(4); turns > 0; turns--) {
    const at = random(bytes.length);
    const kind = random(7);
    if (kind === 0) bytes[at] = random(256);
    else if (kind === 1) bytes[at] = operations[random(operations.length)] as number;
    else if (kind === 2) bytes[at] = (bytes[at] as number) ^ (1 << random(8));
    else if (kind === 3) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random(8))]);
    else if (kind === 4) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(random(bytes.length))]);
    else if (kind === 5) {
      const other = from[random(from.length)] as Uint8Array;
      const start = random(other.length);
      bytes = Buffer.concat([bytes.subarray(0, at), other.subarray(start, start + random(60)), bytes.subarray(at)]);
    } else bytes.fill(random(2) === 0 ? 0xff : 0, at, Math.min(bytes.length, at + 1 + random(8)));
    if (bytes.length === 0) return bytes;
  }
  return bytes;
}

test("an error says where, and nothing of what is there", () => {
  const secret = latin1("\x80\x04\x8c\x06secret\xffN.");
  const error = (() => {
    try {
      return pickleOf(secret, { uri: "s3://b/k" });
    } catch (thrown) {
      return thrown as EntrepotError;
    }
  })() as EntrepotError;
  expect(error).toMatchObject({ code: "malformed", uri: "s3://b/k", retryable: false });
  expect(error.message).toMatch(/\(at byte 11\)$/);
  expect(JSON.stringify(error)).not.toContain("secret");
});
