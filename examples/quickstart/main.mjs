/**
 * Real public data through S3, the cache, offline, and back from damage. `npm run quickstart` needs no credentials and
 * no network: it brings its own server. With --bucket it does the same against yours.
 */
import assert from "node:assert/strict";
import { open, readFile } from "node:fs/promises";
import { entrepot } from "entrepot";
import { dataSets } from "./data-sets.mjs";
import { openPlace } from "./place.mjs";
import { Story } from "./story.mjs";

const place = await openPlace(process.argv.slice(2));
const story = new Story();

// Two people with one bucket: a writer who keeps nothing, a reader with an empty cache.
const settings = { ...place.settings, onEvent: story.onEvent };
const writer = entrepot({ ...settings, cache: false });
const cache = { dir: place.cacheFolder };
const reader = entrepot({ ...settings, cache });

try {
  await story.opening(dataSets, place);

  await story.step("upload", async () => {
    for (const { name, file } of dataSets) await writer.writeBytes(place.folder + name, await readFile(file));
    return `${dataSets.length} files written to ${place.folder}`;
  });

  await story.step("cold read", async () => {
    await readAll(reader);
    return "nothing was here yet, so every byte came over the socket; compared with the source files: equal";
  });

  await story.step("warm read", async ({ received }) => {
    await readAll(reader);
    assert.equal(received(), 0, "a warm read fetches no body");
    return "one question for each file, “still the same?”; the server said so (304), and no body was sent";
  });

  await place.stopServer();
  await story.step("offline read", async ({ requests }) => {
    const offline = entrepot({ ...settings, cache, network: "offline" });
    await readAll(offline);
    await offline.close();
    assert.equal(requests(), 0, "an offline read sends no packet");
    return `${place.isOurs ? "the server is stopped" : "the network is switched off"}; the same calls, the same bytes, not one packet`;
  });
  await place.startServer();

  const { name, file } = dataSets[0];
  await flipOneBit(await pathOfCopy(place.folder + name));
  await story.step("damaged, healed", async ({ requests }) => {
    const healer = entrepot({ ...settings, cache });
    assert.deepEqual(await healer.readBytes(place.folder + name), await bytesOf(file));
    await healer.close();
    assert.ok(requests() > 0, "a damaged copy is fetched again");
    return `one bit of the local copy of ${name} was flipped on disk; noticed, fetched again, equal`;
  });

  await story.step("healed for good", async ({ received }) => {
    await readAll(reader);
    assert.equal(received(), 0, "the healed copy is the right one");
    return "and warm again: the copy on disk has been mended";
  });

  const rows = await reader.readCsv(`${place.folder}stocks.csv`);
  story.ending(rows, place);
} finally {
  await place.cleanUp(reader);
  await Promise.all([reader.close(), writer.close()]);
}

/** Reads every data set and compares it with its source. @param {import("entrepot").Depot} depot */
async function readAll(depot) {
  for (const { name, file } of dataSets)
    assert.deepEqual(await depot.readBytes(place.folder + name), await bytesOf(file), `${name} is not its source file`);
}

/** @param {string} uri */
async function pathOfCopy(uri) {
  const copy = await reader.localCopy(uri);
  await copy.close();
  return copy.path;
}

/** What a dying disk does. @param {string} path */
async function flipOneBit(path) {
  const file = await open(path, "r+");
  const { size } = await file.stat();
  const byte = new Uint8Array(1);
  await file.read(byte, 0, 1, size >> 1);
  byte[0] = (byte[0] ?? 0) ^ 1;
  await file.write(byte, 0, 1, size >> 1);
  await file.close();
}

/** @param {string} file */
async function bytesOf(file) {
  return new Uint8Array(await readFile(file));
}
