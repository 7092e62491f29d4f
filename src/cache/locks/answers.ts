/**
 * When a server was asked, so that other processes of this machine can tell whether that was after they began to wait: then the
 * answer is as good as one to themselves. Of other machines' clocks, and of other readers' permissions, nothing is known.
 */
import { hash } from "node:crypto";
import type { Disk } from "../../disk/index.ts";
import type { Witness } from "../record.ts";
import type { Answered } from "./answered.ts";

export interface AnswersOptions {
  readonly disk: Disk;
  readonly witness: () => Promise<Witness>;
}

export class Answers {
  readonly #options: AnswersOptions;
  #clock: Promise<string> | undefined;

  constructor(options: AnswersOptions) {
    this.#options = options;
  }

  /** `reader` as in `WrapOptions`; without one nothing can be said to others. */
  async stamp(ns: bigint | undefined, reader: string | undefined): Promise<Answered | undefined> {
    if (ns === undefined || reader === undefined) return undefined;
    return { clock: await this.#clockName(), ns: String(ns), reader: digits(reader) };
  }

  /** When it was by the clock here; `undefined` where that says nothing to this reader. */
  async read(answered: Answered | undefined, reader: string | undefined): Promise<bigint | undefined> {
    // The field came with a later version of this layout, and may change with another.
    if (reader === undefined || !isAnswered(answered) || answered.reader !== digits(reader)) return undefined;
    return answered.clock === (await this.#clockName()) ? BigInt(answered.ns) : undefined;
  }

  #clockName(): Promise<string> {
    this.#clock ??= this.#nameClock();
    return this.#clock;
  }

  async #nameClock(): Promise<string> {
    const { disk, witness } = this.#options;
    const { host, bootId } = await witness();
    // A container may have been given another beginning of time.
    const space = await disk.stat("/proc/self/ns/time", { followLinks: true }).catch(() => undefined);
    return digits(JSON.stringify([host, bootId, String(space?.inode ?? "")]));
  }
}

function isAnswered(value: unknown): value is Answered {
  if (typeof value !== "object" || value === null) return false;
  const { clock, ns, reader } = value as Partial<Record<keyof Answered, unknown>>;
  return typeof clock === "string" && typeof reader === "string" && typeof ns === "string" && /^\d{1,20}$/.test(ns);
}

function digits(text: string): string {
  return hash("sha256", text).slice(0, 16);
}
