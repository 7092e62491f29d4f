/**
 * A hard limit on the memory of a process and its children: a control group (version 1) below our own, where one can be made,
 * which needs root. What is above the limit and cannot be given up is killed; pages of files on a disk can.
 */
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const tree = "/sys/fs/cgroup/memory";

/** @typedef {{ wrap: (command: readonly string[]) => string[], used: () => { maxBytes: number, kills: number }, remove: () => Promise<void> }} MemoryLimit */

/** A fresh limit, or `undefined` where none can be set. @param {number} bytes @returns {MemoryLimit | undefined} */
export function limitMemory(bytes) {
  const folder = `${tree}${ownGroup()}/entrepot-bench-${process.pid}-${Date.now()}`;
  const read = (/** @type {string} */ name) => readFileSync(`${folder}/${name}`, "utf8");
  try {
    if (!existsSync(`${tree}/memory.limit_in_bytes`)) return undefined;
    mkdirSync(folder);
    writeFileSync(`${folder}/memory.swappiness`, "0");
    writeFileSync(`${folder}/memory.limit_in_bytes`, String(bytes));
  } catch {
    if (existsSync(folder)) rmdirSync(folder);
    return undefined;
  }
  return {
    wrap: (command) => ["bash", "-c", 'echo $$ >"$0" && exec "$@"', `${folder}/cgroup.procs`, ...command],
    used: () => ({
      maxBytes: Number(read("memory.max_usage_in_bytes")),
      kills: Number(/^oom_kill (\d+)$/m.exec(read("memory.oom_control"))?.[1] ?? 0),
    }),
    async remove() {
      // The kernel lets go of the last process a moment after its parent has heard of its end.
      for (let tries = 0; ; tries++) {
        try {
          return rmdirSync(folder);
        } catch (error) {
          if (tries === 50) throw error;
          await sleep(20);
        }
      }
    },
  };
}

function ownGroup() {
  try {
    const path =
      /^\d+:(?:[^:\n]*,)?memory(?:,[^:\n]*)?:(.*)$/m.exec(readFileSync("/proc/self/cgroup", "utf8"))?.[1] ?? "";
    // In a container the path may be that of the host.
    return path !== "/" && existsSync(`${tree}${path}`) ? path : "";
  } catch {
    return "";
  }
}
