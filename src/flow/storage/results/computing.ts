/** Computes what is not kept, in one process at a time, and keeps it if it can be given again: not what came of a bad day or of two states. */
import type { SeenRead } from "../../../depot/index.ts";
import { EntrepotError, isEntrepotError } from "../../../error/index.ts";
import type { Clock } from "../../../store/index.ts";
import type { Computed, Watched } from "../../core/index.ts";
import { encodeResult } from "./codecs.ts";
import { bytesOfEntry, type Entry, layout, nameOfEntry } from "./entry.ts";
import type { Identified } from "./identified.ts";
import { readData, writeData } from "./kept-data.ts";
import type { ReachableShelf } from "./reachable-shelf.ts";
import type { Held } from "./shelf.ts";

export interface ComputingOptions {
  readonly shelf: Pick<ReachableShelf, "open" | "noteFailure">;
  readonly clock: Clock;
  /** `what` comes before what the error says. */
  readonly warn: (error: EntrepotError, what?: string) => void;
  readonly onKept: (entry: Entry) => Promise<void>;
  /** What is kept now; what cannot be asked counts as nothing. */
  readonly look: (identified: Identified, signal: AbortSignal | undefined) => Promise<Entry | undefined>;
  /** What of the code is another one than when the key was made, in words. */
  readonly codeChanges: (identified: Identified) => Promise<readonly string[]>;
}

export class Computing {
  readonly #options: ComputingOptions;

  constructor(options: ComputingOptions) {
    this.#options = options;
  }

  /** Computes and keeps, or gives what another process has kept meanwhile. */
  async run<T>(
    identified: Identified,
    compute: () => Promise<Watched<T>>,
    signal: AbortSignal | undefined,
  ): Promise<Computed<T>> {
    const held = await this.#hold(identified, signal);
    if (held !== undefined && "entry" in held) {
      const { version, reads } = held.entry;
      try {
        const value = (await readData(await this.#options.shelf.open(), held.entry, signal)) as T;
        return { value, version, reads };
      } catch (error) {
        // what somebody else has just kept is damaged
        if (!isEntrepotError(error, "integrity")) throw error;
      }
    }
    const lock = held !== undefined && "release" in held ? held : undefined;
    try {
      return await this.#compute(identified, compute);
    } finally {
      await lock?.release();
    }
  }

  /** Whether somebody who gives signs of life is at it. */
  async isBeingComputed(key: string): Promise<boolean> {
    try {
      return (await (await this.#options.shelf.open()).lockState(`locks/${key}`)) === "held";
    } catch {
      return false;
    }
  }

  async #compute<T>(identified: Identified, compute: () => Promise<Watched<T>>): Promise<Computed<T>> {
    const { clock, shelf, onKept } = this.#options;
    const { call, key, parts } = identified;
    const startedMs = clock.now();
    const watched = await compute();
    const { value } = watched;
    const reads = watched.reads as readonly SeenRead[];
    const encoded = await encodeResult(value, call.node);
    const { version, kept } = encoded;
    const obstacle = await this.#obstacle(identified, watched);
    if (obstacle !== undefined) {
      this.#options.warn(obstacle);
      return { value, version };
    }
    const keptMs = clock.now();
    const entry: Entry = {
      ...{ layout, key, node: call.node, version, kept, keptMs, ms: keptMs - startedMs, parts, reads },
    };
    try {
      const opened = await shelf.open();
      await writeData(opened, encoded);
      await opened.create(nameOfEntry(entry), [bytesOfEntry(entry)]);
      await onKept(entry);
    } catch (error) {
      if (!isEntrepotError(error)) throw error;
      shelf.noteFailure(error);
      // what was computed is worth more than that it be kept
      this.#options.warn(error, `what '${call.node}' gives could not be kept`);
    }
    return { value, version };
  }

  /** Why it must not be found again: who asked the same tomorrow would be given something else. */
  async #obstacle(
    identified: Identified,
    { reads, changed = [] }: Watched<unknown>,
  ): Promise<EntrepotError | undefined> {
    const { node } = identified.call;
    const failed = (reads as readonly SeenRead[]).find((read) => read.kind === "failed");
    if (failed?.kind === "failed") {
      const { uri, code } = failed;
      const message = `what '${node}' gives is not kept: it went on although ${uri} could not be read (${code})`;
      return new EntrepotError(code, message, { uri, hint: "it is computed anew next time" });
    }
    const changes = [...changed, ...(await this.#options.codeChanges(identified))];
    if (changes.length === 0) return undefined;
    const message = `what '${node}' gives is not kept: while it was computed ${changes.slice(0, 3).join(", ")}`;
    return new EntrepotError("changed", message, {
      retryable: false,
      hint: "leave out with ignore what a function remembers for itself, and change nothing that it uses while it runs",
    });
  }

  /** The lock of a key, or what another process has kept while this one waited for it. */
  async #hold(
    identified: Identified,
    signal: AbortSignal | undefined,
  ): Promise<Held | { readonly entry: Entry } | undefined> {
    const { clock } = this.#options;
    const { call, key } = identified;
    let held: Held | undefined;
    try {
      const shelf = await this.#options.shelf.open();
      for (let waitMs = 25; ; waitMs = Math.min(waitMs * 1.5, 1_000)) {
        const lock = await shelf.lock(`locks/${key}`);
        if (lock === "silent") {
          this.#warnSilent(call.node);
          return undefined;
        }
        if (lock !== "held") {
          held = lock;
          if (call.options.behaviour === "recompute") return held;
          // it may have been kept since it was looked for
          const entry = await this.#options.look(identified, signal);
          if (entry === undefined) return held;
          await held.release();
          return { entry };
        }
        await clock.sleep(waitMs, signal);
      }
    } catch (error) {
      await held?.release();
      signal?.throwIfAborted();
      if (!isEntrepotError(error)) throw error;
      this.#options.shelf.noteFailure(error);
      // a store without locks, or one that may only be read: then two may compute the same
      return undefined;
    }
  }

  /** Nobody is hindered by who is stopped: the lock spares a second computation, and no result depends on it. */
  #warnSilent(node: string): void {
    const message = `'${node}' is being computed by a process that lives and has long given no sign of it: it is computed here, too`;
    this.#options.warn(new EntrepotError("timeout", message, { hint: "let that process go on, or end it" }));
  }
}
