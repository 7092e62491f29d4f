/**
 * Key → path, the one place where it happens. What counts is the result: it must lie below the root, and going
 * back from it must give the key again, byte for byte. Pure; links on the disk are not its business.
 */
import { posix } from "node:path";
import { EntrepotError } from "../error/index.ts";

/** Bounds of Linux, bytes of UTF-8 without the final NUL. */
const segmentBytes = 255;
const pathBytes = 4095;

/** Names that every disk holds as they are: nothing in them could lead elsewhere. Most keys, and looked at several times each. */
const segment = "[A-Za-z0-9_=+,@-][A-Za-z0-9_=+,@. -]{0,254}";
const ordinary = new RegExp(`^${segment}(?:/${segment})*$`);

/**
 * The path of `key` below `root` (absolute). Errors: unsafe-key for what would leave the root, here or on a disk where
 * `\` separates; unrepresentable-name for what no file can be called: `a//b`, `./x`, `a/`, `a/../b`, long segments,
 * lone surrogates.
 */
export function safeJoin(root: string, key: string): string {
  if (ordinary.test(key)) {
    const base = posix.resolve(root);
    const path = base === "/" ? `/${key}` : `${base}/${key}`;
    if (Buffer.byteLength(path) <= pathBytes) return path;
  }
  const refused = refusal(root, key);
  if (refused !== undefined) throw refused;
  return posix.resolve(root, key);
}

/** Whether a key means another place once `\` separates, as it does on Windows and in archives made there. */
export function isBackslashTrick(key: string): boolean {
  if (!key.includes("\\")) return false;
  const slashed = key.replaceAll("\\", "/");
  return slashed.startsWith("/") || /^[A-Za-z]:\//.test(slashed) || leaves("/root", slashed);
}

function refusal(root: string, key: string): EntrepotError | undefined {
  if (key.includes("\0")) return unsafe(key, "holds a NUL character");
  if (key.startsWith("/")) return unsafe(key, "is absolute");
  if (leaves(root, key)) return unsafe(key, "leaves its folder");
  if (isBackslashTrick(key)) return unsafe(key, "leaves its folder where a backslash separates");
  if (/\p{Surrogate}/u.test(key)) return unrepresentable(key, "holds half a character (a lone surrogate)");
  const path = posix.resolve(root, key);
  if (posix.relative(root, path) !== key || key === "") {
    return unrepresentable(key, 'has an empty, "." or ".." segment or ends in "/"');
  }
  if (key.split("/").some((segment) => Buffer.byteLength(segment) > segmentBytes)) {
    return unrepresentable(key, `has a segment of more than ${segmentBytes} bytes`);
  }
  if (Buffer.byteLength(path) > pathBytes) return unrepresentable(key, `makes a path of more than ${pathBytes} bytes`);
  return undefined;
}

function leaves(root: string, key: string): boolean {
  const back = posix.relative(root, posix.resolve(root, key));
  return back === ".." || back.startsWith("../") || posix.isAbsolute(back);
}

function unsafe(key: string, why: string): EntrepotError {
  const hint = "S3 and memory can hold it, a disk cannot: rename the object";
  return new EntrepotError("unsafe-key", `The key ${JSON.stringify(key)} ${why}`, { hint });
}

function unrepresentable(key: string, why: string): EntrepotError {
  const hint = "S3 and memory can hold it, a disk cannot: rename the object";
  const shown = key.length > 300 ? `${key.slice(0, 300)}…` : key;
  return new EntrepotError("unrepresentable-name", `No file can be called ${JSON.stringify(shown)}: it ${why}`, {
    hint,
  });
}
