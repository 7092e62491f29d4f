/** A store of results as executions see it: versions of values and of code, what is kept, and keeping what is computed. */
import { hash } from "node:crypto";
import { type Depot, recordReads, watchedFrame } from "../../../depot/index.ts";
import { EntrepotError, isEntrepotError } from "../../../error/index.ts";
import type { Clock } from "../../../store/index.ts";
import type { CachedOptions, KeptHit, KeptMiss, NodeCall, ResultKeeper, Version, Watched } from "../../core/index.ts";
import { type Code, CodeReader, fingerprint } from "../../core/index.ts";
import { recogniseTables } from "./codecs.ts";
import { Computing } from "./computing.ts";
import type { Entry } from "./entry.ts";
import { History } from "./history.ts";
import type { Identified } from "./identified.ts";
import { readData } from "./kept-data.ts";
import { KnownDepots } from "./known-depots.ts";
import { lookUp } from "./lookup.ts";
import { Packages } from "./packages.ts";
import { keyOfCall, partsOf } from "./parts.ts";
import { ReachableShelf } from "./reachable-shelf.ts";
import type { Shelf } from "./shelf.ts";
import { differences } from "./why.ts";

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

/** Code, and the depots in it. */
interface ReadCode {
  readonly code: Code | undefined;
  readonly depots: readonly Depot[];
}

/** Of this thread: which packages there are does not change with the store. */
const packages = new Packages();

export class Keeper implements ResultKeeper {
  readonly #options: KeeperOptions;
  readonly #depots = new KnownDepots();
  readonly #computing: Computing;
  readonly #shelf: ReachableShelf;
  #isAwayTold = false;
  #code: Promise<CodeReader> | undefined;
  readonly #warned = new Set<string>();
  /** Code that was read in this turn of the event loop: the items of a list have one function. */
  readonly #fresh = new Map<unknown, ReadCode & { readonly ignore: CachedOptions["ignore"] }>();
  #history: Promise<History> | undefined;

  constructor(options: KeeperOptions) {
    this.#options = options;
    const { clock } = options;
    this.#shelf = new ReachableShelf(options.shelf, () => clock.now());
    this.#computing = new Computing({
      shelf: this.#shelf,
      clock,
      warn: (error, what) => (error === this.#shelf.away ? this.#warnAway(error) : this.#warn(error, what)),
      look: async (identified, signal) => (await this.#look(identified, signal)).entry,
      codeChanges: (identified) => this.#codeChanges(identified),
      onKept: async (entry) => {
        await (await this.#historyOf()).note(entry);
        await options.onKept(entry.kept.sizeBytes);
      },
    });
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
    return { kind: "miss", why: found.why, run: (compute) => this.#computing.run(found, compute, signal) };
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
      if (!(await this.#computing.isBeingComputed(identified.key))) return found;
      await this.#options.clock.sleep(waitMs, signal);
    }
  }

  async #look(identified: Identified, signal: AbortSignal | undefined) {
    const { call, key, parts } = identified;
    const { node, options } = call;
    if (options.behaviour === "recompute") return { ...identified, entry: undefined, why: "asked to be computed anew" };
    try {
      const shelf = await this.#shelf.open();
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
      this.#shelf.noteFailure(error);
      if (this.#shelf.away === undefined) this.#warn(error, "nothing is found in the store of results");
      else this.#warnAway(error);
      return { ...identified, entry: undefined, why: `the store of results cannot be asked: ${error.message}` };
    }
  }

  #hit(entry: Entry, signal: AbortSignal | undefined): KeptHit {
    const { version, keptMs, kept, reads } = entry;
    const load = async () => readData(await this.#options.shelf(), entry, signal);
    return { kind: "hit", version, keptMs, sizeBytes: kept.sizeBytes, reads, load };
  }

  async #identify(call: NodeCall): Promise<Identified> {
    const { code, depots } = await this.#codeOf(call);
    const own = [...depots, ...this.#depots.inputs(call)];
    return { call, key: keyOfCall(call, code), parts: partsOf(call, code), depots: own };
  }

  async #codeChanges({ call, parts }: Identified): Promise<readonly string[]> {
    if (call.options.version !== undefined) return [];
    this.#fresh.delete(call.fn);
    try {
      return differences(parts, partsOf(call, (await this.#codeOf(call, false)).code));
    } catch (error) {
      // what it closes over has become something that has no fingerprint
      if (isEntrepotError(error, "unsupported", "limit-exceeded")) return [error.message];
      throw error;
    }
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
    this.#code ??= CodeReader.open({ ...packages, recognise: recogniseTables, onOwn: this.#depots.note });
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

  /** Once, whatever it was asked. */
  #warnAway(error: EntrepotError): void {
    if (this.#isAwayTold) return;
    this.#isAwayTold = true;
    this.#warn(error, "the store of results cannot be reached: all is computed, and nothing is kept");
  }

  #warn(error: EntrepotError, what?: string): void {
    const message = what === undefined ? error.message : `${what}: ${error.message}`;
    if (this.#warned.has(message)) return;
    this.#warned.add(message);
    const { code, uri, hint } = error;
    this.#options.warn(what === undefined ? error : new EntrepotError(code, message, { uri, hint, cause: error }));
  }
}
