/** What can stand in a header: who wants something else given back is refused when it is said, not when it is read. */
import { type S3Error, s3Error } from "../errors.ts";

// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for
const unsayable = /[\u0000-\u0008\u000a-\u001f\u007f]/;

/** Error: InvalidArgument, in the words that S3 has for an override of a GET. `argument` is where the value was said. */
export function requireHeaderValue(argument: string, value: string): void {
  if (unsayable.test(value)) throw refusal("value cannot be represented using ISO-8859-1", argument, value);
}

/** A name in lower case. Error: InvalidArgument. */
export function requireHeaderName(argument: string, name: string): void {
  if (!isHeaderName(name)) throw refusal("name cannot be represented using US-ASCII", argument, name);
}

/** Whether it is a token of HTTP in lower case. */
export function isHeaderName(name: string): boolean {
  return /^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name);
}

/** Whether it is printable ASCII without spaces around it: what a header carries unchanged. */
export function isPlainHeaderValue(text: string): boolean {
  return /^(?:[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)?$/.test(text);
}

function refusal(what: string, argument: string, value: string): S3Error {
  const details = { ArgumentName: argument, ArgumentValue: value };
  return s3Error("InvalidArgument", { message: `Header ${what}.`, details });
}
