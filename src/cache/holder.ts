/**
 * Which process holds something, as a text that other processes can judge: a process number alone is soon that of another
 * one, and says nothing on another machine or in another container.
 */
import { hash } from "node:crypto";
import { type Disk, type Liveness, processLife, processSpace, processStart } from "../disk/index.ts";
import type { Witness } from "./record.ts";
import { isBootKnown } from "./witness.ts";

export interface Holder {
  /** Of the host's name and the space in which process numbers count, 8 hexadecimal digits. */
  readonly machine: string;
  /** Of the start of the machine, 8 hexadecimal digits; those of nothing where the system does not tell. */
  readonly boot: string;
  readonly pid: number;
  /** In ticks since the start of the machine; `"0"` where the system does not tell. */
  readonly start: string;
}

export async function thisHolder(disk: Disk, { host, bootId }: Witness): Promise<Holder> {
  const { pid } = process;
  const machine = digits(`${host} ${await processSpace(disk)}`);
  return {
    machine,
    boot: digits(isBootKnown(bootId) ? bootId : ""),
    pid,
    start: (await processStart(disk, pid)) ?? "0",
  };
}

/** `"unknown"`: it runs, or ran, where we cannot look. */
export async function lifeOf(disk: Disk, own: Holder, other: Holder): Promise<Liveness> {
  if (other.machine !== own.machine) return "unknown";
  const isOfAnotherStart = other.boot !== own.boot && ![own.boot, other.boot].includes(digits(""));
  return isOfAnotherStart ? "dead" : processLife(disk, other);
}

/** One hold of many: `random` is 8 hexadecimal digits. */
export function formatHolder({ machine, boot, pid, start }: Holder, random: string): string {
  return [machine, boot, pid, start, random].join("-");
}

/** The holder at the beginning of a text, and what comes after it. */
export function parseHolder(text: string): { readonly holder: Holder; readonly rest: string } | undefined {
  const match = /^([0-9a-f]{8})-([0-9a-f]{8})-([1-9]\d{0,8})-(\d{1,20})-[0-9a-f]{8}(.*)$/.exec(text);
  const [, machine = "", boot = "", pid = "", start = "", rest = ""] = match ?? [];
  return match === null ? undefined : { holder: { machine, boot, pid: Number(pid), start }, rest };
}

function digits(text: string): string {
  return hash("sha256", text).slice(0, 8);
}
