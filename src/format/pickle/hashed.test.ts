import { describe, expect, test } from "vitest";
import { isEntrepotError } from "../../error/index.ts";
import { pickleOf } from "./read.ts";

const latin1 = (text: string) => Buffer.from(text, "latin1");

/** What reading ends as. */
function outcome(pickle: string): string {
  try {
    pickleOf(latin1(pickle));
    return "value";
  } catch (error) {
    return isEntrepotError(error) ? error.code : `${(error as Error).stack}`;
  }
}

describe("what Python refuses, or takes for one, is no value here either", () => {
  test.each<[string, string]>([
    ["a list as a key", "}(]K\x01u."],
    ["a dict as a key", "}(}K\x01u."],
    ["a set as a key", "\x80\x04}(\x8fK\x01u."],
    ["a tuple that holds a list as a key", "}(]\x85K\x01u."],
    ["a list in a set", "\x80\x04\x8f(]\x90."],
    ["a list in a frozenset", "\x80\x04(]\x91."],
    ["a list as a key of an OrderedDict", "ccollections\nOrderedDict\n(]](]K\x01eatR."],
    ["a list in a set of a list", "cbuiltins\nset\n(](]etR."],
    ["a tuple that is appended to", "(K\x01tq\x00K\x02a."],
    ["a tuple in a list that is appended to", "](K\x01K\x02tq\x00ah\x00(K\x03e0."],
    ["1 and True as keys of one dict", "}(K\x01K\x02\x88K\x03u."],
    ["0 and False in one set", "\x80\x04\x8f(K\x00\x89\x90."],
    [
      "a float and the int of its value",
      `}(G\x44\x00\x00\x00\x00\x00\x00\x00K\x02\x8a\x09${"\0".repeat(8)}\x02K\x03u.`,
    ],
  ])("%s", (_, pickle) => {
    expect(outcome(pickle)).toBe("malformed");
  });

  test("NaN twice in a dict or a set is unsupported: JavaScript knows one", () => {
    const nan = "G\x7f\xf8\x00\x00\x00\x00\x00\x00";
    expect(outcome(`}(${nan}K\x01${nan}K\x02u.`)).toBe("unsupported");
    expect(outcome(`\x80\x04\x8f(${nan}${nan}\x90.`)).toBe("unsupported");
    expect(pickleOf(latin1(`}(${nan}K\x01u.`))).toEqual(new Map([[Number.NaN, 1]]));
  });

  test("what is a key in Python is one here, whatever it became", () => {
    const keyed = (key: string, classes = {}) => pickleOf(latin1(`}(${key}K\x01u.`), { classes });
    expect(keyed("(K\x01K\x02t")).toEqual(new Map([[[1, 2], 1]]));
    expect(keyed("(K\x01(K\x02tt")).toEqual(new Map([[[1, [2]], 1]]));
    expect([...(keyed("cbuiltins\nrange\n(K\x00K\x03K\x01tR") as Map<unknown, unknown>).values()]).toEqual([1]);
    const point = (_: unknown, { args }: { args: readonly unknown[] }) => [...args];
    expect(keyed("cmodel\nPoint\n(K\x01tR", { "model.Point": point })).toEqual(new Map([[[1], 1]]));
    expect(pickleOf(latin1("}(\x88K\x01K\x02K\x03u."))).toEqual(
      new Map<unknown, unknown>([
        [true, 1],
        [2, 3],
      ]),
    );
  });
});
