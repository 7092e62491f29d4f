/** What the first bytes of something say that is not the archive it is called, for the hint of an error. Nothing is decided by it. */
import type { ArchiveFormat } from "./formats.ts";

const beginnings: readonly (readonly [string, ArchiveFormat])[] = [
  ["1f8b", "tar.gz"],
  ["425a68", "tar.bz2"],
  ["fd377a585a00", "tar.xz"],
  ["28b52ffd", "tar.zst"],
  ["504b0304", "zip"],
  ["504b0506", "zip"],
];

/** `undefined` where nothing else is known than what it is `called`, and the usual hint is as good. */
export function hintOfBytes(bytes: Uint8Array, called: "tar" | "zip"): string | undefined {
  const hex = Buffer.from(bytes.subarray(0, 6)).toString("hex");
  const format = beginnings.find(([start]) => hex.startsWith(start))?.[1] ?? (isTar(bytes) ? "tar" : undefined);
  if (format === undefined || format === called) return undefined;
  return `it begins as a ${format} does: say so with { format: "${format}" } (--format ${format}), or rename it`;
}

const isTar = (bytes: Uint8Array): boolean => Buffer.from(bytes.subarray(257, 262)).toString("latin1") === "ustar";
