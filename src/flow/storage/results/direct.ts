/** `cached`: in a flow the driver's store is asked; called directly, the function asks one of its own. */
import { durationMs, noteReads, recordReads, type SeenRead, unwatched, watchedFrame } from "../../../depot/index.ts";
import { isEntrepotError, mistakeIn } from "../../../error/index.ts";
import { type AnyFunction, type CachedOptions, markCached, type ResultKeeper, type Version } from "../../core/index.ts";
import { resultStore } from "./result-store.ts";
import type { ResultStore } from "./types.ts";

/** How results of one function are kept, in flows and where it is called directly. */
export interface CachedSettings extends CachedOptions {
  /** Where direct calls keep results: a folder, an address or a store. Default: `results/` below the cache folder. In flows the driver says. */
  readonly results?: string | ResultStore | undefined;
}

/** The same function, whose direct calls are found where they were kept: a promise, whatever the function gives. */
export type Cached<F extends AnyFunction> = (...args: Parameters<F>) => Promise<Awaited<ReturnType<F>>>;

const names: ReadonlySet<string> = new Set(["version", "ignore", "maxAge", "behaviour", "results"]);

/**
 * Keeps what a function gives, by its code with all that it closes over and by what it is given; a result is found again while all
 * that it read of depots is as it was. Failures are never kept. Errors of a call: unsupported for inputs, closed-over values and
 * results that are no data, with the way out; and those of the function.
 */
export function cached<F extends AnyFunction>(fn: F, settings: CachedSettings = {}): Cached<F> {
  const mistake = mistakeIn("cached()", settings, names);
  if (mistake !== undefined) throw mistake;
  if (settings.maxAge !== undefined) durationMs(settings.maxAge as never);
  const { results, ...options } = settings;
  let keeper: ResultKeeper | undefined;
  const keeperOf = async (): Promise<ResultKeeper> => {
    keeper ??= typeof results === "object" ? results.keeper : await openKeeper(results);
    return keeper;
  };
  const direct = async (inner: AnyFunction, _: CachedOptions, given: readonly unknown[]): Promise<unknown> =>
    callDirectly(await keeperOf(), inner, options, given);
  return markCached(fn, options, direct) as unknown as Cached<F>;
}

async function openKeeper(results: string | undefined): Promise<ResultKeeper> {
  if (results !== undefined) return resultStore({ store: results }).keeper;
  const { resultsFolder } = await import("./default-folder.ts");
  return resultStore({ dir: resultsFolder() }).keeper;
}

async function callDirectly(
  keeper: ResultKeeper,
  fn: AnyFunction,
  options: CachedOptions,
  given: readonly unknown[],
): Promise<unknown> {
  const call = fn as unknown as (...given: readonly unknown[]) => unknown;
  const { behaviour = "default", ignore = [] } = options;
  if (behaviour === "ignore" || behaviour === "disable") return call(...given);
  if (options.version !== undefined && fn.name === "")
    throw new TypeError(
      "a function without a name cannot be kept by its version alone: give it a name, as in cached(function spend() { … })",
    );
  const versions = () => {
    const counted = [...namedInputs(given)].filter(([name]) => !ignore.includes(name));
    return new Map<string, Version>(counted.map(([name, value]) => [name, keeper.versionOf(value, name)]));
  };
  const inputs = versions();
  const compute = async () => {
    const computed = await recordReads(() => call(...given));
    const now = versions();
    const names = [...new Set([...inputs.keys(), ...now.keys()])];
    const changed = names
      .filter((name) => inputs.get(name) !== now.get(name))
      .map((name) => `input \`${name}\` changed`);
    return { ...computed, changed };
  };
  const node = fn.name === "" ? "anonymous" : fn.name;
  // what the store is asked is nothing that the caller reads
  const found = await unwatched(() => keeper.find({ node, fn, inputs, options }));
  const guard = watchedFrame()?.guard;
  const isOther = (read: object) => guard?.judge(read as SeenRead) === "other";
  // under a lock what is kept may be of other inputs than the lock names
  if (found.kind === "hit" && found.reads.some(isOther)) return call(...given);
  if (found.kind === "hit") {
    try {
      const value = await unwatched(() => found.load());
      noteReads(found.reads as readonly SeenRead[]);
      return value;
    } catch (error) {
      if (!isEntrepotError(error, "integrity")) throw error;
      const again = await keeper.find({ node, fn, inputs, options: { ...options, behaviour: "recompute" } });
      if (again.kind === "hit") throw error;
      return (await again.run(compute)).value;
    }
  }
  const { value, reads } = await found.run(compute);
  // somebody else computed it while this one waited
  if (reads !== undefined) noteReads(reads as readonly SeenRead[]);
  return value;
}

/** One object of names is what a node is given; all else has no names but its places. */
function namedInputs(given: readonly unknown[]): Iterable<readonly [string, unknown]> {
  const [only] = given;
  const isNames =
    given.length === 1 &&
    typeof only === "object" &&
    only !== null &&
    Object.getPrototypeOf(only) === Object.prototype &&
    Object.getOwnPropertySymbols(only).length === 0;
  // what is left out and what is undefined are the same to a function that destructures
  if (isNames) return Object.entries(only).filter(([, value]) => value !== undefined);
  return [["arguments", given.length] as const, ...given.map((value, place) => [`argument ${place}`, value] as const)];
}
