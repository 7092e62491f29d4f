/** `--match`, the same in every command that goes through folders. */
import { parsed, type ValueOption } from "./option.ts";

export const matchOption: ValueOption<RegExp> = parsed(
  "REGEX",
  "of a folder, only what matches below it",
  (given) => new RegExp(given),
);
