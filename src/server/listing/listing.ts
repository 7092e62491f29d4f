/**
 * One page of a listing over sorted keys: prefix, delimiter, where to go on, how many. Pure; a page costs its length, not
 * the bucket's.
 */
import { compareKeys } from "../storage/key-order.ts";
import type { KeysInOrder } from "../storage/sorted-keys.ts";

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

export function listPage(keys: KeysInOrder, question: ListingQuestion): ListingPage {
  const { prefix, delimiter, limit } = question;
  if (limit <= 0) return { items: [], next: undefined };
  const isNew = isBehind(question.after);
  const cursor = keys.from((key) => compareKeys(key, prefix) >= 0 && isNew(key));
  const items: ListedItem[] = [];
  while (true) {
    const { key } = cursor;
    if (key === undefined || !key.startsWith(prefix)) return { items, next: undefined };
    if (items.length === limit) return { items, next: positionAfter(items.at(-1)) };
    const cut = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    if (cut < 0) {
      items.push({ kind: "key", text: key });
      cursor.step();
    } else {
      const rolledUp = key.slice(0, cut + delimiter.length);
      items.push({ kind: "prefix", text: rolledUp });
      cursor.skipTo(isBehind({ prefix: rolledUp }));
    }
  }
}

/** Which keys come after a position: from the first of them on, all. */
function isBehind(position: Position | undefined): (key: string) => boolean {
  if (position === undefined) return () => true;
  if ("key" in position) return (key) => compareKeys(key, position.key) > 0;
  // Keys with one prefix stand together.
  return (key) => !key.startsWith(position.prefix) && compareKeys(key, position.prefix) > 0;
}

function positionAfter(item: ListedItem | undefined): Position | undefined {
  if (item === undefined) return undefined;
  return item.kind === "key" ? { key: item.text } : { prefix: item.text };
}
