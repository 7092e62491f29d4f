/** The door `entrepot`: what users of the library import. */
export { EntrepotError, type ErrorCode, type ErrorDetails, isEntrepotError } from "./error/index.ts";
