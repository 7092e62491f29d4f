/** What can go wrong: one class, a closed list of causes. */
export { closest } from "./closest.ts";
export { type ErrorCode, errorAdvice, errorMeanings, isRetryableCode } from "./codes.ts";
export { EntrepotError, type ErrorDetails, isEntrepotError } from "./entrepot-error.ts";
export { mistakeIn } from "./mistake-in.ts";
export { redact } from "./redact.ts";
