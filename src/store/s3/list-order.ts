/**
 * Holds the pages of a listing against what was asked for. A key that a server gives by mistake may be copied over, or deleted, by
 * whoever listed: so none outside the prefix, none twice, none out of order, and no walk without an end.
 */
import { compareKeys } from "../../uri/index.ts";
import type { ListPage } from "../object-store.ts";

/** Pages without a key that may follow one another, each with a token for the next. */
const mostEmptyPages = 3;

export interface Asked {
  readonly prefix: string;
  readonly startAfter: string;
}

export class ListOrder {
  readonly #asked: Asked;
  /** The last name, key or folder, of the pages so far. */
  #last: string | undefined;
  #empty = 0;

  constructor(asked: Asked) {
    this.#asked = asked;
  }

  /** The page without what an earlier one gave; `undefined` when nothing is left of it. Throws for one that is not to be trusted. */
  check(page: ListPage): ListPage | undefined {
    const fresh = withoutRepeat(page, this.#last);
    const { prefix, startAfter } = this.#asked;
    let before = startAfter === "" ? this.#last : (this.#last ?? startAfter);
    for (const { key } of fresh.objects) {
      if (!key.startsWith(prefix)) throw new Error(`the key ${JSON.stringify(key)} is outside the prefix`);
      before = inOrder(key, before);
    }
    // A folder of which only the end was asked for has a name from before it.
    before = this.#last;
    for (const folder of fresh.folders) {
      if (!folder.startsWith(prefix) || folder.indexOf("/", prefix.length) !== folder.length - 1) {
        throw new Error(`the folder ${JSON.stringify(folder)} is not one of the prefix`);
      }
      before = inOrder(folder, before);
    }
    const last = later(fresh.objects.at(-1)?.key, fresh.folders.at(-1));
    if (last === undefined) {
      this.#empty++;
      if (this.#empty > mostEmptyPages) throw new Error("the server gives page after page with nothing on it");
      return undefined;
    }
    this.#empty = 0;
    this.#last = last;
    return fresh;
  }
}

function inOrder(name: string, before: string | undefined): string {
  if (before === undefined || compareKeys(before, name) < 0) return name;
  throw new Error(`${JSON.stringify(name)} comes after ${JSON.stringify(before)}, where it does not belong`);
}

/** Some servers give a folder once more at the beginning of the next page. */
function withoutRepeat(page: ListPage, last: string | undefined): ListPage {
  return last !== undefined && page.folders[0] === last ? { ...page, folders: page.folders.slice(1) } : page;
}

function later(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return compareKeys(a, b) > 0 ? a : b;
}
