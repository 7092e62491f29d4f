/** Options are closed at run time, too: what each call takes, and what its values may be. */
import {
  type Check,
  isFilledString,
  isFlag,
  isFunction,
  isSignal,
  isString,
  mistakeInValues,
  wrongValue,
} from "../../error/index.ts";

export type Checks = Readonly<Record<string, Check>>;

const isLocalPath: Check = (value, name, what) =>
  (typeof value === "string" && value !== "") || value instanceof URL
    ? undefined
    : wrongValue(name, what, "a path or a file: URL", value);

export const located: Checks = { downloadDir: isLocalPath };
export const fetching: Checks = { useMetaFiles: isFlag, onProgress: isFunction, signal: isSignal };
export const fetchingTable: Checks = { ...fetching, datamartFolder: isString };
export const readingDatamart: Checks = { ...fetchingTable, onBroken: isFunction };
export const readingTable: Checks = { ...readingDatamart, sourceColumn: isFilledString };

/** What pdstools and others call it. */
const otherNames: Readonly<Record<string, string>> = {
  use_meta_files: "useMetaFiles",
  datamart_folder: "datamartFolder",
  temp_dir: "downloadDir",
  verbose: "print the summary of what it gives, or pass onProgress",
};

/** TypeError and RangeError. `what` is the call, e.g. `fetchFiles()`. */
export function checkOptions(what: string, options: object, checks: Checks): void {
  const hint = (name: string) =>
    Object.hasOwn(otherNames, name) ? `here it is ${otherNames[name]}`.replace("here it is print", "print") : undefined;
  const mistake = mistakeInValues(what, options, new Map(Object.entries(checks)), { hint });
  if (mistake !== undefined) throw mistake;
}
