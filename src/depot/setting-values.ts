/**
 * Single values of settings, from text and from options. A value with no meaning is a RangeError that says what has one.
 */
import { fileURLToPath } from "node:url";
import { shownValue } from "../error/index.ts";

/** What the process gives; injected so that a test decides it. */
export interface World {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeFolder: string | undefined;
  readonly workingFolder: string;
  /** The text of a small file, `undefined` when it is missing. */
  readText(path: string): string | undefined;
}

export const optional = <A, B>(value: A | undefined, map: (value: A) => B): B | undefined =>
  value === undefined ? undefined : map(value);
export const asText = (text: string): string => text;
export const defined = (env: World["env"]): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));

/** A path of this disk as text. TypeError for a URL that is none. */
export function pathText(path: string | URL): string {
  if (typeof path === "string") return path;
  if (!(path instanceof URL))
    throw new TypeError(`a path on this disk is a string or a file: URL, not ${shownValue(path)}`);
  if (path.protocol !== "file:")
    throw new TypeError(`a path on this disk is a string or a file: URL, not ${path.protocol}`);
  return fileURLToPath(path);
}

export function defaultCacheDir(env: World["env"], homeFolder: string | undefined): string {
  return `${env["XDG_CACHE_HOME"] || `${homeFolder ?? "."}/.cache`}/entrepot`;
}

/** The absolute path: `~` is the home folder, anything else starts at the working folder. */
export function expandHome(path: string, world: Pick<World, "homeFolder" | "workingFolder">): string {
  const expanded = path === "~" || path.startsWith("~/") ? `${world.homeFolder ?? "~"}${path.slice(1)}` : path;
  return expanded.startsWith("/") ? expanded : `${world.workingFolder}/${expanded.replace(/^\.\//, "")}`;
}

export function parseMode(text: string): number {
  const mode = /^(0o)?[0-7]{3,4}$/.test(text) ? Number.parseInt(text.replace("0o", ""), 8) : Number.NaN;
  return isMode(mode) ? mode : fail(`${JSON.stringify(text)} is no file mode; write octal digits, e.g. 660`);
}

/** A mode that is a number already. RangeError. */
export function checkMode(mode: number): number {
  return isMode(mode) ? mode : fail(`${mode} is no file mode; write an octal number from 0o400 to 0o777, e.g. 0o660`);
}

function isMode(mode: number): boolean {
  return Number.isInteger(mode) && mode >= 0o400 && mode <= 0o777;
}

function fail(message: string): never {
  throw new RangeError(message);
}

export function parseSwitch(text: string): boolean {
  if (/^(1|true|on|yes)$/i.test(text)) return true;
  if (/^(0|false|off|no)$/i.test(text)) return false;
  throw new RangeError(`${JSON.stringify(text)} is neither on nor off`);
}

export function parseNetwork(text: string): "auto" | "online" | "offline" {
  if (text === "auto" || text === "online" || text === "offline") return text;
  throw new RangeError(`${JSON.stringify(text)} is none of auto, online, offline`);
}

export function parseRedirects(text: string): "same-host" | "any" {
  if (text === "same-host" || text === "any") return text;
  throw new RangeError(`${JSON.stringify(text)} is neither same-host nor any`);
}

export function parseAddressing(text: string): "path" | "virtual" {
  if (text === "path" || text === "virtual") return text;
  throw new RangeError(`${JSON.stringify(text)} is neither path nor virtual`);
}

export function parseCount(text: string): number {
  return checkCount(/^\d+$/.test(text) ? Number(text) : Number.NaN, JSON.stringify(text));
}

/** A count that is a number already. RangeError. */
export function checkCount(count: number, shown: string = String(count)): number {
  return Number.isInteger(count) && count >= 1 && count <= 99_999
    ? count
    : fail(`${shown} is no count from 1 to 99999`);
}
