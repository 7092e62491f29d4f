/** A zip as a stream of files and folders. Links and what is neither are errors. */
import type { Bytes } from "../../codec/index.ts";
import { archiveError, shownName } from "../archive-error.ts";
import type { SkippedEntry, UnpackEntry } from "../entry.ts";
import { entryPath } from "../entry-path.ts";
import type { ArchiveMeter } from "../limits.ts";
import { isSmall, readMember, readWhole } from "./read-member.ts";
import type { ZipIndex } from "./zip-index.ts";
import type { ZipRecord } from "./zip-record.ts";

export interface ReadZipOptions {
  readonly meter: ArchiveMeter;
  /** `"skip"` gives links as such, for a report; `"refuse"`: unsafe-key. */
  readonly links: "refuse" | "skip";
}

/** Errors: malformed, integrity, truncated, unsafe-key, unrepresentable-name, unsupported, limit-exceeded, and those of the source. */
export async function* readZip(index: ZipIndex, options: ReadZipOptions): AsyncGenerator<UnpackEntry | SkippedEntry> {
  for await (const record of index.records()) {
    const entry = unpackEntry(index, record, options);
    if (entry !== undefined) yield entry;
  }
}

/** `undefined` for the folder itself. Errors: unsafe-key, unrepresentable-name. */
export function unpackEntry(
  index: ZipIndex,
  record: ZipRecord,
  { meter, links }: ReadZipOptions,
): UnpackEntry | SkippedEntry | undefined {
  const { uri } = index.source;
  const { kind, name, sizeBytes, modifiedMs, isExecutable } = record;
  const path = entryPath(name, uri);
  const refuse = (what: string, hint?: string) =>
    archiveError(
      "unsafe-key",
      uri,
      `the archive ${uri} has an entry ${shownName(name)}, which is ${what}; nothing was unpacked`,
      hint,
    );
  if (kind === "other") throw refuse("no file");
  if (kind === "link") {
    if (links === "skip") return { path, kind };
    throw refuse(
      "a symbolic link",
      'a link can lead out of the target; leave links out with { links: "skip" } (--links skip)',
    );
  }
  if (path === "") {
    if (kind === "folder") return undefined;
    throw refuse("without a name");
  }
  if (kind === "folder" && sizeBytes > 0) {
    const hint = "make the archive again: one cannot be both a file and a folder";
    const message = `the archive ${uri} has a folder ${shownName(name)} that holds bytes; nothing was unpacked`;
    throw archiveError("malformed", uri, message, hint);
  }
  if (kind === "folder") return { path, kind, sizeBytes: 0, modifiedMs, isExecutable: true, bytes: nothing() };
  const bytes = readMember(index, record, meter);
  const whole = isSmall(record) ? () => readWhole(index, record, meter) : undefined;
  return { path, kind, sizeBytes, modifiedMs, isExecutable, bytes, whole };
}

async function* nothing(): AsyncGenerator<Bytes> {}
