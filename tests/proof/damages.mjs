/** What may happen to the files of an entry, by whom or what ever. Each changes files and nothing else. */
import { execFile } from "node:child_process";
import {
  link,
  mkdir,
  open,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  unlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { promisify } from "node:util";

/** @typedef {import("./proof.ts").EntryFiles} EntryFiles */
/** @typedef {{ entry: EntryFiles, other: EntryFiles, random: import("./random.mjs").Random, strange: string }} Target `strange`: a path outside the cache, free for use */

const run = promisify(execFile);

/** @param {string} path @param {import("./random.mjs").Random} random @param {boolean} [isHidden] with the times that it had */
async function flip(path, random, isHidden = false) {
  const { atime, mtime, size } = await stat(path);
  const file = await open(path, "r+");
  try {
    const byte = Buffer.alloc(1);
    const at = random.below(size);
    await file.read(byte, 0, 1, at);
    byte[0] = (byte[0] ?? 0) ^ (1 << random.below(8));
    await file.write(byte, 0, 1, at);
  } finally {
    await file.close();
  }
  if (isHidden) await utimes(path, atime, mtime);
}

/** @param {string} path @param {import("./random.mjs").Random} random */
async function cut(path, random) {
  await truncate(path, random.below((await stat(path)).size));
}

/** @param {string} one @param {string} two */
async function swap(one, two) {
  await rename(one, `${one}.x`);
  await rename(two, one);
  await rename(`${one}.x`, two);
}

/** @param {string} path @param {import("./random.mjs").Random} random */
const noise = async (path, random) => {
  const { size } = await stat(path);
  await writeFile(path, Buffer.from(Array.from({ length: size }, () => random.below(256))));
};

/** @param {string} path @param {() => Promise<unknown>} make */
async function inPlaceOf(path, make) {
  await rm(path);
  await make();
}

/** @type {Record<string, (target: Target) => Promise<unknown>>} */
export const damages = {
  "data of zero length": ({ entry }) => truncate(entry.data, 0),
  "data cut": ({ entry, random }) => cut(entry.data, random),
  "data too long": ({ entry }) => writeFile(entry.data, "x", { flag: "a" }),
  "a bit of the data flipped": ({ entry, random }) => flip(entry.data, random),
  "a bit of the data flipped, its times kept": ({ entry, random }) => flip(entry.data, random, true),
  "zeros for data": async ({ entry }) => {
    const { size } = await stat(entry.data);
    await truncate(entry.data, 0);
    await truncate(entry.data, size);
  },
  "noise for data": ({ entry, random }) => noise(entry.data, random),
  "the end of the data zeroed": async ({ entry, random }) => {
    const { size } = await stat(entry.data);
    await cut(entry.data, random);
    await truncate(entry.data, size);
  },
  "data without a record": ({ entry }) => unlink(entry.record),
  "a record without data": ({ entry }) => unlink(entry.data),
  "a record of zero length": ({ entry }) => truncate(entry.record, 0),
  "a record cut": ({ entry, random }) => cut(entry.record, random),
  "a bit of the record flipped": ({ entry, random }) => flip(entry.record, random),
  "garbage for a record": ({ entry, random }) => noise(entry.record, random),
  "JSON of another kind for a record": ({ entry }) => writeFile(entry.record, '{"v":2,"etag":"x"}'),
  "the record of another entry": async ({ entry, other }) => writeFile(entry.record, await readFile(other.record)),
  "the data of another entry": async ({ entry, other }) => writeFile(entry.data, await readFile(other.data)),
  "two entries' data swapped": ({ entry, other }) => swap(entry.data, other.data),
  "two entries' records swapped": ({ entry, other }) => swap(entry.record, other.record),
  "two entries swapped whole": async ({ entry, other }) => {
    await swap(entry.data, other.data);
    await swap(entry.record, other.record);
  },
  "a folder in place of the data": ({ entry }) =>
    inPlaceOf(entry.data, () => mkdir(`${entry.data}/sub`, { recursive: true })),
  "a folder in place of the record": ({ entry }) => inPlaceOf(entry.record, () => mkdir(entry.record)),
  "a link in place of the data": ({ entry, other }) => inPlaceOf(entry.data, () => symlink(other.data, entry.data)),
  "a link in place of the record": ({ entry, other }) =>
    inPlaceOf(entry.record, () => symlink(other.record, entry.record)),
  "a link to nothing in place of the data": ({ entry, strange }) =>
    inPlaceOf(entry.data, () => symlink(strange, entry.data)),
  "a hard link in place of the data": async ({ entry, random, strange }) => {
    await writeFile(strange, await readFile(entry.data));
    await inPlaceOf(entry.data, () => link(strange, entry.data));
    await flip(strange, random);
  },
  "a pipe in place of the data": ({ entry }) => inPlaceOf(entry.data, () => run("mkfifo", [entry.data])),
  "a pipe in place of the record": ({ entry }) => inPlaceOf(entry.record, () => run("mkfifo", [entry.record])),
};
