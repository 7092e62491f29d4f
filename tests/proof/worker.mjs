/**
 * A process of its own that works on the shared folder as it is told, one job after the other, and may be killed at any moment.
 * Talks over the channel to the process that made it; without one it ends.
 */
import { cacheModule } from "./caches.mjs";
import { jobs } from "./jobs.mjs";

const { cache: name, endpoint, dir } = JSON.parse(process.argv[2] ?? "{}");
const module = await cacheModule(name);
/** @type {Map<boolean, import("./proof.ts").TestedCache>} */
const opened = new Map();

/** @param {boolean} offline */
function openCache(offline) {
  const cache = opened.get(offline) ?? module.open({ endpoint, dir, offline });
  opened.set(offline, cache);
  return cache;
}

const send = (/** @type {object} */ message) => process.send?.(message);

process.on("message", async (/** @type {{ id: number, job: keyof typeof jobs, args: any }} */ { id, job, args }) => {
  try {
    const given = {
      module,
      dir,
      online: () => openCache(false),
      offline: () => openCache(true),
      open: () => module.open({ endpoint, dir }),
      say: (/** @type {unknown} */ note) => send({ note }),
    };
    send({ id, result: await jobs[job](given, args) });
  } catch (error) {
    send({ id, error: String(error instanceof Error ? (error.stack ?? error.message) : error) });
  }
});
process.on("disconnect", () => process.exit());
send({ ready: true });
