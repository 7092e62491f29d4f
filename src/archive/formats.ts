/** The formats by name, and what a file's suffix says. */
import type { Compression } from "../codec/index.ts";
import { EntrepotError, shownValue } from "../error/index.ts";

export type ArchiveFormat = "zip" | "tar" | "tar.gz" | "tar.bz2" | "tar.xz" | "tar.zst";

export const archiveFormats: readonly ArchiveFormat[] = ["zip", "tar", "tar.gz", "tar.bz2", "tar.xz", "tar.zst"];

const suffixes: readonly (readonly [suffix: string, format: ArchiveFormat])[] = [
  ...archiveFormats.map((format) => [`.${format}`, format] as const),
  [".tgz", "tar.gz"],
  [".tbz2", "tar.bz2"],
  [".tbz", "tar.bz2"],
  [".txz", "tar.xz"],
  [".tzst", "tar.zst"],
];

/** By the end of the name, in any case, or what the caller says instead. Errors: unsupported; TypeError for no format. */
export function formatOf(name: string, uri: string, said: ArchiveFormat | undefined): ArchiveFormat {
  if (said !== undefined) {
    if (archiveFormats.includes(said)) return said;
    throw new TypeError(`format is one of ${archiveFormats.join(", ")}, not ${shownValue(said)}`);
  }
  const lower = name.slice(name.lastIndexOf("/") + 1).toLowerCase();
  const found = suffixes.find(([suffix]) => lower.endsWith(suffix) && lower.length > suffix.length);
  if (found !== undefined) return found[1];
  throw new EntrepotError("unsupported", `what kind of archive ${uri} is, its name does not say`, {
    uri,
    hint: `end the name in ${archiveFormats.map((format) => `.${format}`).join(" ")}, or say it: { format: "zip" } (--format zip)`,
  });
}

/** What is around a tar; `undefined` for a plain one. */
export function compressionOf(format: Exclude<ArchiveFormat, "zip">): Compression | undefined {
  switch (format) {
    case "tar":
      return undefined;
    case "tar.gz":
      return "gzip";
    case "tar.bz2":
      return "bzip2";
    case "tar.xz":
      return "xz";
    case "tar.zst":
      return "zstd";
  }
}
