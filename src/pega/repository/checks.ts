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
export const readingTable: Checks = { ...readingDatamart, sourceColumn: isFilledString, onFetched: isFunction };

/** What pdstools and others call it. */
const otherNames: Readonly<Record<string, string>> = {
  use_meta_files: "useMetaFiles",
  datamart_folder: "datamartFolder",
  temp_dir: "downloadDir",
  verbose: "print the summary of what it gives, or pass onProgress",
};

/** What is no option of the repository, but of what is asked of it. */
const ofCalls: Readonly<Record<string, string>> = {
  datamartFolder: "it is one of fetchTable(), readTable() and admDatamart()",
  datamart_folder: "it is datamartFolder of fetchTable(), readTable() and admDatamart()",
  useMetaFiles: "it is one of fetchFiles(), fetchTable(), readTable() and admDatamart()",
  use_meta_files: "it is useMetaFiles of fetchFiles(), fetchTable(), readTable() and admDatamart()",
  onProgress: "it is one of fetchFiles(), fetchTable(), readTable() and admDatamart()",
};

/** TypeError and RangeError. `what` is the call, e.g. `fetchFiles()`. */
export function checkOptions(what: string, options: object, checks: Checks): void {
  const renamed = (name: string) =>
    Object.hasOwn(otherNames, name) ? `here it is ${otherNames[name]}`.replace("here it is print", "print") : undefined;
  const ofCall = (name: string) => (Object.hasOwn(ofCalls, name) ? ofCalls[name] : undefined);
  const hint = (name: string) => (what === "pegaRepository()" ? ofCall(name) : undefined) ?? renamed(name);
  const mistake = mistakeInValues(what, options, new Map(Object.entries(checks)), { hint });
  if (mistake !== undefined) throw mistake;
}
