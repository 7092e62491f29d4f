/** Somebody prunes without end while others read, hold copies and write: nobody may notice. */
import { put } from "../stage.mjs";

const mostBytes = 500_000;

/** @type {import("../proof.ts").Proof} */
export const proof = {
  id: "R29",
  title: "A prune takes nothing away from readers, writers and holders of copies",
  target: "16 readers, 4 writers, 20,000 calls",
  bad: ["no-holds"],
  async run(stage) {
    const server = await stage.server();
    const keys = Array.from({ length: 30 }, (_, index) => `object-${index}.bin`);
    for (const [index, key] of keys.entries()) await put(server, key, index, stage.random.size(32, mostBytes));
    const dir = await stage.folder("cache");
    const [readers, writers] = [stage.size(6, 16), stage.size(2, 4)];
    const onNote = (/** @type {import("../proof.ts").Finding} */ finding) => stage.add(finding);
    const workers = await Promise.all(
      Array.from({ length: readers + writers }, () => stage.worker(server, dir, { onNote })),
    );
    const pruners = await Promise.all([1, 2].map(() => stage.worker(server, dir)));
    let [isDone, prunes] = [false, 0];
    const pruning = pruners.map(async (pruner) => {
      while (!isDone) {
        await pruner.ask("prune", { maxBytes: stage.random.below(1_500_000) });
        prunes += 1;
      }
    });
    const count = Math.ceil(stage.size(1_200, 20_000) / workers.length);
    await Promise.all(
      workers.map((worker, index) =>
        worker.ask(index < readers ? "useSome" : "writeSome", {
          keys,
          seed: stage.random.below(2 ** 31),
          count,
          mostBytes,
        }),
      ),
    );
    isDone = true;
    await Promise.all(pruning);
    stage.tell(`${prunes} prunes, ${readers} readers, ${writers} writers`);
  },
};
