/** What each option of `admDatamart` may be, for those who have no compiler. */
import { type Check, isFlag, isFunction, isOneOf, isSignal, mistakeInValues, wrongValue } from "../../error/index.ts";
import { columnName } from "./names.ts";

const isNames: Check = (value, name, what) =>
  Array.isArray(value) && value.every((each) => typeof each === "string" && each !== "")
    ? undefined
    : wrongValue(name, what, "an array of names of columns", value);

/** Without it nothing tells which model a row is of. */
const isDroppable: Check = (value, name, what) => {
  const mistake = isNames(value, name, what);
  if (mistake !== undefined || !(value as readonly string[]).some((each) => columnName(each) === "ModelID"))
    return mistake;
  return new RangeError(`${name} of ${what} cannot leave out ModelID: it says which model a row is of`);
};

const isQuery: Check = (value, name, what) =>
  (typeof value === "object" && value !== null && !Array.isArray(value)) || typeof value === "function"
    ? undefined
    : wrongValue(name, what, "{ column: values } or a function", value);

const isDepot: Check = (value, name, what) =>
  typeof (value as { readonly writeTable?: unknown } | null)?.writeTable === "function"
    ? undefined
    : wrongValue(name, what, "a depot", value);

const checks: ReadonlyMap<string, Check> = new Map([
  ["subset", isFlag],
  ["includeColumns", isNames],
  ["dropColumns", isDroppable],
  ["contextKeys", isNames],
  ["extractKeys", isFlag],
  ["query", isQuery],
  ["predictorCategory", isFunction],
  ["data", isDepot],
]);

const ofRead: ReadonlyMap<string, Check> = new Map([
  ...checks,
  ["files", isOneOf(["newest", "all"])],
  ["onBroken", isFunction],
  ["signal", isSignal],
]);

/** The same for `readDatamart`. */
export function checkReadOptions(options: object): void {
  const hint = (name: string) => (Object.hasOwn(otherNames, name) ? `here it is ${otherNames[name]}` : undefined);
  const mistake = mistakeInValues("readDatamart()", options, ofRead, { hint });
  if (mistake !== undefined) throw mistake;
}

/** TypeError, with the option that was probably meant. */
export function checkAdmOptions(options: object): void {
  const hint = (name: string) => (Object.hasOwn(otherNames, name) ? `here it is ${otherNames[name]}` : undefined);
  const mistake = mistakeInValues("admDatamart()", options, checks, { hint });
  if (mistake !== undefined) throw mistake;
}

/** What pdstools calls them. */
const otherNames: Readonly<Record<string, string>> = {
  include_cols: "includeColumns",
  drop_cols: "dropColumns",
  context_keys: "contextKeys",
  extract_keys: "extractKeys",
  predictorCategorization: "predictorCategory",
};
