/** Where there is room for what a benchmark writes: memory first, when there is enough of it, else the disk. */
import { accessSync, constants, mkdtempSync, readFileSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Bytes that can be written below `folder`; in memory, no more than what the machine can spare. @param {string} folder */
export function freeBytes(folder) {
  const { bavail, bsize, type } = statfsSync(folder);
  const free = bavail * bsize;
  const isTmpfs = type === 0x01021994;
  if (!isTmpfs) return free;
  const available = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync("/proc/meminfo", "utf8"))?.[1];
  return Math.min(free, Number(available ?? 0) * 1024);
}

/** A folder in memory, or undefined where there is none with so much room. @param {number} bytes */
export function memoryFolder(bytes) {
  try {
    accessSync("/dev/shm", constants.W_OK);
    return freeBytes("/dev/shm") >= bytes ? "/dev/shm" : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A new folder below the first of these with so much room, removed when the process ends. Ends the run with the reason when none has.
 *
 * @param {number} bytes @param {readonly (string | undefined)[]} folders
 */
export function workFolder(bytes, folders = [memoryFolder(bytes), tmpdir()]) {
  const base = folders.find((folder) => folder !== undefined && freeBytes(folder) >= bytes);
  if (base === undefined) {
    const where = folders.filter((folder) => folder !== undefined).join(" or ");
    console.log(`no room: ${(bytes / 2 ** 30).toFixed(1)} GiB are needed below ${where || "a disk"}`);
    process.exit(1);
  }
  const made = mkdtempSync(join(base, "entrepot-bench-"));
  process.on("exit", () => rmSync(made, { recursive: true, force: true }));
  // Without a listener a signal ends the process before its exit is announced.
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) process.once(signal, () => process.exit(1));
  return made;
}
