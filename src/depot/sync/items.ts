/** The plan of a sync: for each path of both trees what is to be done, and why. Nothing is changed here. */
import { safeJoin } from "../../disk/index.ts";
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import type { CopyItem, Item, ObjectPlace, RemoveItem, SkipItem } from "../../transfer/index.ts";
import type { Asked } from "../asked.ts";
import { contentTypeOf } from "../content-type.ts";
import type { Context, Place } from "../context.ts";
import { walkEntries } from "../listing.ts";
import { objectPlace } from "../object-place.ts";
import { compareContents } from "./contents.ts";
import { assertWithinLimit, mayRemoveAll } from "./delete-limit.ts";
import type { Found, Side } from "./found.ts";
import { inOrder } from "./look-ahead.ts";
import { type Pair, pairs } from "./pairs.ts";
import { sideOf } from "./places.ts";
import type { SyncOptions } from "./types.ts";
import { judge, type Means, type Verdict } from "./verdict.ts";

export interface Trees {
  readonly source: Place;
  readonly target: Place;
  /** Where the target lies in the source: nothing of that is taken. */
  readonly targetWithin: string | undefined;
  /** Whether an object, by its path, is meant at all; what is not is neither copied nor removed. */
  readonly matches: ((path: string) => boolean) | undefined;
}

/** A pair of which is known how it compares. */
interface Looked extends Pair {
  readonly verdict?: Verdict | undefined;
  readonly problem?: EntrepotError | undefined;
}

export class SyncPlan {
  /** How many objects of the same path were compared by what. */
  readonly compared: Record<Means, number> = { etag: 0, checksum: 0, time: 0, size: 0 };
  readonly #context: Context;
  readonly #trees: Trees;
  readonly #options: SyncOptions;
  readonly #asked: Asked;
  readonly #from: Side;
  readonly #to: Side;

  constructor(context: Context, trees: Trees, options: SyncOptions, asked: Asked) {
    this.#context = context;
    this.#trees = trees;
    this.#options = options;
    this.#asked = asked;
    this.#from = sideOf(asked.counted(trees.source));
    this.#to = sideOf(asked.counted(trees.target));
  }

  /** Ends with an error where the whole is refused: not-found for a source without objects, limit-exceeded. */
  async *items(): AsyncGenerator<Item, void, undefined> {
    const { source, target } = this.#trees;
    const { deleteLimit, delete: removes = false, signal } = this.#options;
    const count = { source: 0, target: 0, removals: 0 };
    // What is remembered of the target is not what will be changed.
    const both = pairs(this.#listed(source, true), this.#listed({ ...target, cached: undefined }, false));
    for await (const looked of inOrder(both, this.#context.settings.concurrency, (pair) => this.#look(pair))) {
      signal?.throwIfAborted();
      if (looked.target !== undefined) count.target += 1;
      if (looked.source !== undefined) {
        count.source += 1;
        yield this.#kept(looked.source, looked);
      } else if (removes && looked.target !== undefined) {
        count.removals += 1;
        yield this.#removal(looked.target);
      }
    }
    if (count.source === 0 && !(removes && mayRemoveAll(deleteLimit))) throw nothing(source, removes);
    if (removes) assertWithinLimit({ removals: count.removals, targetObjects: count.target }, deleteLimit, target.uri);
  }

  async *#listed(place: Place, isSource: boolean): AsyncGenerator<Found, void, undefined> {
    const { matches, targetWithin } = this.#trees;
    const { signal } = this.#options;
    const counted = this.#asked.counted(place);
    for await (const entry of walkEntries(this.#context, counted, place.key, { kind: "object", signal })) {
      if (entry.kind !== "object" || matches?.(entry.path) === false) continue;
      if (isSource && targetWithin !== undefined && entry.path.startsWith(targetWithin)) continue;
      yield entry;
    }
  }

  #look(pair: Pair): Looked | Promise<Looked> {
    const { source, target } = pair;
    if (source === undefined || target === undefined) return pair;
    const { compare = "auto" } = this.#options;
    const verdict = judge(source, target, compare, { from: this.#from, to: this.#to });
    return verdict === "contents" ? this.#lookInside(source, target) : this.#counted({ ...pair, verdict });
  }

  async #lookInside(source: Found, target: Found): Promise<Looked> {
    const { compare = "auto", signal } = this.#options;
    try {
      const ours = { side: this.#from, found: source };
      const theirs = { side: this.#to, found: target };
      const verdict = await compareContents(ours, theirs, { compare, signal });
      return this.#counted({ source, target, verdict });
    } catch (error) {
      if (signal?.aborted === true || !isEntrepotError(error)) throw error;
      return { source, target, problem: error };
    }
  }

  #counted<L extends Looked>(looked: L): L {
    if (looked.verdict !== undefined) this.compared[looked.verdict.means] += 1;
    return looked;
  }

  /** What the target will hold. */
  #kept(source: Found, { target, verdict, problem }: Looked): CopyItem | SkipItem {
    const { uri, sizeBytes, path, etag, modifiedMs } = source;
    if (target !== undefined && verdict?.same === true)
      return { kind: "skip", uri, target: target.uri, sizeBytes, reason: verdict.reason };
    const { to, refused } = this.#placeFor(source);
    const job = {
      from: objectPlace(this.#trees.source, this.#trees.source.key + path),
      to,
      sizeBytes,
      etag,
      contentType: contentTypeOf(to.key),
      // the epoch is what a server without times gives
      modifiedMs: this.#to.keepsTimes && modifiedMs > 0 ? modifiedMs : undefined,
      problem: problem ?? refused,
    };
    return { kind: "copy", job, reason: target === undefined ? "new" : verdict?.reason };
  }

  /** Refused where its name would leave the target, or no file can bear it. */
  #placeFor({ path, uri }: Found): { readonly to: ObjectPlace; readonly refused?: EntrepotError } {
    const { target } = this.#trees;
    const key = target.key + path;
    try {
      if (this.#to.keepsTimes) safeJoin(`/${target.key}`, path);
      return { to: objectPlace(target, key) };
    } catch (error) {
      if (!isEntrepotError(error)) throw error;
      const { code, message, hint } = error;
      const refused = new EntrepotError(code, message, { uri, hint, cause: error });
      return { to: { store: target.store, key, uri: target.uri }, refused };
    }
  }

  /** Only the version that was listed. */
  #removal({ path, sizeBytes, etag }: Found): RemoveItem {
    const { target } = this.#trees;
    const job = { what: objectPlace(target, target.key + path), sizeBytes, etag };
    return { kind: "remove", job, reason: "not in the source" };
  }
}

/** Nothing to copy is an error of every copy, and here the likeliest way to lose a whole target. */
function nothing({ uri }: Place, removes: boolean): EntrepotError {
  const way = 'deleteLimit: "100%" (--max-delete 100%) lets an empty source empty the target';
  return new EntrepotError("not-found", `nothing to sync: ${uri} holds no object`, {
    uri,
    hint: `list it to see what is there; nothing was changed${removes ? `; ${way}` : ""}`,
  });
}
