/** The plan of a sync: for each path of both trees what is to be done, and why. Nothing is changed here. */
import { type EntrepotError, isEntrepotError } from "../../error/index.ts";
import {
  type CopyItem,
  type Item,
  lookAhead,
  type ObjectPlace,
  type RemoveItem,
  type SkipItem,
} from "../../transfer/index.ts";
import type { Asked } from "../asked.ts";
import { contentTypeOf } from "../content-type.ts";
import type { Context, Place } from "../context.ts";
import { Choice } from "../filters/choice.ts";
import type { Filter } from "../filters/filter.ts";
import type { LeftOut } from "../left-out.ts";
import type { CopyNames } from "../names/copy-names.ts";
import { refusedNames } from "../names/refused-names.ts";
import { assertNoManifest } from "../names/unread-manifest.ts";
import { objectPlace } from "../object-place.ts";
import { compareContents } from "./contents.ts";
import { assertWithinLimit, mayRemoveAll } from "./delete-limit.ts";
import { type Found, keyOf, type Side } from "./found.ts";
import { isManifest, listed } from "./listed.ts";
import { isThere, nothing } from "./nothing.ts";
import { type Pair, pairs } from "./pairs.ts";
import { sideOf } from "./places.ts";
import type { SyncOptions } from "./types.ts";
import { judge, type Means, type Verdict } from "./verdict.ts";

/** Servers tell whole seconds: until one is over, an object may be replaced within it. With some allowance for clocks. */
const wholeSecondMs = 2_000;
/** Pairs that wait behind one that has to be asked for. */
const window = 1_000;

export interface SyncWorld {
  readonly source: Place;
  readonly target: Place;
  /** Where the target lies in the source: nothing of that is taken. */
  readonly targetInSource: string | undefined;
  /** Of a target on this disk. */
  readonly names: CopyNames | undefined;
  /** What is not meant is neither copied nor removed. */
  readonly filter: Filter;
  readonly asked: Asked;
  /** What lies in the source and is no object. */
  readonly leftOut: LeftOut;
  /** Pairs that may be looked into at once. */
  readonly places: number;
}

/** A pair of which is known how it compares. */
interface Looked extends Pair {
  readonly verdict?: Verdict | undefined;
  readonly problem?: EntrepotError | undefined;
}

export class SyncPlan {
  /** How many objects of the same path were compared by what. */
  readonly compared: Record<Means, number> = { etag: 0, checksum: 0, time: 0, size: 0 };
  /** What filters left out of the source. */
  readonly choice: Choice = new Choice();
  readonly #context: Context;
  readonly #world: SyncWorld;
  readonly #options: SyncOptions;
  readonly #from: Side;
  readonly #to: Side;

  constructor(context: Context, world: SyncWorld, options: SyncOptions) {
    this.#context = context;
    this.#world = world;
    this.#options = options;
    this.#from = sideOf(world.asked.counted(world.source));
    this.#to = sideOf(world.asked.counted(world.target));
  }

  /** Ends with an error where the whole is refused: not-found for a source without objects, limit-exceeded, names for no file. */
  async *items(): AsyncGenerator<Item, void, undefined> {
    const { source, target, places } = this.#world;
    const { deleteLimit, delete: removes = false, signal, onError = "throw" } = this.#options;
    const count = { source: 0, target: 0, removals: 0 };
    const refused: EntrepotError[] = [];
    for await (const looked of lookAhead(this.#pairs(), { places, window }, (pair) => this.#look(pair))) {
      signal?.throwIfAborted();
      if (looked.target !== undefined) count.target += 1;
      if (looked.source !== undefined) {
        count.source += 1;
        const item = await this.#kept(looked.source, looked);
        const problem = item.kind === "copy" ? item.job.problem : undefined;
        // one failure among others only for those who want what can be copied
        if (onError === "throw" && isEntrepotError(problem, "unrepresentable-name", "unsafe-key"))
          refused.push(problem);
        else yield item;
      } else if (removes && looked.target !== undefined && !isManifest(looked.target.path)) {
        count.removals += 1;
        yield this.#removal(looked.target);
      }
    }
    if (refused.length > 0) throw refusedNames(refused);
    const mayBeEmpty = removes && mayRemoveAll(deleteLimit) && (await isThere(this.#context, source));
    if (count.source === 0 && !mayBeEmpty && !(await this.#isLeftOut()))
      throw await nothing(this.#context, source, removes, signal);
    if (removes) assertWithinLimit({ removals: count.removals, targetObjects: count.target }, deleteLimit, target.uri);
  }

  /** Only of what is meant. */
  async *#pairs(): AsyncGenerator<Pair, void, undefined> {
    const { source, target, targetInSource, filter, asked, leftOut } = this.#world;
    const { names = "refuse", signal } = this.#options;
    const options = { asked, prefix: filter.prefix, mapped: names !== "refuse", signal };
    const onLeftOut = leftOut.of(source, (path) => filter.passes({ path }));
    const ours = listed(this.#context, source, { ...options, onLeftOut });
    // What is remembered of the target is not what will be changed.
    const theirs = listed(this.#context, { ...target, cached: undefined }, options);
    for await (const pair of pairs(ours, theirs)) {
      const isOwn = targetInSource !== undefined && pair.source?.path.startsWith(targetInSource) === true;
      const meant = pair.source ?? pair.target;
      if (isOwn || meant === undefined) continue;
      if (filter.passes(meant)) {
        if (pair.source !== undefined && names === "refuse") await this.#assertNoManifest(pair.source);
        yield pair;
      } else if (pair.source !== undefined) this.choice.leftOut += 1;
    }
  }

  async #assertNoManifest({ path, uri }: Found): Promise<void> {
    const { source } = this.#world;
    if (source.location.scheme !== "file" || !isManifest(path)) return;
    await assertNoManifest(this.#context.disk, `/${source.key}${path}`, uri);
  }

  /** A source of which filters leave nothing is not one where nothing is. */
  async #isLeftOut(): Promise<boolean> {
    const { source, filter, asked } = this.#world;
    if (filter.prefix === "" || this.choice.isOfSomething) return this.choice.isOfSomething;
    const { names = "refuse", signal } = this.#options;
    const options = { asked, prefix: "", mapped: names !== "refuse", signal };
    for await (const _ of listed(this.#context, source, options)) {
      this.choice.isThere = true;
      break;
    }
    return this.choice.isThere;
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
  async #kept(source: Found, { target, verdict, problem }: Looked): Promise<CopyItem | SkipItem> {
    const { uri, sizeBytes, etag, modifiedMs } = source;
    if (target !== undefined && verdict?.same === true)
      return { kind: "skip", uri, target: target.uri, sizeBytes, reason: verdict.reason };
    const from = objectPlace(this.#world.source, keyOf(this.#world.source, source));
    const { to, refused } = await this.#placeFor(source, target);
    const job = {
      from,
      to,
      sizeBytes,
      etag,
      contentType: contentTypeOf(to.key),
      modifiedMs: this.#to.keepsTimes ? this.#tellingTime(modifiedMs) : undefined,
      problem: problem ?? refused,
    };
    return { kind: "copy", job, reason: target === undefined ? "new" : verdict?.reason };
  }

  /** The time by which a file is known again as this very version; `undefined` where it may come to be that of another one. */
  #tellingTime(modifiedMs: number): number | undefined {
    // The epoch is what a server without times gives.
    if (this.#from.kind !== "server") return modifiedMs > 0 ? modifiedMs : undefined;
    const isOver = modifiedMs > 0 && modifiedMs + wholeSecondMs <= this.#context.now();
    return isOver ? modifiedMs : undefined;
  }

  /** Over what is there already, or under a name that the disk can hold. */
  async #placeFor(
    source: Found,
    before: Found | undefined,
  ): Promise<{ readonly to: ObjectPlace; readonly refused?: EntrepotError | undefined }> {
    const { target, names } = this.#world;
    if (names === undefined) return { to: objectPlace(target, target.key + source.path) };
    if (before !== undefined) return { to: objectPlace(target, keyOf(target, before)) };
    const place = await names.place(source.path, source.uri);
    if (place.problem === undefined) return { to: objectPlace(target, target.key + place.path) };
    return { to: { store: target.store, key: target.key + source.path, uri: target.uri }, refused: place.problem };
  }

  /** Only the version that was listed. */
  #removal(found: Found): RemoveItem {
    const { target } = this.#world;
    const job = { what: objectPlace(target, keyOf(target, found)), sizeBytes: found.sizeBytes, etag: found.etag };
    return { kind: "remove", job, reason: "not in the source" };
  }
}
