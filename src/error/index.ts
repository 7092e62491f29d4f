/** What can go wrong: one class, a closed list of causes; and what a caller may say, checked where no compiler does. */
export { closest } from "./closest.ts";
export { type ErrorCode, errorAdvice, errorMeanings, isRetryableCode } from "./codes.ts";
export { EntrepotError, type ErrorDetails, isEntrepotError, isMissingBucket } from "./entrepot-error.ts";
export { type Hint, mistakeIn, mistakeInValues } from "./mistake-in.ts";
export { redact } from "./redact.ts";
export { safeListener } from "./safe-listener.ts";
export {
  type Check,
  isCount,
  isFilledString,
  isFlag,
  isFunction,
  isOneOf,
  isSignal,
  isString,
  isStrings,
  kindOfValue,
  shownValue,
  wrongValue,
} from "./value-checks.ts";
export { lean, withoutStack } from "./without-stack.ts";
