/**
 * A walk from page to page. An answer is awaited and then taken, for a promise that was long under way is an old object by then: until the
 * whole memory is looked through it keeps all that it brought, and the pages of a listing would be most of that.
 */
import type { ListPage } from "../../object-store.ts";

/** One request a page. */
export interface Pages {
  /** True when there is an answer to be taken, false at the end. */
  ask(): Promise<boolean>;
  /** Reads it; `undefined` where there is nothing new in it. */
  take(): ListPage | undefined;
}

/** Walks what comes after a key. */
export type OpenPages = (startAfter: string, signal: AbortSignal) => Pages;
