/**
 * Ends what a program has left running outside its process group: by an entry of its environment, which all that it starts inherits unless
 * it is taken out. Looks in `/proc`; where there is none, nothing is found.
 */
import { readdir, readFile } from "node:fs/promises";

/** What is started while we look is found when we look again. */
const mostRounds = 5;

/** Kills each process whose environment has `entry` (`NAME=value`) and that we may look at, but not this one. Gives how many. */
export async function endMarked(entry: string): Promise<number> {
  const ended = new Set<number>();
  for (let round = 0; round < mostRounds; round += 1) {
    const before = ended.size;
    const pids = (await readdir("/proc").catch(() => [])).filter((name) => /^[1-9]\d*$/.test(name)).map(Number);
    for (const pid of pids) {
      if (pid === process.pid || ended.has(pid)) continue;
      // of another user, or gone
      const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
      if (!`\0${environment}`.includes(`\0${entry}\0`)) continue;
      try {
        process.kill(pid, "SIGKILL");
        ended.add(pid);
      } catch {
        // gone in the meantime
      }
    }
    if (ended.size === before) break;
  }
  return ended.size;
}
