/**
 * Who is filling a pending file, told by its name, so that no clock decides whether it may be collected: clocks jump. Where
 * the system does not tell, or on another machine, the file's age must do.
 */
import { hash } from "node:crypto";
import type { Liveness, ProcessOwner, ProcessTable } from "./process-owner.ts";

const pattern = /^\.entrepot-[0-9a-f]{32}\.tmp@([1-9]\d{0,9})\.(\d{1,20})\.([0-9a-f]{8})/;

export class PendingOwners {
  readonly #openTable: () => ProcessTable;
  #opened: ProcessTable | undefined;
  #own: Promise<string> | undefined;

  /** The table is opened when it is first needed. */
  constructor(openTable: () => ProcessTable) {
    this.#openTable = openTable;
  }

  /** What this process adds to the names of its pending files. */
  tag(): Promise<string> {
    this.#own ??= this.#table.self().then((self) => `@${self.pid}.${self.start || "0"}.${place(self)}`);
    return this.#own;
  }

  get #table(): ProcessTable {
    this.#opened ??= this.#openTable();
    return this.#opened;
  }

  async lifeOf(name: string): Promise<Liveness> {
    const [, pid, start, where] = pattern.exec(name) ?? [];
    const self = await this.#table.self();
    if (where !== place(self)) return "unknown";
    return this.#table.liveness({ ...self, pid: Number(pid), start: start === "0" ? "" : String(start) });
  }
}

/** Where process numbers mean the same: one start of one machine, and one container on it. */
function place({ host, boot, namespace }: ProcessOwner): string {
  return hash("sha256", JSON.stringify([host, boot, namespace])).slice(0, 8);
}
