/** One stretch of a listing's keys: a walk of its own from one key to another, with the pages that nobody has taken yet. */
import { compareKeys } from "../../../uri/index.ts";
import type { ListPage } from "../../object-store.ts";
import { keysAhead, type Trail, trailOf } from "./guess.ts";
import { PackedPage, unbound } from "./packed-page.ts";
import type { Pages } from "./pages.ts";

/** A guess: so many pages behind the ends of these. */
interface Guess {
  readonly trails: readonly (Trail | undefined)[];
  readonly pages: number;
}

/** How a stretch came about. */
interface Cut {
  readonly guess: Guess;
  readonly isFar: boolean;
  readonly from: Stretch;
  readonly apart: number;
}

/** So many pages back tell where it goes, besides the last one alone. */
const pagesBack = 8;
/** Of the pages that are guessed to lie before a cut. */
const shortestReach = 1 / 4;
const triesAhead = 4;

export class Stretch {
  /** The key before its first. */
  readonly after: string;
  /** Its last key may be this one; `undefined` where only the prefix ends it. */
  until: string | undefined;
  readonly guess: Guess | undefined;
  /** Of several guesses the farthest was taken. */
  readonly isFar: boolean;
  /** It begins at a guess, and nothing has come of it yet. */
  isBet: boolean;
  readonly pages: (ListPage | PackedPage)[] = [];
  walk: Pages | undefined;
  /** Settles when what is asked for has come, or has not. */
  asking: Promise<void> | undefined;
  hasEnded = false;
  failure: { readonly error: unknown } | undefined;
  /** The last name that came. */
  last: string | undefined;
  /** The first name that came. */
  first: string | undefined;
  /** The stretch that it was cut from, until its own first page came, and how many pages were thought to lie between the two. */
  #origin: Stretch | undefined;
  readonly #apart: number;
  #before: { readonly first: string; readonly pages: number } | undefined;
  #count = 0;
  #trails: Guess["trails"] = [];
  /** The first names of the last pages. */
  #starts: string[] = [];
  /** So many pages are to come before it is cut again: it is as long as it was thought to be, or longer. */
  #settledPages = 0;
  /** Less than all the way, after cuts that were too far. */
  #reach = 1;

  constructor(after: string, until: string | undefined, cut?: Cut) {
    this.isFar = cut?.isFar ?? false;
    this.#origin = cut?.from;
    this.#apart = cut?.apart ?? 0;
    this.after = after;
    this.until = until;
    this.guess = cut?.guess;
    this.isBet = cut !== undefined;
  }

  /** These came, in order. */
  follow(names: readonly string[], prefix: string): void {
    const first = unbound(names[0] ?? "");
    const last = unbound(names.at(-1) ?? "");
    this.#settledPages -= 1;
    this.#count += 1;
    this.#reach = Math.min(1, this.#reach * 1.25);
    this.#starts.push(first);
    if (this.#starts.length > pagesBack) this.#starts.shift();
    const pages = this.#starts.length;
    const ways = [{ first, pages: 1 }];
    if (pages > 1) ways.push({ first: this.#starts[0] ?? first, pages });
    // From where the stretch before began to here: folders, each of which fills some pages.
    this.#before ??= this.#origin && { first: this.#origin.first ?? this.#origin.after, pages: this.#apart };
    this.#origin = undefined;
    if (this.#before !== undefined) ways.push({ first: this.#before.first, pages: this.#before.pages + pages });
    this.first ??= first;
    this.last = last;
    this.#trails = ways.map((way) => trailOf({ ...way, last, names }, prefix));
  }

  /** As if it had never been asked for. */
  forget(): void {
    for (const page of this.pages) if (page instanceof PackedPage) page.drop();
    this.pages.length = 0;
    this.walk = undefined;
    this.hasEnded = false;
    this.first = undefined;
    this.last = undefined;
    this.#count = 0;
    this.#settledPages = 0;
    this.#trails = [];
    this.#starts = [];
  }

  /**
   * Cuts it so that about so many pages remain before the cut; `undefined` where it seems to be shorter. Of several guesses the nearest
   * or the farthest.
   */
  cutAt(pages: number, isFar: boolean, legal: (key: string) => string): Stretch | undefined {
    if (this.hasEnded || this.failure !== undefined || this.#settledPages > 0 || this.#reach < shortestReach)
      return undefined;
    const isUnknown = this.last === undefined && this.guess !== undefined;
    const { trails, pages: before } = isUnknown ? this.guess : { trails: this.#trails, pages: 0 };
    // A guess that leads to the same place as the one before is made again a little farther.
    for (let more = 1; more <= (isUnknown ? triesAhead : 1); more++) {
      const guess = { trails, pages: before + pages * more * this.#reach };
      const keys = keysAhead(trails, guess.pages).map(legal);
      const key = isFar ? keys.findLast((each) => this.holds(each)) : keys.find((each) => this.holds(each));
      if (key !== undefined)
        return new Stretch(key, this.until, { guess, isFar, from: this, apart: this.#count + guess.pages - before });
    }
    return undefined;
  }

  /** Ends where another begins. */
  endAt(cut: Stretch, pages: number): void {
    this.until = cut.after;
    this.#settledPages = pages;
  }

  /** Nothing lies behind the cut: it was too far. */
  cutAgain(): void {
    this.#settledPages = 0;
    this.#reach /= 2;
  }

  /** Whether a cut there would leave something to ask for on both sides. */
  holds(key: string): boolean {
    return (
      compareKeys(key, this.last ?? this.after) > 0 && (this.until === undefined || compareKeys(key, this.until) < 0)
    );
  }
}
