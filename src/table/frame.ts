/**
 * The one thing that the main door says of a table: a frame's few own members. `entrepot/table` makes it the whole of
 * nodejs-polars' DataFrame; without it, nothing but a frame fits all the same.
 */

/** A polars frame. Importing `entrepot/table` makes this the whole of nodejs-polars' `DataFrame`. */
export interface Frame {
  /** Rows. */
  readonly height: number;
  /** Columns. */
  readonly width: number;
  get columns(): string[];
  set columns(names: string[]);
}

/**
 * polars' own options, by what they belong to. `entrepot/table` makes each member what nodejs-polars says it is; without it,
 * any option may be written.
 */
// biome-ignore lint/suspicious/noEmptyInterface: `entrepot/table` fills it
export interface EngineOptions {}

/** What `engine` may hold for one format: polars' own option names. They win over ours. */
export type EngineOf<K extends string> =
  EngineOptions extends Readonly<Record<K, infer T>> ? T : Readonly<Record<string, unknown>>;
