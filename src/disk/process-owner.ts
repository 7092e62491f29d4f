/** Which process holds a lock, and whether it still lives: pid and start time, because pids are used again. */
import { hostname } from "node:os";
import { isEntrepotError } from "../error/index.ts";
import type { Disk } from "./disk.ts";

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

/** Reads `/proc` where there is one; elsewhere a pid alone must do. */
export function systemProcesses(disk: Disk): ProcessTable {
  const text = async (path: string): Promise<string> => {
    try {
      return new TextDecoder().decode((await disk.readFile(path)).bytes).trim();
    } catch (error) {
      if (isEntrepotError(error)) return "";
      throw error;
    }
  };
  // The second field is the program's name, which may hold spaces and brackets; the start is the 22nd.
  const startOf = async (pid: number): Promise<string> =>
    (await text(`/proc/${pid}/stat`)).replace(/^.*\)/s, "").trim().split(" ")[19] ?? "";
  let own: Promise<ProcessOwner> | undefined;
  const self = async (): Promise<ProcessOwner> => ({
    host: hostname(),
    boot: await text("/proc/sys/kernel/random/boot_id"),
    namespace: String((await disk.stat("/proc/self/ns/pid", { followLinks: true }))?.inode ?? ""),
    pid: process.pid,
    start: await startOf(process.pid),
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
      if (me.start !== "") return (await startOf(owner.pid)) === owner.start ? "alive" : "dead";
      return signalReaches(owner.pid) ? "alive" : "dead";
    },
  };
  return table;
}

function signalReaches(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process is alive too.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
