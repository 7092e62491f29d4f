/** Entries are damaged in every way; online the right bytes must come in the same call, offline those or none. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { damages } from "../damages.mjs";
import { put } from "../stage.mjs";

const keys = Array.from({ length: 10 }, (_, index) => `object-${index}.bin`);
/** Both sides of what is held in memory and what is read in blocks. */
const sizes = [32, 4_000, 100_000, 262_144, 262_145, 700_000];
/** What a process knows of a folder must not heal what the next one would give away. */
const damagesPerProcess = 50;

/** @type {import("../proof.ts").Proof} */
export const proof = {
  id: "R04",
  title: "A damaged entry never gives a wrong byte: it heals online, and is no copy offline",
  target: "10,000 damages",
  bad: { "trusts-data": /^(?:data|.* of the data|zeros|noise|two).*(?:bytes|version|no object)/ },
  async run(stage) {
    const server = await stage.server();
    for (const [index, key] of keys.entries()) await put(server, key, index, stage.random.of(sizes));
    const dir = await stage.folder("cache");
    const strange = join(stage.workdir, "strange");
    const kinds = Object.keys(damages);
    const count = stage.size(500, 10_000);
    let worker = await stage.worker(server, dir);
    for (let done = 0; done < count && !stage.isOver; done += 1) {
      if (done % damagesPerProcess === damagesPerProcess - 1) {
        await worker.kill();
        worker = await stage.worker(server, dir);
      }
      const key = stage.random.of(keys);
      const otherKey = stage.random.of(keys.filter((one) => one !== key));
      const both = [key, otherKey];
      if (done % 7 === 0) await put(server, key, done, stage.random.of(sizes));
      stage.add({ ...(await worker.ask("reads", { keys: both })), tried: 0 });
      const entry = await worker.ask("files", { key });
      const other = await worker.ask("files", { key: otherKey });
      if (entry === undefined || other === undefined) throw new Error(`no entry of ${key} or ${otherKey} after a read`);
      const kind = /** @type {string} */ (kinds[done % kinds.length]);
      await damages[kind]?.({ entry, other, random: stage.random, strange });
      stage.count();
      const jobs = stage.random.of([
        ["offlineReads", "reads", "offlineReads"],
        ["reads", "offlineReads"],
        ["copies", "offlineReads"],
        ["offlineReads", "copies"],
      ]);
      for (const job of jobs) {
        const { wrong } = await worker.ask(job, { keys: both });
        for (const note of wrong) stage.wrong(`${kind}: ${note}`);
      }
      await rm(strange, { force: true });
    }
    stage.tell(`${kinds.length} kinds`);
  },
};
