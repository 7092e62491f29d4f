/** Many processes read a few hundred objects through one folder, in front of a slow server, and are killed and started again. */
import { setTimeout as sleep } from "node:timers/promises";
import { put } from "../stage.mjs";

/** In each wave, of each process. */
const readsPerWave = 12;
const slow = /** @type {const} */ ({ kind: "constant", ms: 15 });

/** @type {import("../proof.ts").Proof} */
export const proof = {
  id: "R07",
  title:
    "Concurrent readers that are killed at any moment read no wrong byte, and fetch no object twice but for a kill",
  target: "10,000 reads by 32 processes",
  bad: { "in-place": /bytes|version|no object/, "no-flight": /GETs with a body for/ },
  notOfSimple: "every process fetches for itself",
  async run(stage) {
    const { random } = stage;
    const server = await stage.server();
    const times = Number.POSITIVE_INFINITY;
    server.inject(
      { method: "GET", times, effect: { bandwidth: 3_000_000 } },
      { method: "GET", times, effect: { latency: slow } },
    );
    const dir = await stage.folder("cache");
    const processes = stage.size(8, 32);
    const waves = Math.ceil(stage.size(1_000, 10_000) / readsPerWave / processes);
    const keys = Array.from({ length: stage.size(100, 300) }, (_, index) => `of ${index % 7}/object-${index}.bin`);
    for (const [index, key] of keys.entries()) await put(server, key, index, random.size(32, 400_000));
    let kills = 0;

    const start = () => stage.worker(server, dir, { onNote: (finding) => stage.add(finding) });
    const workers = await Promise.all(Array.from({ length: processes }, start));
    /** All of them want objects that nobody has yet, and some that are there. @param {number} wave @param {number} number */
    const take = async (wave, number) => {
      const from = Math.floor((wave / waves) * keys.length);
      const some = keys.slice(Math.max(0, from - 3), Math.ceil(((wave + 1) / waves) * keys.length));
      const read = () =>
        workers[number]?.ask("readSome", { keys: some, seed: random.below(2 ** 31), count: readsPerWave });
      await sleep(random.below(40));
      if (random.below(6) > 0) return read();
      await Promise.race([read()?.catch(() => undefined), sleep(random.below(250))]);
      await workers[number]?.kill();
      kills += 1;
      workers[number] = await start();
      return read();
    };
    for (let wave = 0; wave < waves && !stage.isOver; wave += 1) {
      await Promise.all(workers.map((_, number) => take(wave, number)));
    }

    const bodies = server.requests.filter(({ method, bytesOut }) => method === "GET" && bytesOut > 0).length;
    if (bodies > keys.length + kills)
      stage.wrong(`${bodies} GETs with a body for ${keys.length} objects and ${kills} kills`);
    stage.tell(`${processes} processes, ${kills} kills, ${bodies} GETs with a body for ${keys.length} objects`);
    if (stage.isOver) return;
    // What the dead held must hold up nobody.
    const last = await start();
    const started = performance.now();
    stage.add(await last.ask("reads", { keys }));
    const waited = performance.now() - started;
    if (waited > 5_000 + 100 * keys.length) stage.wrong(`the last reader needed ${Math.round(waited)} ms`);
  },
};
