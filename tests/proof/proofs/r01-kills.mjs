/** Readers and writers are killed at random moments; what they leave must be whole, and in nobody's way. */
import { readFile, stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { flawOf } from "../content.mjs";
import { put } from "../stage.mjs";

/** @typedef {import("../stage.mjs").Stage} Stage */

const keys = Array.from({ length: 12 }, (_, index) => `folder ${index % 3}/object-${index}.bin`);
const mostBytes = 900_000;
/** At once, so that some are killed while others read and write the same. */
const processes = 3;

/** @type {import("../proof.ts").Proof} */
export const proof = {
  id: "R01",
  title:
    "Killed at any moment, no process leaves a torn file under a final name, nor anything that cannot be collected",
  target: "10,000 kill -9",
  bad: { "in-place": /under a final name|bytes|version/, "no-sweep": /cannot be collected/ },
  async run(stage) {
    const server = await stage.server();
    // Slow enough to be killed in the middle of.
    server.inject({ method: "GET", times: Number.POSITIVE_INFINITY, effect: { bandwidth: 30_000_000 } });
    for (const [index, key] of keys.entries()) await put(server, key, index, stage.random.size(32, mostBytes));
    const dir = await stage.folder("cache");
    const survivor = await stage.worker(server, dir);
    const files = finalFilesOf(stage, dir);
    let left = stage.size(stage.untilWrong ? 60 : 150, 10_000);

    const slot = async () => {
      for (; left > 0 && !stage.isOver; left -= 1) {
        // After so many calls and a moment more, so that a slow machine is killed in the middle of work, too.
        let calls = stage.random.below(8);
        /** @type {(value?: undefined) => void} */
        let reach = () => undefined;
        const reached = new Promise((resolve) => {
          reach = resolve;
        });
        const onNote = (/** @type {import("../proof.ts").Finding} */ { wrong }) => {
          stage.add({ tried: 0, wrong });
          calls -= 1;
          if (calls <= 0) reach();
        };
        const worker = await stage.worker(server, dir, { onNote });
        const seed = stage.random.below(2 ** 31);
        const roaming = worker.ask("roam", { seed, keys, rounds: 1_000_000, mostBytes, maxBytes: 2_000_000 });
        await Promise.race([roaming, reached]).catch(() => undefined);
        await sleep(stage.random.below(25));
        await worker.kill();
        await roaming.catch(() => undefined);
        stage.count();
        await files.check();
        const some = [stage.random.of(keys), stage.random.of(keys)];
        for (const job of ["offlineReads", "reads"])
          stage.add({ ...(await survivor.ask(job, { keys: some })), tried: 0 });
      }
    };
    await Promise.all(Array.from({ length: processes }, slot));
    await survivor.kill();
    if (!stage.isOver) await collect(stage, server, dir);
    stage.tell(`${files.seen()} files seen`);
  },
};

/** Looks at every file of the folder once for each of its states. @param {Stage} stage @param {string} dir */
function finalFilesOf(stage, dir) {
  /** @type {Set<string>} */
  const seen = new Set();
  const check = async () => {
    const { finalFiles } = await stage.module();
    for (const path of await finalFiles(dir)) {
      // A name may go at any moment; what is open then is whole all the same.
      const state = await stat(path, { bigint: true }).catch(() => undefined);
      const bytes = state && (await readFile(path).catch(() => undefined));
      if (state === undefined || bytes === undefined) continue;
      const name = `${path} ${state.ino} ${state.size} ${state.mtimeNs}`;
      if (seen.has(name)) continue;
      seen.add(name);
      const flaw = flawOf(bytes);
      if (flaw) stage.wrong(`under a final name: ${flaw}`);
    }
  };
  return { check, seen: () => seen.size };
}

/** Two hours later a prune takes away what the dead began. @param {Stage} stage @param {import("entrepot/testing").S3Server} server @param {string} dir */
async function collect(stage, server, dir) {
  const { finalFiles, leftovers } = await stage.module();
  const begun = (await leftovers(dir)).length;
  const later = new URL("../two-hours-later.mjs", import.meta.url).href;
  const collector = await stage.worker(server, dir, { execArgv: ["--import", later] });
  await collector.ask("prune", { maxBytes: 1e12 });
  const left = await leftovers(dir);
  if (left.length > 0) stage.wrong(`${left.length} unfinished files cannot be collected, e.g. ${left[0]}`);
  const data = await finalFiles(dir);
  if (data.length > keys.length) stage.wrong(`${data.length} data files are left of ${keys.length} objects`);
  await collector.kill();
  stage.tell(`${begun} unfinished files collected`);
}
