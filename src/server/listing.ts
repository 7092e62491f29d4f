/**
 * One page of a listing over sorted keys: prefix, delimiter, where to go on, how many. Pure; a page costs its length, not
 * the bucket's.
 */
import { compareKeys, firstIndex } from "./key-order.ts";

export interface ListingQuestion {
  readonly prefix: string;
  /** `""` for none. */
  readonly delimiter: string;
  /** Where the page before ended; undefined for the first. */
  readonly after: Position | undefined;
  /** Keys and common prefixes together. */
  readonly limit: number;
}

/** After this key, or after all keys that begin like this. */
export type Position = { readonly key: string } | { readonly prefix: string };

export type ListedItem = { readonly kind: "key" | "prefix"; readonly text: string };

export interface ListingPage {
  /** In the order of UTF-8 bytes, keys and common prefixes mixed. */
  readonly items: readonly ListedItem[];
  /** Where to go on; undefined when this is the last page. */
  readonly next: Position | undefined;
}

export function listPage(keys: readonly string[], question: ListingQuestion): ListingPage {
  const { prefix, delimiter, limit } = question;
  if (limit <= 0) return { items: [], next: undefined };
  let index = Math.max(
    firstIndex(keys, (key) => compareKeys(key, prefix) >= 0),
    startIndex(keys, question.after),
  );
  const items: ListedItem[] = [];
  while (true) {
    const key = keys[index];
    if (key === undefined || !key.startsWith(prefix)) return { items, next: undefined };
    if (items.length === limit) return { items, next: positionAfter(items.at(-1)) };
    const cut = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    if (cut < 0) {
      items.push({ kind: "key", text: key });
      index += 1;
    } else {
      const rolledUp = key.slice(0, cut + delimiter.length);
      items.push({ kind: "prefix", text: rolledUp });
      index = pastPrefix(keys, rolledUp);
    }
  }
}

function startIndex(keys: readonly string[], after: Position | undefined): number {
  if (after === undefined) return 0;
  if ("prefix" in after) return pastPrefix(keys, after.prefix);
  return firstIndex(keys, (key) => compareKeys(key, after.key) > 0);
}

/** Keys with one prefix stand together: the first one behind them. */
function pastPrefix(keys: readonly string[], prefix: string): number {
  return firstIndex(keys, (key) => !key.startsWith(prefix) && compareKeys(key, prefix) > 0);
}

function positionAfter(item: ListedItem | undefined): Position | undefined {
  if (item === undefined) return undefined;
  return item.kind === "key" ? { key: item.text } : { prefix: item.text };
}
