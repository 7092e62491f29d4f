/**
 * A listing over several requests at once, page for page what one after the other gives: the keys are cut into stretches that follow
 * one another, each is walked by itself, and what comes early waits for its turn. Short listings are asked for as ever.
 */
import { EntrepotError } from "../../../error/index.ts";
import { compareKeys } from "../../../uri/index.ts";
import type { ListPage } from "../../object-store.ts";
import { PackedPage, type Spares } from "./packed-page.ts";
import type { OpenPages } from "./pages.ts";
import { Stretch } from "./stretch.ts";

export interface Sharding {
  /** Requests in flight, from 2. */
  readonly shards: number;
  readonly prefix: string;
  readonly startAfter: string;
  readonly rollUp: boolean;
  readonly signal: AbortSignal | undefined;
  /** For errors. */
  readonly uri: string;
}

/** Who takes so many pages wants all of them. */
const pagesFirst = 4;
/** That wait for their turn, for each request in flight. */
const pagesWaiting = 4;
/** About so long is a stretch; longer where the ends of stretches cost too much. */
const pagesOfStretch = { short: 4, long: 8 } as const;

export async function* shardedPages(open: OpenPages, sharding: Sharding): AsyncGenerator<ListPage, void, void> {
  const stretches = new Stretches(open, sharding);
  try {
    for (let page = await stretches.next(); page !== undefined; page = await stretches.next()) yield page;
  } finally {
    await stretches.end();
  }
}

class Stretches {
  readonly #open: OpenPages;
  readonly #sharding: Sharding;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  readonly #mostAhead: number;
  /** In the order of their keys, the first one with the next page. */
  readonly #order: Stretch[];
  readonly #spares: Spares = [];
  #inFlight = 0;
  /** Cuts of which nobody knows yet whether they lie before a key, and how many there may be: more while they do. */
  #bets = 0;
  #mostBets = 2;
  /** How often the farthest and the nearest of several guesses were right. */
  readonly #luck = { far: 0.75, near: 0.75 };
  #waiting = 0;
  #given = 0;
  /** In pages: what was asked for in vain, and what was not. */
  #wasted = 0;
  #useful = 0;
  /** Whether this server heeds a start: a cut shows it, before anything depends on it. */
  #heedsStart: boolean | "being tried" | undefined;
  /** A walk has come to where no key is behind. */
  #isEndFound = false;
  #wake: (() => void) | undefined;

  constructor(open: OpenPages, sharding: Sharding) {
    const { signal, shards, startAfter } = sharding;
    this.#open = open;
    this.#sharding = sharding;
    this.#signal = signal === undefined ? this.#stop.signal : AbortSignal.any([signal, this.#stop.signal]);
    this.#mostAhead = shards * pagesWaiting;
    this.#order = [new Stretch(startAfter, undefined)];
  }

  async next(): Promise<ListPage | undefined> {
    for (;;) {
      const [first] = this.#order;
      if (first === undefined) return undefined;
      const page = first.pages.shift();
      if (page !== undefined) {
        this.#waiting -= 1;
        this.#given += 1;
        if (this.#spreads) this.#ask();
        return page instanceof PackedPage ? page.open() : page;
      }
      if (first.failure !== undefined) throw first.failure.error;
      if (first.hasEnded) {
        this.#order.shift();
        continue;
      }
      if (this.#spreads) this.#ask();
      else if (first.asking === undefined) this.#askFor(first);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Ends what is in flight. */
  async end(): Promise<void> {
    this.#stop.abort();
    await Promise.allSettled(this.#order.map(({ asking }) => asking));
  }

  get #spreads(): boolean {
    return this.#given >= pagesFirst;
  }

  #ask(): void {
    while (this.#inFlight < this.#sharding.shards && this.#askOnce());
  }

  get #span(): number {
    return this.#wasted > 2 + this.#useful / 8 ? pagesOfStretch.long : pagesOfStretch.short;
  }

  /** What comes first goes first. False when there is nothing to ask for, or no room for it. */
  #askOnce(): boolean {
    const span = this.#span;
    const mayCut = this.#mayCut;
    const isFar = this.#luck.far >= this.#luck.near;
    const isLucky = Math.max(this.#luck.far, this.#luck.near) > 0.6;
    let committed = 0;
    for (const [index, stretch] of this.#order.entries()) {
      const { asking, hasEnded, failure, pages } = stretch;
      if (failure !== undefined) return false;
      if (committed >= this.#mostAhead) return false;
      committed += hasEnded ? pages.length : Math.max(span, pages.length + 1);
      if (asking === undefined && !hasEnded) {
        if (!this.#hasRoom(index)) return false;
        this.#askFor(stretch);
        return true;
      }
      const cut =
        mayCut && (isLucky || !stretch.isBet) && !(this.#isEndFound && stretch.until === undefined)
          ? stretch.cutAt(span, isFar, this.#legal)
          : undefined;
      if (cut === undefined) continue;
      if (!this.#isRoom) return false;
      this.#cut(stretch, cut);
      return true;
    }
    return false;
  }

  get #isRoom(): boolean {
    // Who leaves early has not paid for much more than was taken.
    return this.#waiting + this.#inFlight < Math.min(this.#mostAhead, pagesFirst + 2 * this.#given);
  }

  /** Where nothing waits, at the price of the pages of a later stretch if need be: else the first would wait for the last. */
  #hasRoom(index: number): boolean {
    if (this.#isRoom) return true;
    if (this.#order[index]?.pages.length !== 0) return false;
    if (index === 0) return true;
    if (this.#waiting + this.#inFlight < this.#mostAhead) return false;
    const last = this.#order.findLastIndex(({ pages, asking }) => pages.length > 0 && asking === undefined);
    const victim = this.#order[last];
    if (victim === undefined || last <= index) return false;
    this.#waiting -= victim.pages.length;
    this.#wasted += victim.pages.length;
    victim.forget();
    return true;
  }

  /** Guesses go on as long as three of four requests bring what one after the other would have brought. */
  get #mayCut(): boolean {
    if (this.#heedsStart === false || this.#heedsStart === "being tried") return false;
    if (this.#useful <= pagesFirst) return false;
    return this.#bets < this.#mostBets && this.#wasted + this.#bets / 4 <= 3 + this.#useful / 4;
  }

  /** A folder must not be cut in two. */
  readonly #legal = (key: string): string => {
    const { rollUp, prefix } = this.#sharding;
    const slash = rollUp ? key.indexOf("/", prefix.length) : -1;
    return slash < 0 ? key : key.slice(0, slash);
  };

  #cut(stretch: Stretch, cut: Stretch): void {
    if (this.#heedsStart === true) this.#insert(stretch, cut);
    else this.#heedsStart = "being tried";
    this.#bets += 1;
    this.#askFor(cut, stretch);
  }

  #insert(stretch: Stretch, cut: Stretch): void {
    stretch.endAt(cut, this.#span);
    this.#order.splice(this.#order.indexOf(stretch) + 1, 0, cut);
  }

  #askFor(stretch: Stretch, before?: Stretch): void {
    stretch.walk ??= this.#open(stretch.after, this.#signal);
    const { walk } = stretch;
    this.#inFlight += 1;
    const ask = (): Promise<void> => walk.ask().then(take, fail);
    const fail = (error: unknown) => this.#settle(stretch, before, () => this.#failed(stretch, error));
    const take = (isThere: boolean) => {
      if (!isThere) return this.#settle(stretch, before, () => this.#ended(stretch));
      let page: ListPage | undefined;
      try {
        page = walk.take();
      } catch (error) {
        return fail(error);
      }
      if (page === undefined) return ask();
      const arrived = page;
      return this.#settle(stretch, before, () => this.#arrived(stretch, arrived));
    };
    stretch.asking = ask();
  }

  #settle(stretch: Stretch, before: Stretch | undefined, take: () => void): void {
    stretch.asking = undefined;
    this.#inFlight -= 1;
    const wasBet = stretch.isBet;
    stretch.isBet = false;
    take();
    if (wasBet) this.#settleBet(stretch, stretch.pages.length > 0, before);
    if (this.#heedsStart === "being tried" && before !== undefined) this.#learn(stretch, before);
    this.#wake?.();
    if (this.#spreads && !this.#signal.aborted) this.#ask();
  }

  #settleBet({ isFar }: Stretch, isWon: boolean, before: Stretch | undefined): void {
    this.#bets -= 1;
    this.#mostBets = isWon ? Math.min(this.#mostBets + 1, this.#sharding.shards) : Math.max(2, this.#mostBets - 2);
    const won = isWon ? 1 : 0;
    if (isFar) this.#luck.far += (won - this.#luck.far) / 8;
    else this.#luck.near += (won - this.#luck.near) / 8;
    if (!isWon) before?.cutAgain();
  }

  /** The first cut becomes one when its answer is in order: until then all is as it was. */
  #learn(cut: Stretch, before: Stretch): void {
    this.#heedsStart = cut.failure === undefined;
    if (this.#heedsStart && this.#order.includes(before) && !before.hasEnded && before.holds(cut.after))
      this.#insert(before, cut);
    else {
      this.#wasted += 1;
      this.#waiting -= cut.pages.length;
      cut.forget();
    }
  }

  #ended(stretch: Stretch): void {
    if (stretch.last === undefined) this.#wasted += 1;
    stretch.hasEnded = true;
    this.#isEndFound = true;
  }

  #failed(stretch: Stretch, error: unknown): void {
    stretch.failure = { error };
  }

  #arrived(stretch: Stretch, page: ListPage): void {
    const { prefix, uri } = this.#sharding;
    const names = namesOf(page);
    const [first = ""] = names;
    const last = names.at(-1) ?? "";
    if (stretch.guess !== undefined && compareKeys(first, stretch.after) <= 0) {
      const what = `listing ${uri}: ${JSON.stringify(first)} comes after ${JSON.stringify(stretch.after)}, where it does not belong`;
      this.#failed(stretch, new EntrepotError("protocol", what, { uri }));
      return;
    }
    stretch.follow(names, prefix);
    const { until } = stretch;
    const isBeyond = until !== undefined && compareKeys(last, until) > 0;
    const kept = isBeyond ? upTo(page, until) : page;
    const count = kept.objects.length + kept.folders.length;
    this.#useful += count / names.length;
    this.#wasted += 1 - count / names.length;
    if (isBeyond) stretch.hasEnded = true;
    if (count === 0) return;
    const isNext = stretch === this.#order[0] && stretch.pages.length === 0;
    stretch.pages.push(isNext ? kept : new PackedPage(kept, this.#spares));
    this.#waiting += 1;
  }
}

/** All names in order; a page has one at least. */
function namesOf({ objects, folders }: ListPage): readonly string[] {
  const keys = objects.map(({ key }) => key);
  if (folders.length === 0) return keys;
  return [...keys, ...folders].sort(compareKeys);
}

function upTo({ objects, folders }: ListPage, until: string): ListPage {
  const isWithin = (name: string) => compareKeys(name, until) <= 0;
  return { objects: objects.filter(({ key }) => isWithin(key)), folders: folders.filter(isWithin) };
}
