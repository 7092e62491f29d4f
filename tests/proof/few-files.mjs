/** A process of its own that may open few files and brings many objects here, all at once. Says as one line of JSON what was wrong. */
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { cacheModule } from "./caches.mjs";
import { flawOf } from "./content.mjs";

const { cache: name, endpoint, dir, count } = JSON.parse(process.argv[2] ?? "{}");
const keys = Array.from({ length: count }, (_, index) => `many/${index}`);
/** @type {string[]} */
const wrong = [];
/** @type {string[]} */
const warnings = [];
const { open } = await cacheModule(name);
const data = open({ endpoint, dir, onWarning: (warning) => void warnings.push(warning) });

/** What we open ourselves has to wait like everything else. @template T @param {() => T} work */
async function patiently(work) {
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (!String(error).includes("EMFILE")) throw error;
      await sleep(5);
    }
  }
}

/** @param {string} key @param {number} index */
async function bring(key, index) {
  try {
    const flaw =
      index % 20 === 1
        ? await data.withCopy(key, async (path) => flawOf(await patiently(() => readFileSync(path)), key))
        : flawOf(await data.read(key), key);
    if (flaw) wrong.push(`${key}: ${flaw}`);
  } catch (error) {
    wrong.push(`${key}: ${error}`);
  }
}

await Promise.all(keys.map(bring));
await data.close();
if (warnings.length > 1) wrong.push(`${warnings.length} warnings: ${warnings.join(" | ")}`);
process.stdout.write(`${JSON.stringify({ tried: keys.length, wrong, warnings })}\n`);
