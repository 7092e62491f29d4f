/** A process of its own that uses a shared cache folder, for `src/cache/processes.test.ts`. Prints one line of JSON. */
import { readFile } from "node:fs/promises";
import { openCache, openCircuit } from "../src/cache/index.ts";
import { openNodeDisk } from "../src/disk/index.ts";
import { isEntrepotError } from "../src/error/index.ts";
import { openLocalStore, readBytes } from "../src/store/index.ts";
import { isContent, makeContent } from "./cache-content.ts";

const [dir = "", remote = "", rounds = "0", seed = "1"] = process.argv.slice(2);
const disk = openNodeDisk();
const cache = openCache({ disk, dir, now: Date.now, host: "host", maxBytes: 3_000_000 });
const circuit = openCircuit(Date.now);
const identity = ["local", remote];
const online = cache.wrap(openLocalStore({ disk, root: remote, uri: "s3://bucket/" }), {
  identity,
  circuit,
  network: "online",
});
const offline = cache.wrap(openLocalStore({ disk, root: remote, uri: "s3://bucket/" }), {
  identity,
  circuit,
  network: "offline",
});

let state = Number(seed);
const random = (below: number): number => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
};

const tally = { reads: 0, wrong: 0, errors: [] as string[] };
const check = (bytes: Uint8Array): void => {
  tally.reads += 1;
  if (!isContent(bytes)) tally.wrong += 1;
};

const actions: readonly ((key: string) => Promise<unknown>)[] = [
  async (key) => check((await readBytes(online, key)).bytes),
  async (key) => check((await readBytes(online, key)).bytes),
  async (key) => check((await readBytes(online, key)).bytes),
  async (key) => check((await readBytes(offline, key)).bytes),
  async (key) => {
    const held = await online.hold(key);
    check(await readFile(held.path));
    // The others prune, clear and replace meanwhile.
    await readBytes(online, `k${random(6)}`);
    check(await readFile(held.path));
    await held.close();
  },
  (key) => online.write(key, makeContent(random(1_000_000), 1 + random(600_000))),
  () => cache.prune({ maxBytes: 1_000_000 }),
  async () => (random(10) === 0 ? cache.clear() : cache.verify({ repair: true })),
];

for (let round = 0; round < Number(rounds); round += 1) {
  const key = `k${random(6)}`;
  try {
    await actions[random(random(4) === 0 ? actions.length : 5)]?.(key);
  } catch (error) {
    const isExpected = isEntrepotError(error, "not-cached", "changed");
    if (!isExpected) tally.errors.push(String(error));
  }
}
await cache.close();
process.stdout.write(`${JSON.stringify(tally)}\n`);
