/** Keys that tools of this kind have tripped over: each comes back byte for byte, or is refused with a typed error. */
import assert from "node:assert/strict";
import { compareKeys } from "../../uri/index.ts";
import { encode, failure, forEachOf, type SubjectCase } from "./subject.ts";

/** All harmless. Published so that other layers can be held against the same list. */
export const hostileKeys: readonly string[] = [
  ...["../x", "../../x", "a/../b", "a/..", "./x", "a/./b", "/etc/passwd", "/lead", "a//b", "tr/", "a/", ".", ".."],
  ...["~", "~user/.ssh/x", "..\\x", "\\x", "x\\..\\..\\..\\y", "\\\\srv\\share\\x", "C:\\x", "C:x", "back\\slash"],
  ...["a:b", "CON", "con.txt", "COM1", "trail ", "trail.", " lead", "a|b", "a?b", "a*b", "a<b>", 'a"b', "a'b", "a#b"],
  ...["\u0000", "nul\u0000in", "a\u0001b", "tab\tin", "line\nin", "return\rin", "\u001b[31mred", "\u007f", "\u0085x"],
  ...["a+b", "a b", "a%2Bb", "a%b", "100%", "%2e%2e/x", "%2e%2e%2fx", "..%2fx", "%00", "a&b=c;d", "a,b@c$d!e(f)"],
  ...["\u00e9", "e\u0301", "\u00df", "ss", "\ufb00", "i\u0307", "\u202egnp.exe", "\u200b", "\u2028", "\ufeffbom"],
  ...["Data.csv", "data.csv", "\uff0e\uff0e/x", "\u2215etc", "\u201b00", "\u{1f600}", "\ufffd", "\uffff", "\ud800"],
  ...[
    "-rf",
    "--help",
    "`id`",
    "$(id)",
    ".git/config",
    ".npmrc",
    ".hidden",
    "__proto__",
    "constructor",
    "hasOwnProperty",
  ],
  ...["soap", "x?versionId=1", "[a]", "{b}", "<?xml", "]]>", "&amp;", "https://x/y", "s".repeat(255), "s".repeat(256)],
  ...[
    "\u20ac".repeat(85),
    "\u20ac".repeat(100),
    "d/".repeat(200).concat("deep"),
    "k".repeat(200).concat("/").repeat(4),
  ],
  ...[".entrepot-0123456789abcdef0123456789abcdef.tmp", ".entrepot-0123456789abcdef0123456789abcdef.lock"],
];

export const keys: readonly SubjectCase[] = [
  {
    name: "hostile keys come back byte for byte, or are refused with a typed error",
    run: async ({ store, prefix, traits, text, names }) => {
      const cannot = (key: string): boolean => traits.cannotHold?.(prefix + key) !== undefined;
      for (const key of hostileKeys.filter(cannot)) {
        const refused = failure(
          store.write(prefix + key, encode(key)),
          "unsafe-key",
          "unrepresentable-name",
          "invalid-address",
        );
        await refused.catch((error: unknown) => {
          throw new Error(`${JSON.stringify(key)} is not refused`, { cause: error });
        });
      }
      const held = hostileKeys.filter((key) => !cannot(key));
      await forEachOf(held, async (key) => void (await store.write(prefix + key, encode(`value of ${key}`))));
      await forEachOf(held, async (key) => {
        assert.equal(await text(key), new TextDecoder().decode(encode(`value of ${key}`)), JSON.stringify(key));
        assert.equal((await store.stat(prefix + key)).key, prefix + key);
      });
      assert.deepEqual((await names()).objects, held.toSorted(compareKeys));
      await forEachOf(held, (key) => store.delete(prefix + key));
      assert.deepEqual((await names()).objects, []);
    },
  },
  {
    name: "an object and a folder of one name are two things, or the second is refused",
    run: async ({ traits, write, text, names }) => {
      await write("foo", "object");
      await write("bar/baz", "below");
      const below = (): Promise<string> => write("foo/bar", "below");
      const above = (): Promise<string> => write("bar", "object");
      if (traits.filesAndFoldersClash === true) {
        await failure(below(), "unrepresentable-name");
        await failure(above(), "unrepresentable-name");
        assert.deepEqual((await names()).objects, ["bar/baz", "foo"]);
      } else {
        await below();
        await above();
        assert.deepEqual((await names()).objects, ["bar", "bar/baz", "foo", "foo/bar"]);
        assert.equal(await text("foo/bar"), "below");
      }
      assert.equal(await text("foo"), "object");
      assert.equal(await text("bar/baz"), "below");
    },
  },
];
