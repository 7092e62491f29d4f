/** What names may be, and how large things may become: checked before anything is written. */
import { EntrepotError, shownValue } from "../../error/index.ts";
import { unfit } from "./unfit.ts";

/** Bytes of one parameter file. */
export const mostFileBytes: number = 16 * 1024 ** 2;
/** Bytes of all files of a run, and how many there may be. */
export const mostRunBytes: number = 256 * 1024 ** 2;
export const mostFiles = 1_000;
export const mostPolicies = 10_000;
/** Bytes of the options as JSON: they travel in an environment variable, of which Linux takes 128 KiB. */
export const mostOptionBytes = 100_000;
/** Of one attempt: lines, and bytes of them together. */
export const mostLines = 100_000;
export const mostLineBytes = 10_000_000;
/** Files that one attempt may give. */
export const mostOutputs = 100_000;
/** A longer line is cut, characters. */
export const longestLine = 10_000;
/** Of the message of a progress, characters. */
export const longestMessage = 1_000;
const longestText = 10_000;

/** Letters and digits of any language, and between them space, . _ + = and -; no @, which stands between model and version. */
const segment = /^[\p{L}\p{N}_](?:[\p{L}\p{M}\p{N} ._+=-]{0,98}[\p{L}\p{M}\p{N}_+=-])?$/u;

/** A name of a model, version or policy: one segment of a path wherever it is used. RangeError. */
export function checkSegment(what: string, name: unknown): string {
  if (typeof name !== "string") throw unfit(new TypeError(`The name of a ${what} is text, not ${shownValue(name)}`));
  if (segment.test(name) && Buffer.byteLength(name) <= 200 && name.normalize("NFC") === name) return name;
  throw unfit(
    new RangeError(
      `${JSON.stringify(name.slice(0, 200))} is no name of a ${what}: letters, digits and _, between them also space . - + =, at most 100`,
    ),
  );
}

/** A full name of a parameter file: one segment that means a file below any folder, on any disk. Error: unsafe-key. */
export function checkFileName(name: unknown): string {
  if (typeof name !== "string") throw unfit(new TypeError(`The name of a file is text, not ${shownValue(name)}`));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  const isUnsafe = /[/\\:*?"<>|\x00-\x1f\x7f]|\p{Surrogate}|\p{Cf}|^[. ]|[. ]$|^$/u.test(name) || deviceName.test(name);
  if (!isUnsafe && Buffer.byteLength(name) <= 200 && name.normalize("NFC") === name) return name;
  throw new EntrepotError("unsafe-key", `${asTyped(name.slice(0, 200))} is no name of a parameter file`, {
    hint: 'one name such as parameters.csv, without folders and without / \\ : * ? " < > |, of up to 200 bytes; it does not begin with a dot, and is none that Windows keeps for itself, such as CON or NUL.txt',
  });
}

/** In quotes, and with its backslashes as they are: no control character of it reaches a terminal. */
function asTyped(name: string): string {
  return JSON.stringify(name).replaceAll("\\\\", "\\");
}

/** Names that Windows keeps for itself, with any suffix. */
const deviceName = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/** The type that a full name says: what stands after its last dot, in lower case. */
export function typeOfName(name: string): string {
  const at = name.lastIndexOf(".");
  return at < 0 ? "" : name.slice(at + 1).toLowerCase();
}

/** A text for people, in one line or several. RangeError. */
export function checkText(what: string, text: unknown): string {
  if (typeof text !== "string") throw unfit(new TypeError(`The ${what} is text, not ${shownValue(text)}`));
  if (text.length > longestText) throw unfit(new RangeError(`The ${what} is longer than ${longestText} characters`));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (/[\x00-\x08\x0b-\x1f\x7f]|\p{Surrogate}/u.test(text))
    throw unfit(new RangeError(`The ${what} holds control characters`));
  return text;
}

export function checkCount(what: string, value: unknown, least: number, most: number): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= least && value <= most) return value;
  throw unfit(new RangeError(`${what} must be a whole number from ${least} to ${most}, not ${shownValue(value)}`));
}
