/** Somebody prunes without end while others read, hold copies and write: nobody may notice. */
import { stat } from "node:fs/promises";
import { put } from "../stage.mjs";

const mostBytes = 500_000;

/** @type {import("../proof.ts").Proof} */
export const proof = {
  id: "R29",
  title:
    "A prune takes nothing away from readers, writers and holders of copies, and once they are done keeps to its bound",
  target: "16 readers, 4 writers, 20,000 calls",
  bad: { "no-holds": /ENOENT|bytes/, "no-prune": /more than the/ },
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
    const count = Math.ceil(stage.size(stage.untilWrong ? 400 : 1_200, 20_000) / workers.length);
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
    const maxBytes = 600_000;
    await pruners[0]?.ask("prune", { maxBytes });
    const sizes = await Promise.all((await (await stage.module()).finalFiles(dir)).map((path) => stat(path)));
    const left = sizes.reduce((sum, { size }) => sum + size, 0);
    stage.count();
    if (left > maxBytes) stage.wrong(`${left} bytes are left, more than the ${maxBytes} pruned to`);
    stage.tell(`${prunes} prunes, ${readers} readers, ${writers} writers`);
  },
};
