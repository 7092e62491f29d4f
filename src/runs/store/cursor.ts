/** Where a page of a list goes on: a text that says nothing to who holds it. */
import { unfit } from "./unfit.ts";

export function cursorOf(place: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(place)).toString("base64url");
}

/** The place, of a whole number and as many texts as there are `texts`; RangeError for what is none of ours. */
export function placeOf(cursor: string, texts: number): readonly [number, ...string[]] {
  const place = parsed(cursor);
  const isOurs =
    Array.isArray(place) &&
    place.length === texts + 1 &&
    Number.isSafeInteger(place[0]) &&
    Math.abs(place[0]) < 2 ** 31 &&
    place.slice(1).every((each) => typeof each === "string");
  if (isOurs) return place as [number, ...string[]];
  throw unfit(new RangeError("after is not next of a page of this list"));
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString());
  } catch {
    return undefined;
  }
}
