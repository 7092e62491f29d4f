/** Which rows: a plain value that is checked once, then used to leave out files and row groups and to filter what was read. */
import type { ColumnChoice, TsOf } from "../columns.ts";

type NamesOf<C> = C extends readonly (infer K extends string)[]
  ? K
  : C extends Readonly<Record<string, unknown>>
    ? keyof C & string
    : string;
type ValueOf<C, K> = C extends Readonly<Record<string, keyof TsOf>> ? (K extends keyof C ? TsOf[C[K]] : never) : Scalar;

/** What a cell is compared with. Dates for dates and timestamps; decimals and times as text. */
export type Scalar = string | number | bigint | boolean | Date;

/** All that are given hold. A missing value passes `null`, `{ eq: null }` and nothing else. */
export type Test<T> =
  | T
  | null
  | {
      readonly eq?: T | null | undefined;
      readonly ne?: T | null | undefined;
      readonly lt?: T | undefined;
      readonly lte?: T | undefined;
      readonly gt?: T | undefined;
      readonly gte?: T | undefined;
      readonly in?: readonly (T | null)[] | undefined;
    };

/** `{ column: value }` or `{ column: { gte: 5, lt: 9 } }`, all of which hold; `and` and `or` join several. */
export type Where<C = ColumnChoice> =
  | { readonly [K in NamesOf<C>]?: Test<ValueOf<C, K>> | undefined }
  | { readonly and: readonly Where<C>[] }
  | { readonly or: readonly Where<C>[] };
