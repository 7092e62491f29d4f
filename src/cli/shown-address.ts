/**
 * Addresses as people and `-0` are shown them: files of this machine by their paths, in the way the user named them; all else as it is.
 * Machines get addresses, with `--json`.
 */
import path from "node:path";
import { fileURLToPath } from "node:url";
import { printable } from "./escape.ts";

/** From an address to what is shown for it. Its result is not `printable` yet. */
export type ShowAddress = (uri: string) => string;

/** Every address as it is. */
export const asAddress: ShowAddress = (uri) => uri;

interface Named {
  /** Absolute, without a final separator. */
  readonly at: string;
  /** What the user wrote, with neither wildcards nor a final separator. */
  readonly as: string;
}

/**
 * What lies in or below a path that was named relative to `workingFolder` is shown relative to it, other files by their absolute
 * paths. `""` names the working folder itself.
 */
export function addressesAsNamed(operands: readonly string[], workingFolder: string): ShowAddress {
  const named = operands.filter((operand) => !hasScheme(operand)).map((operand) => namedBy(operand, workingFolder));
  const isRelative = operands.some((operand) => !hasScheme(operand) && !path.isAbsolute(operand));
  // the nearest one
  named.sort((a, b) => b.at.length - a.at.length);
  const rest = isRelative ? [...named, { at: workingFolder, as: "" }] : named;
  return (uri) => {
    const file = fileOf(uri);
    if (file === undefined) return uri;
    for (const { at, as } of rest) {
      const below = pathBelow(at, file);
      if (below !== undefined) return safeName(joined(as, below));
    }
    return file;
  };
}

/** A text for people with the addresses of files in it shown as `show` does; `printable` where they stand. */
export function showAddressesIn(text: string, show: ShowAddress): string {
  if (!text.includes("file:///")) return text;
  return text.replace(/(?<![\w/])(file:\/\/\/[^\s"]*?)([:;,.)]*)(?=[\s"]|$)/g, (_all, uri: string, end: string) => {
    return `${printable(show(uri))}${end}`;
  });
}

function namedBy(operand: string, workingFolder: string): Named {
  const wildcard = operand.search(/[*?[{]/);
  const plain = wildcard === -1 ? operand : operand.slice(0, operand.lastIndexOf("/", wildcard) + 1);
  return { at: path.resolve(workingFolder, plain), as: plain === "/" ? "/" : plain.replace(/\/+$/, "") };
}

function hasScheme(operand: string): boolean {
  return operand === "-" || /^[a-z][a-z0-9+.-]*:\/\//i.test(operand);
}

function fileOf(uri: string): string | undefined {
  if (!uri.startsWith("file:///")) return undefined;
  try {
    return fileURLToPath(uri);
  } catch {
    // a name that no file can have
    return undefined;
  }
}

/** `""` for the place itself; begins without a separator. */
function pathBelow(at: string, file: string): string | undefined {
  if (file === at || file === `${at}${path.sep}`) return file.slice(at.length);
  const folder = at.endsWith(path.sep) ? at : `${at}${path.sep}`;
  return file.startsWith(folder) ? file.slice(folder.length) : undefined;
}

function joined(as: string, below: string): string {
  if (as === "") return below === "" ? "." : below === path.sep ? `.${path.sep}` : below;
  if (below === "" || below === path.sep || as.endsWith("/")) return `${as}${below}`;
  return `${as}${path.sep}${below}`;
}

/** Nothing that another program would take for an option or a URL. */
function safeName(name: string): string {
  return name.startsWith("-") || hasScheme(name) ? `.${path.sep}${name}` : name;
}
