/** What no event tells of: a worker that has given up a slot, a process that is no more. */
import { readFile } from "node:fs/promises";

/** One that nobody has buried yet still has its number. */
export async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "0 (x) Z");
  return !/^ [ZX]/.test(stat.slice(stat.lastIndexOf(")") + 1));
}

export async function until(is: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await is())) await new Promise((resolve) => setImmediate(resolve));
}
