/**
 * Which process holds something, and whether it still lives: pid and start time, because pids are used again. Reads `/proc`
 * where there is one; elsewhere a pid alone must do.
 */
import { hostname } from "node:os";
import type { Disk } from "./disk.ts";
import { errnoOf } from "./errors.ts";

/** One process among all that may share a file system. Fields that a system does not tell are `""`. */
export interface ProcessOwner {
  readonly host: string;
  /** Changes when the machine starts anew. */
  readonly boot: string;
  /** Containers on one machine count their processes separately. */
  readonly namespace: string;
  readonly pid: number;
  /** In the system's own unit; only compared. */
  readonly start: string;
}

/** `"unknown"` when the owner is on another machine or in another container. */
export type Liveness = "alive" | "dead" | "unknown";

/** Who there is; a test puts its own in. */
export interface ProcessTable {
  self(): Promise<ProcessOwner>;
  liveness(owner: ProcessOwner): Promise<Liveness>;
}

export function systemProcesses(disk: Disk): ProcessTable {
  let own: Promise<ProcessOwner> | undefined;
  const self = async (): Promise<ProcessOwner> => ({
    host: hostname(),
    boot: (await text(disk, "/proc/sys/kernel/random/boot_id")) ?? "",
    namespace: await processSpace(disk),
    pid: process.pid,
    start: (await processStart(disk, process.pid)) ?? "",
  });
  const table: ProcessTable = {
    self: () => {
      own ??= self();
      return own;
    },
    liveness: async (owner) => {
      const me = await table.self();
      if (owner.host !== me.host) return "unknown";
      if (owner.boot !== me.boot) return "dead";
      if (owner.namespace !== me.namespace) return "unknown";
      return processLife(disk, owner);
    },
  };
  return table;
}

/** The space in which process numbers count; `""` where there is only one. */
export async function processSpace(disk: Disk): Promise<string> {
  const space = await disk.stat("/proc/self/ns/pid", { followLinks: true }).catch(() => undefined);
  return String(space?.inode ?? "");
}

/** When a process of this machine began; `undefined` where it cannot be known: no Linux, or another user's process. */
export async function processStart(disk: Disk, pid: number): Promise<string | undefined> {
  return (await look(disk, pid))?.start;
}

/** Whether a process of this very space lives. A `start` that is not known is `""` or `"0"`. */
export async function processLife(
  disk: Disk,
  { pid, start }: Pick<ProcessOwner, "pid" | "start">,
): Promise<"alive" | "dead"> {
  if (!isRunning(pid)) return "dead";
  const now = await look(disk, pid);
  if (now === undefined) return "alive";
  if (now.hasEnded) return "dead";
  return start === "" || start === "0" || now.start === start ? "alive" : "dead";
}

async function look(disk: Disk, pid: number): Promise<{ start: string; hasEnded: boolean } | undefined> {
  const stat = await text(disk, `/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The second field is the program's name, which may hold blanks and brackets; the state is the 3rd, the start the 22nd.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state = ""] = fields;
  const start = fields[19];
  // One that nobody has buried yet still has its number.
  return start === undefined ? undefined : { start, hasEnded: /^[ZXx]$/.test(state) };
}

async function text(disk: Disk, path: string): Promise<string | undefined> {
  try {
    return new TextDecoder().decode((await disk.readFile(path, { maxBytes: 16_384 })).bytes).trim();
  } catch {
    return undefined;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is alive, too.
    return errnoOf(error) !== "ESRCH";
  }
}
