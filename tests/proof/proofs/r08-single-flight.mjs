/** Fifty processes want one cold object at the same moment; in some rounds, processes are killed while they have it fetched. */
import { setTimeout as sleep } from "node:timers/promises";
import { put } from "../stage.mjs";

/** @typedef {import("../stage.mjs").Stage} Stage */

const processes = 50;
const sizeBytes = 400_000;

/** @type {import("../proof.ts").Proof} */
export const proof = {
  id: "R08",
  title: "Fifty processes that want one cold object fetch it once, and once more for each that is killed meanwhile",
  target: "50 processes, 100 rounds",
  bad: { "no-flight": /GETs with a body/ },
  notOfSimple: "every process fetches for itself",
  async run(stage) {
    const server = await stage.server();
    // A read takes a quarter of a second.
    server.inject({ method: "GET", times: Number.POSITIVE_INFINITY, effect: { bandwidth: sizeBytes * 4 } });
    const dir = await stage.folder("cache");
    let workers = await Promise.all(Array.from({ length: stage.size(24, processes) }, () => stage.worker(server, dir)));
    for (let round = 0; round < stage.size(4, 100) && !stage.isOver; round += 1) {
      const key = `object-${round}.bin`;
      await put(server, key, round, sizeBytes);
      server.clearRequests();
      const killed = round % 2 === 0 ? [] : workers.slice(0, 1 + stage.random.below(workers.length / 2));
      const reads = workers.map((worker) => worker.ask("reads", { keys: [key] }).catch(() => undefined));
      if (killed.length > 0) await sleep(50 + stage.random.below(150));
      const died = performance.now();
      await Promise.all(killed.map((worker) => worker.kill()));
      const found = await Promise.all(reads);
      const waited = performance.now() - died;
      for (const [index, finding] of found.entries()) {
        if (finding !== undefined) stage.add(finding);
        else if (!killed.includes(/** @type {import("../processes.mjs").Worker} */ (workers[index])))
          stage.wrong("a reader ended");
      }
      const bodies = server.requests.filter(({ method, bytesOut }) => method === "GET" && bytesOut > 0).length;
      if (bodies > 1 + killed.length)
        stage.wrong(`${bodies} GETs with a body, ${killed.length} of ${workers.length} processes killed`);
      // A second until the holder's death is seen, and the quarter that the next one's fetch takes, on a busy machine.
      if (killed.length > 0 && waited > 2_500) stage.wrong(`the others waited ${Math.round(waited)} ms`);
      if (round < 2 || bodies > 1 + killed.length) stage.tell(`round ${round}: ${bodies} GETs, ${killed.length} kills`);
      const living = workers.filter((worker) => !killed.includes(worker));
      workers = [...living, ...(await Promise.all(killed.map(() => stage.worker(server, dir))))];
    }
  },
};
