/**
 * A reversible escape for keys that no file can be called. Ordinary names stay as they are; two keys never get one
 * name. It does not know what else is in the folder: `foo` beside `foo/bar`, or names that differ in case, can still clash.
 */
import { isReservedName } from "./reserved-names.ts";
import { isBackslashTrick } from "./safe-join.ts";

/** Whose rules: `"posix"` for Linux and macOS, `"windows"` also for names with `:` or `?` and for devices like `CON`. */
export type NameRules = "posix" | "windows";

/** U+201B, a quotation mark that hardly anybody uses; rclone chose the same. */
const mark = "\u201b";
/** What ends the part of a long segment that goes on in the folder below. */
const more = `${mark}+`;
const longestName = 255;
const partBytes = 240;

/** A path with `/`, which `safeJoin` accepts unless all of it is too long. */
export function escapeName(key: string, rules: NameRules = "posix"): string {
  const special = specialCharacters(key, rules);
  return key
    .split("/")
    .map((segment) => escapeSegment(segment, rules, special))
    .join("/");
}

/** The key whose `escapeName` is `path`; `undefined` when there is none, e.g. for a name that somebody else gave. */
export function unescapeName(path: string, rules: NameRules = "posix"): string | undefined {
  const key = path.replaceAll(tokens, (token) => {
    if (token === mark + mark) return mark;
    if (token === `${more}/` || token === `${mark}e`) return "";
    return String.fromCharCode(Number.parseInt(token.slice(token[1] === "u" ? 2 : 1), 16));
  });
  return escapeName(key, rules) === path ? key : undefined;
}

const tokens = new RegExp(`${mark}(?:${mark}|\\+/|e|u[0-9A-F]{4}|[0-9A-F]{2})`, "g");

function specialCharacters(key: string, rules: NameRules): RegExp {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what Windows refuses.
  if (rules === "windows") return /[\u0000-\u001f<>:"\\|?*\u201b]|\p{Surrogate}/u;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: NUL is what every system refuses.
  return isBackslashTrick(key) ? /[\u0000\\\u201b]|\p{Surrogate}/u : /[\u0000\u201b]|\p{Surrogate}/u;
}

function escapeSegment(segment: string, rules: NameRules, special: RegExp): string {
  if (segment === "") return `${mark}e`;
  const characters = [...segment].map((character) => (special.test(character) ? escaped(character) : character));
  const last = characters.length - 1;
  if (rules === "windows" && /[. ]$/.test(segment)) characters[last] = escaped(segment.slice(-1));
  const whole = withoutMeaning(characters.join(""), rules);
  if (Buffer.byteLength(whole) <= longestName) return whole;
  return parts(characters)
    .map((part, index, all) => withoutMeaning(part, rules) + (index < all.length - 1 ? more : ""))
    .join("/");
}

function escaped(character: string): string {
  if (character === mark) return mark + mark;
  const unit = character.charCodeAt(0);
  const hex = unit.toString(16).toUpperCase();
  return unit < 0x100 ? mark + hex.padStart(2, "0") : `${mark}u${hex.padStart(4, "0")}`;
}

/** Cuts between characters, never within an escape. */
function parts(characters: readonly string[]): readonly string[] {
  const all: string[] = [];
  let part = "";
  for (const character of characters) {
    if (Buffer.byteLength(part + character) > partBytes) {
      all.push(part);
      part = "";
    }
    part += character;
  }
  return [...all, part];
}

/** Escapes the first character of names that mean something else: here, the parent, our own temporaries, a device. */
function withoutMeaning(name: string, rules: NameRules): string {
  const meant =
    name === "." ||
    name === ".." ||
    isReservedName(name) ||
    (rules === "windows" && /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?: *\.|$)/i.test(name));
  return meant ? escaped(name.slice(0, 1)) + name.slice(1) : name;
}
