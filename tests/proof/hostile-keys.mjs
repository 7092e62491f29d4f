/** Keys that somebody might choose to break out of a folder, or that two names of a disk might merge. */
import { readFileSync } from "node:fs";

/** @type {{ keys: string[], key_pairs_that_must_not_collide: [string, string][] }} */
const fixtures = JSON.parse(readFileSync(new URL("../fixtures/hostile-inputs.json", import.meta.url), "utf8"));

export const known = [
  ...fixtures.keys,
  ...fixtures.key_pairs_that_must_not_collide.flat(),
  "x".repeat(255),
  "x".repeat(256),
  "ü".repeat(300),
  "y".repeat(1_024),
  `${"d/".repeat(511)}f`,
].filter((key, index, all) => all.indexOf(key) === index);

const atoms = [
  ..."/\\.:~ -+%?*<>|\"'`$&;#@!=\t\n\r\u0000\u0001\u001b\u007f\u0085\u202e\u200d\ufeff\ufffd",
  ..."aAbBxX019_éßıİſKﬀ．∕😀中",
  ...[
    "..",
    "../",
    "/..",
    "./",
    "//",
    "..\\",
    "%2e%2e",
    "%2f",
    "%00",
    "e\u0301",
    "CON",
    "con.txt",
    "aux.json",
    "LPT9",
    "C:",
  ],
  ...[
    "file",
    "Data",
    "data",
    ".csv",
    ".CSV",
    ".csv.gz",
    ".json",
    ".tmp",
    ".entrepot-",
    "objects",
    "v1",
    "leases",
    "-",
    "@",
    "+",
  ],
  ...[
    "__proto__",
    "constructor",
    "etc/passwd",
    ".git/config",
    "a".repeat(64),
    "0123456789abcdef".repeat(4),
    "a".repeat(250),
  ],
];

/** What a careless disk makes the same: another case, another normal form, a slash or a dot more. @type {((key: string) => string)[]} */
const twins = [
  (key) => key.toUpperCase(),
  (key) => key.toLowerCase(),
  (key) => key.normalize("NFC"),
  (key) => key.normalize("NFD"),
  (key) => key.normalize("NFKC"),
  (key) => `${key}/`,
  (key) => `${key}.`,
  (key) => `${key} `,
  (key) => `./${key}`,
  (key) => key.replace("/", "//"),
  (key) => key.replaceAll("/", "\\"),
  (key) => encodeURIComponent(key),
];

/** Endless, all different from each other and from those that are known, at most 1,024 bytes, each followed by some of its twins. @param {import("./random.mjs").Random} random @returns {Generator<string, never, undefined>} */
export function* hostileKeys(random) {
  /** @type {Set<string>} */
  const seen = new Set(known);
  const isNew = (/** @type {string} */ key) => {
    if (key === "" || seen.has(key) || Buffer.byteLength(key) > 1_024) return false;
    seen.add(key);
    return true;
  };
  for (;;) {
    let key = "";
    for (let left = 1 + random.below(8); left > 0; left -= 1) key += random.of(atoms);
    if (isNew(key)) yield key;
    for (const twin of [random.of(twins)(key), random.of(twins)(key)]) if (isNew(twin)) yield twin;
  }
}
