/** `--include`, `--exclude`, sizes and ages: the same in every command that goes through many objects. */
import { type ByteSize, type FilterOptions, parseByteSize, parseMoment } from "../depot/index.ts";
import { parsed, texts, type ValueOption, type ValuesOf } from "./option.ts";

type Moment = NonNullable<FilterOptions["newerThan"]>;

export type FilterFlags = Readonly<Record<"include" | "exclude", ValueOption<readonly string[]>>> &
  Readonly<Record<"min-size" | "max-size", ValueOption<ByteSize>>> &
  Readonly<Record<"newer-than" | "older-than", ValueOption<Moment>>>;

export const filterFlags: FilterFlags = {
  include: texts("GLOB", "only what matches; may be given again: one of them is enough"),
  exclude: texts("GLOB", "nothing that matches, whatever --include says"),
  "min-size": parsed("SIZE", "only objects from this size on: 10MB, 10M (10 MiB)", parseByteSize),
  "max-size": parsed("SIZE", "only objects up to this size", parseByteSize),
  "newer-than": parsed("WHEN", "only objects written since then: 7d, 12h, 2024-01-31", parseMoment),
  "older-than": parsed("WHEN", "only objects written before then", parseMoment),
};

/** The same words in the help of every command that has them. */
export const filterNote =
  "--include and --exclude are globs (quote them): with a / of the whole path below the source, without one of the last name at any depth; dir/ is all that lies in such a folder.";

/** What the flags say, as the library takes it. */
export function filtersOf(values: ValuesOf<FilterFlags>): FilterOptions {
  const { include, exclude } = values;
  return {
    include,
    exclude,
    minSize: values["min-size"],
    maxSize: values["max-size"],
    newerThan: values["newer-than"],
    olderThan: values["older-than"],
  };
}

/** Whether one of them says something. */
export function isFiltered(values: ValuesOf<FilterFlags>): boolean {
  return Object.values(filtersOf(values)).some((value) => value !== undefined);
}
