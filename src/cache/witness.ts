/** On which machine, and since which start of it, bytes were seen on the disk. */
import { uptime } from "node:os";
import type { Disk } from "../disk/index.ts";
import type { Witness } from "./record.ts";

export interface WitnessOptions {
  readonly disk: Disk;
  readonly bootId?: string | undefined;
  readonly host: string;
  readonly now: () => number;
}

/** Asks the machine when it is first needed; not knowing it only means that more is checked. */
export function witnessOf({ disk, bootId, host, now }: WitnessOptions): () => Promise<Witness> {
  let witness: Promise<Witness> | undefined;
  const look = async (): Promise<Witness> => ({
    bootId: bootId ?? (await linuxBootId(disk)) ?? startedAt(now()),
    host,
  });
  return () => {
    witness ??= look();
    return witness;
  };
}

async function linuxBootId(disk: Disk): Promise<string | undefined> {
  try {
    const { bytes } = await disk.readFile("/proc/sys/kernel/random/boot_id", { maxBytes: 4096 });
    return new TextDecoder().decode(bytes).trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Whether it names one start of the machine; otherwise two processes of one start may have different ones. */
export function isBootKnown(bootId: string): boolean {
  return !bootId.startsWith(guessed);
}

const guessed = "up-since-minute-";

/** To the minute: clocks are corrected while a machine runs. */
function startedAt(nowMs: number): string {
  return `${guessed}${Math.round((nowMs - uptime() * 1000) / 60_000)}`;
}
