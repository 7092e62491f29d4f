/** Somebody takes away every lock and lease all the time, while processes read and write: the bytes must not depend on them. */
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { put } from "../stage.mjs";

const mostBytes = 400_000;

/** @type {import("../proof.ts").Proof} */
export const proof = {
  id: "R08b",
  title: "With every lock and lease taken away again and again, no read is wrong and nobody is stuck",
  target: "10,000 calls by 16 processes",
  bad: { "trusts-locks": /bytes|version|no object/ },
  notOfSimple: "it has no locks",
  async run(stage) {
    const server = await stage.server();
    server.inject({ method: "GET", times: Number.POSITIVE_INFINITY, effect: { bandwidth: 4_000_000 } });
    const keys = Array.from({ length: 6 }, (_, index) => `object-${index}.bin`);
    for (const [index, key] of keys.entries()) await put(server, key, index, stage.random.size(32, mostBytes));
    const dir = await stage.folder("cache");
    const { isLock } = await stage.module();
    if (isLock === undefined) throw new Error(`${stage.cache} tells no locks`);
    let [isDone, taken] = [false, 0];
    const thief = async () => {
      while (!isDone) {
        const entries = await readdir(dir, { withFileTypes: true, recursive: true }).catch(() => []);
        for (const entry of entries) {
          const path = join(entry.parentPath, entry.name);
          if (entry.isDirectory() || !isLock(path)) continue;
          await rm(path, { force: true });
          taken += 1;
        }
        await sleep(2);
      }
    };
    const stealing = thief();
    const processes = stage.size(6, 16);
    const onNote = (/** @type {import("../proof.ts").Finding} */ finding) => stage.add(finding);
    const count = Math.ceil(stage.size(600, 10_000) / processes);
    await Promise.all(
      Array.from({ length: processes }, async (_, index) => {
        const worker = await stage.worker(server, dir, { onNote });
        const seed = stage.random.below(2 ** 31);
        // A file that is handed out has nothing but its lease: once that is taken away, it may go, but never be another one.
        const given = { keys, seed, count, mostBytes, mayVanish: true };
        await worker.ask(index % 3 === 0 ? "writeSome" : "readSome", given);
      }),
    );
    isDone = true;
    await stealing;
    if (taken === 0) throw new Error("there was no lock to take away");
    stage.tell(`${taken} taken away`);
  },
};
