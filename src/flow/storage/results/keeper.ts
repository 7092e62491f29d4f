/** A store of results as executions see it: versions of values and of code, what is kept, and keeping what is computed. */
import { hash } from "node:crypto";
import { type Depot, recordReads, type SeenRead, watchedFrame } from "../../../depot/index.ts";
import { EntrepotError, isEntrepotError } from "../../../error/index.ts";
import type { Clock } from "../../../store/index.ts";
import type { CachedOptions, KeptHit, KeptMiss, NodeCall, ResultKeeper, Version, Watched } from "../../core/index.ts";
import { type Code, CodeReader, fingerprint } from "../../core/index.ts";
import { encodeResult, recogniseTables } from "./codecs.ts";
import { bytesOfEntry, type Entry, layout, nameOfEntry } from "./entry.ts";
import { History } from "./history.ts";
import { readData, writeData } from "./kept-data.ts";
import { KnownDepots } from "./known-depots.ts";
import { lookUp } from "./lookup.ts";
import { Packages } from "./packages.ts";
import { keyOfCall, type Parts, partsOf } from "./parts.ts";
import type { Held, Shelf } from "./shelf.ts";

export interface KeeperOptions {
  readonly shelf: () => Promise<Shelf>;
  /** For what was read by depots that nobody sees: opened when first needed. */
  readonly depot: () => Depot;
  readonly clock: Clock;
  /** What the caller should know and what stops nothing: a store that cannot be reached, code that reads the clock. */
  readonly warn: (error: EntrepotError) => void;
  /** After each result that was kept, with its bytes. */
  readonly onKept: (sizeBytes: number) => Promise<void>;
}

interface Identified {
  readonly call: NodeCall;
  readonly key: string;
  readonly parts: Parts;
  /** Which its code and its inputs show. */
  readonly depots: readonly Depot[];
}

/** Code, and the depots in it. */
interface ReadCode {
  readonly code: Code | undefined;
  readonly depots: readonly Depot[];
}

export class Keeper implements ResultKeeper {
  readonly #options: KeeperOptions;
  readonly #depots = new KnownDepots();
  #code: Promise<CodeReader> | undefined;
  readonly #warned = new Set<string>();
  /** Code that was read in this turn of the event loop: the items of a list have one function. */
  readonly #fresh = new Map<unknown, ReadCode & { readonly ignore: CachedOptions["ignore"] }>();
  #history: Promise<History> | undefined;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  versionOf(value: unknown, name: string): Version {
    const { note } = this.#depots;
    return this.#depots.version(() => fingerprint(value, { name, recognise: recogniseTables, onOwn: note }));
  }

  async recipeOf(call: NodeCall): Promise<Version> {
    return hash("sha256", `recipe ${keyOfCall(call, (await this.#codeOf(call)).code)}`);
  }

  async watch<T>(work: () => T): Promise<Watched<Awaited<T>>> {
    return recordReads(work);
  }

  async find(call: NodeCall, signal?: AbortSignal): Promise<KeptHit | KeptMiss> {
    const found = await this.#find(call, signal);
    if (found.entry !== undefined) return this.#hit(found.entry, signal);
    return { kind: "miss", why: found.why, run: (compute) => this.#run(found, compute, signal) };
  }

  async peek(call: NodeCall, signal?: AbortSignal): Promise<Awaited<ReturnType<ResultKeeper["peek"]>>> {
    const { entry, why } = await this.#look(await this.#identify(call), signal);
    if (entry === undefined) return { kind: "miss", why };
    return { kind: "hit", version: entry.version, keptMs: entry.keptMs };
  }

  /** Waits while another process computes the same. */
  async #find(call: NodeCall, signal: AbortSignal | undefined) {
    const identified = await this.#identify(call);
    for (let waitMs = 25; ; waitMs = Math.min(waitMs * 1.5, 1_000)) {
      const found = await this.#look(identified, signal);
      if (found.entry !== undefined || call.options.behaviour === "recompute") return found;
      if (!(await this.#isBeingComputed(identified.key))) return found;
      await this.#options.clock.sleep(waitMs, signal);
    }
  }

  async #look(identified: Identified, signal: AbortSignal | undefined) {
    const { call, key, parts } = identified;
    const { node, options } = call;
    if (options.behaviour === "recompute") return { ...identified, entry: undefined, why: "asked to be computed anew" };
    try {
      const shelf = await this.#options.shelf();
      const askers = { own: () => this.#ownDepots(identified), others: this.#depots.all, last: this.#options.depot() };
      const { maxAge } = options;
      const guard = watchedFrame()?.guard;
      const question = { key, maxAge, askers, guard, signal };
      const { entry, refused } = await lookUp(shelf, this.#options.clock.now(), question);
      if (entry !== undefined) return { ...identified, entry, why: "" };
      const why = refused.length > 0 ? refused.join(", ") : await (await this.#historyOf()).whyNot(node, parts);
      return { ...identified, entry: undefined, why };
    } catch (error) {
      signal?.throwIfAborted();
      if (!isEntrepotError(error)) throw error;
      this.#warn(error, "nothing is found in the store of results");
      return { ...identified, entry: undefined, why: `the store of results cannot be asked: ${error.message}` };
    }
  }

  #hit(entry: Entry, signal: AbortSignal | undefined): KeptHit {
    const { version, keptMs, kept, reads } = entry;
    const load = async () => readData(await this.#options.shelf(), entry, signal);
    return { kind: "hit", version, keptMs, sizeBytes: kept.sizeBytes, reads, load };
  }

  async #run<T>(
    identified: Identified,
    compute: () => Promise<Watched<T>>,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly value: T; readonly version: Version }> {
    const { call, key, parts } = identified;
    const held = await this.#hold(identified, signal);
    if (held !== undefined && "entry" in held) {
      try {
        return {
          value: (await readData(await this.#options.shelf(), held.entry, signal)) as T,
          version: held.entry.version,
        };
      } catch (error) {
        // what somebody else has just kept is damaged
        if (!isEntrepotError(error, "integrity")) throw error;
      }
    }
    const lock = held !== undefined && "release" in held ? held : undefined;
    try {
      const startedMs = this.#options.clock.now();
      const { value, reads } = await compute();
      const encoded = await encodeResult(value, call.node);
      const { version, kept } = encoded;
      const keptMs = this.#options.clock.now();
      const entry: Entry = {
        ...{ layout, key, node: call.node, version, kept, keptMs, ms: keptMs - startedMs, parts },
        reads: reads as readonly SeenRead[],
      };
      try {
        const shelf = await this.#options.shelf();
        await writeData(shelf, encoded);
        await shelf.create(nameOfEntry(entry), [bytesOfEntry(entry)]);
        await (await this.#historyOf()).note(entry);
        await this.#options.onKept(kept.sizeBytes);
      } catch (error) {
        if (!isEntrepotError(error)) throw error;
        // what was computed is worth more than that it be kept
        this.#warn(error, `what '${call.node}' gives could not be kept`);
      }
      return { value, version };
    } finally {
      await lock?.release();
    }
  }

  /** The lock of a key, or what another process has kept while this one waited for it. */
  async #hold(
    identified: Identified,
    signal: AbortSignal | undefined,
  ): Promise<Held | { readonly entry: Entry } | undefined> {
    const { call, key } = identified;
    let held: Held | "held" | undefined;
    try {
      const shelf = await this.#options.shelf();
      for (let waitMs = 25; ; waitMs = Math.min(waitMs * 1.5, 1_000)) {
        const lock = await shelf.lock(`locks/${key}`);
        if (lock === "silent") {
          this.#warnSilent(call.node);
          return undefined;
        }
        held = lock;
        if (held !== "held") {
          if (call.options.behaviour === "recompute") return held;
          // it may have been kept since it was looked for
          const { entry } = await this.#look(identified, signal);
          if (entry === undefined) return held;
          await held.release();
          return { entry };
        }
        await this.#options.clock.sleep(waitMs, signal);
      }
    } catch (error) {
      if (typeof held === "object") await held.release();
      signal?.throwIfAborted();
      if (!isEntrepotError(error)) throw error;
      // a store without locks, or one that may only be read: then two may compute the same
      return undefined;
    }
  }

  /** Nobody is hindered by who is stopped: the lock spares a second computation, and no result depends on it. */
  #warnSilent(node: string): void {
    const message = `'${node}' is being computed by a process that lives and has long given no sign of it: it is computed here, too`;
    this.#warn(new EntrepotError("timeout", message, { hint: "let that process go on, or end it" }));
  }

  async #isBeingComputed(key: string): Promise<boolean> {
    try {
      return (await (await this.#options.shelf()).lockState(`locks/${key}`)) === "held";
    } catch {
      return false;
    }
  }

  async #identify(call: NodeCall): Promise<Identified> {
    const { code, depots } = await this.#codeOf(call);
    const own = [...depots, ...this.#depots.inputs(call)];
    return { call, key: keyOfCall(call, code), parts: partsOf(call, code), depots: own };
  }

  /** Where a version stands for the code, the code shows the depots all the same, as far as it can be read. */
  async #ownDepots({ call, depots }: Identified): Promise<readonly Depot[]> {
    if (call.options.version === undefined) return depots;
    try {
      return [...depots, ...(await this.#codeOf({ ...call, options: {} }, false)).depots];
    } catch (error) {
      if (!isEntrepotError(error, "unsupported", "limit-exceeded")) throw error;
      return depots;
    }
  }

  /** No code where a version stands for it. Error: unsupported. */
  async #codeOf({ node, fn, options }: NodeCall, tells = true): Promise<ReadCode> {
    if (options.version !== undefined) return { code: undefined, depots: [] };
    this.#code ??= CodeReader.open({ ...new Packages(), recognise: recogniseTables, onOwn: this.#depots.note });
    const reader = await this.#code;
    const known = this.#fresh.get(fn);
    if (known !== undefined && known.ignore === options.ignore) return known;
    const read = this.#depots.during(() => reader.read(fn, { name: `'${node}'`, ignore: options.ignore }));
    const { value: code, depots } = read;
    if (this.#fresh.size === 0) setImmediate(() => this.#fresh.clear()).unref();
    this.#fresh.set(fn, { ignore: options.ignore, code, depots });
    for (const [what, where] of tells ? code.varying : []) {
      const at = where === "itself" ? "" : ` (in ${where})`;
      const message = `'${node}' is kept, but uses ${what}${at}: what it gives may depend on more than its inputs`;
      this.#warn(
        new EntrepotError("unsupported", message, { hint: "pass it as an input, or wrap the node in volatile()" }),
      );
    }
    return { code, depots };
  }

  #historyOf(): Promise<History> {
    const { shelf, clock } = this.#options;
    this.#history ??= shelf().then((opened) => new History(opened, () => clock.now()));
    return this.#history;
  }

  #warn(error: EntrepotError, what?: string): void {
    const message = what === undefined ? error.message : `${what}: ${error.message}`;
    if (this.#warned.has(message)) return;
    this.#warned.add(message);
    const { code, uri, hint } = error;
    this.#options.warn(what === undefined ? error : new EntrepotError(code, message, { uri, hint, cause: error }));
  }
}
