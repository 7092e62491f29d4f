/** What the values of filters may be. */
import { type Check, wrongValue } from "../../error/index.ts";
import { type Checks, isByteSize, naming } from "../option-checks.ts";
import type { Moment } from "./filter-options.ts";
import { momentMs } from "./moment.ts";
import { pathGlobs } from "./path-globs.ts";

const isGlobs: Check = (value, name, what) => {
  const globs = typeof value === "string" ? [value] : value;
  if (!Array.isArray(globs) || !globs.every((each) => typeof each === "string"))
    return wrongValue(name, what, "a glob or an array of globs", value);
  return naming(name, what, () => pathGlobs(globs));
};

const isMoment: Check = (value, name, what) =>
  typeof value === "string" || value === 0 || value instanceof Date
    ? naming(name, what, () => momentMs(value as Moment, 0))
    : wrongValue(name, what, 'how long ago, e.g. "7d", or a date', value);

export const filters: Checks = {
  include: isGlobs,
  exclude: isGlobs,
  minSize: isByteSize,
  maxSize: isByteSize,
  newerThan: isMoment,
  olderThan: isMoment,
};
