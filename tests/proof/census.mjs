/** What this process has open. */
import { readdirSync, readlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** How long closing connections may take to be seen, milliseconds. */
const settledMs = 3_000;

/** By kind. @returns {Record<string, number>} */
function look() {
  /** @type {Record<string, number>} */
  const counts = {};
  const add = (/** @type {string} */ what) => {
    counts[what] = (counts[what] ?? 0) + 1;
  };
  for (const name of readdirSync("/proc/self/fd")) {
    try {
      add(`open ${/^(socket|pipe|anon_inode)/.exec(readlinkSync(`/proc/self/fd/${name}`))?.[1] ?? "file"}s`);
    } catch {
      // That by which the folder is read.
    }
  }
  for (const resource of process.getActiveResourcesInfo()) if (!/^(PipeWrap|FSReq)/.test(resource)) add(resource);
  return counts;
}

/** Waits a while for it to be no more than `until`. @param {Record<string, number>} [until] */
export async function census(until = {}) {
  const isMore = () => Object.entries(look()).some(([what, count]) => count > (until[what] ?? 0));
  for (let waited = 0; waited < settledMs && isMore(); waited += 50) await sleep(50);
  return look();
}
