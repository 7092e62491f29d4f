/** A lock as text, one line for each input, so that a diff shows what changed; and back, whatever the text is. */

import { EntrepotError } from "../../../error/index.ts";
import { escapeGlob, parseUri } from "../../../uri/index.ts";
import { type InputsLock, type LockedInput, lockOf } from "./inputs-lock.ts";
import { inputOf } from "./lock-schema.ts";

const format = "entrepot inputs";

/** `folder` is that of the file, a `file:` URI that ends in `/`: what lies below it is written relative to it. */
export function formatLock({ inputs }: InputsLock, folder?: string): string {
  const place = folder === undefined ? same : relativeTo(folder);
  const lines = inputs.map((input) => `\n    ${JSON.stringify(moved(input, place))}`);
  return `{\n  "format": ${JSON.stringify(format)},\n  "version": 1,\n  "inputs": [${lines.join(",")}${lines.length > 0 ? "\n  " : ""}]\n}\n`;
}

/** Errors: malformed, with the place; unsupported for a version that is newer than this program. */
export function parseLock(text: string, uri: string, folder?: string): InputsLock {
  const fail = (what: string, hint = "it was not written by entrepot, or changed since: write it anew") =>
    new EntrepotError("malformed", `${uri} is no lock file: ${what}`, { uri, hint });
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch (cause) {
    throw new EntrepotError("malformed", `${uri} is no lock file: it is no JSON`, {
      uri,
      cause,
      hint: mergeHint(text),
    });
  }
  const { format: named, version, inputs } = fieldsOf(read);
  if (named !== format) throw fail(`its "format" is not ${JSON.stringify(format)}`);
  if (typeof version === "number" && version > 1)
    throw new EntrepotError(
      "unsupported",
      `${uri} is a lock file of version ${version}, and this program knows version 1`,
      {
        uri,
        hint: "update entrepot, or write the lock anew with this version",
      },
    );
  if (version !== 1) throw fail('its "version" is not 1');
  if (!Array.isArray(inputs)) throw fail('its "inputs" are no list');
  const place = folder === undefined ? same : absoluteFrom(folder);
  const found = inputs.map((input: unknown, at) => {
    const checked = inputOf(input);
    if (typeof checked === "string") throw fail(`inputs[${at}] ${checked}`);
    const absolute = moved(checked, place);
    if (!isAbsolute(absolute.uri)) throw fail(`inputs[${at}].uri is no full address`);
    return absolute;
  });
  const lock = lockOf(found);
  if (lock.inputs.length < found.length) throw fail("an input stands in it twice", mergeHint(text));
  return lock;
}

function mergeHint(text: string): string {
  return /^(?:<{7}|={7}|>{7})/m.test(text)
    ? "it holds marks of a merge: take one side, or write it anew"
    : "it was not written by entrepot, or changed since: write it anew";
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function isAbsolute(uri: string): boolean {
  try {
    parseUri(uri);
    return true;
  } catch {
    return false;
  }
}

interface Moving {
  uri(uri: string): string;
  pattern(pattern: string): string;
}

const same: Moving = { uri: (uri) => uri, pattern: (pattern) => pattern };

function relativeTo(folder: string): Moving {
  const path = pathOf(folder);
  return {
    uri: (uri) => (uri.startsWith(folder) ? `./${uri.slice(folder.length)}` : uri),
    pattern: (pattern) => (pattern.startsWith(path) ? `./${pattern.slice(path.length)}` : pattern),
  };
}

function absoluteFrom(folder: string): Moving {
  const path = pathOf(folder);
  return {
    uri: (uri) => (uri.startsWith("./") ? folder + uri.slice(2) : uri),
    pattern: (pattern) => (pattern.startsWith("./") ? path + pattern.slice(2) : pattern),
  };
}

/** As patterns have it. */
function pathOf(folder: string): string {
  const location = parseUri(folder);
  return location.scheme === "file" ? escapeGlob(location.path) : folder;
}

function moved(input: LockedInput, { uri, pattern }: Moving): LockedInput {
  if (input.kind !== "listing") return { ...input, uri: uri(input.uri) };
  const { options, without } = input;
  return {
    ...input,
    uri: uri(input.uri),
    options: options.patterns === undefined ? options : { ...options, patterns: options.patterns.map(pattern) },
    ...(without === undefined ? {} : { without: without.map(uri) }),
  };
}
