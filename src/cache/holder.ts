/**
 * Which process holds something, as other processes can judge it: a process number alone is soon that of another one, and
 * says nothing on another machine or in another container.
 */
import { hash } from "node:crypto";
import { type Disk, errnoOf } from "../disk/index.ts";
import type { Witness } from "./record.ts";

export interface Holder {
  /** Of the host's name and the space in which process numbers count, 8 hexadecimal digits. */
  readonly machine: string;
  /** Of the start of the machine, 8 hexadecimal digits. */
  readonly boot: string;
  readonly pid: number;
  /** In ticks since the start of the machine; `"0"` where the system does not tell. */
  readonly start: string;
}

/** `"unknown"`: it runs, or ran, where we cannot look. */
export type Life = "alive" | "dead" | "unknown";

export async function thisHolder(disk: Disk, { host, bootId }: Witness): Promise<Holder> {
  const { pid } = process;
  const space = await disk.stat("/proc/self/ns/pid", { followLinks: true }).catch(() => undefined);
  const machine = digits(`${host} ${space?.inode ?? ""}`);
  return { machine, boot: digits(bootId), pid, start: (await startOf(disk, pid)) ?? "0" };
}

export async function lifeOf(disk: Disk, own: Holder, other: Holder): Promise<Life> {
  if (other.machine !== own.machine) return "unknown";
  if (other.boot !== own.boot || !isRunning(other.pid)) return "dead";
  const start = await startOf(disk, other.pid);
  return start === undefined || start === other.start ? "alive" : "dead";
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) !== "ESRCH";
  }
}

/** `undefined` where it cannot be known: no Linux, or another user's process. */
async function startOf(disk: Disk, pid: number): Promise<string | undefined> {
  try {
    const { bytes } = await disk.readFile(`/proc/${pid}/stat`, { maxBytes: 16_384 });
    const text = new TextDecoder().decode(bytes);
    // The second field is the program's name, which may hold blanks and parentheses; the start is the 22nd.
    return text.slice(text.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}

function digits(text: string): string {
  return hash("sha256", text).slice(0, 8);
}
