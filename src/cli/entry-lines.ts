/** How entries of a listing are shown, alike in every command that lists. */
import type { DeleteMarkerEntry, EntryOf, VersionEntry } from "../depot/index.ts";
import type { Call } from "./command.ts";
import { entryJson, versionJson } from "./entry-json.ts";
import { printable } from "./escape.ts";
import { formatSize, formatTime } from "./measure.ts";
import { type Flag, flag } from "./option.ts";

/** The options that say how. */
export const entryFormat: { readonly long: Flag; readonly human: Flag; readonly null: Flag } = {
  long: flag("time (UTC) and size before each name", "l"),
  human: flag("sizes with units, e.g. 1.4 MB", "h"),
  null: flag("exact names, each ended by a zero byte, for xargs -0", "0"),
};

export interface EntryFormat {
  readonly long: boolean;
  readonly human: boolean;
  readonly null: boolean;
  /** Full addresses in place of paths. */
  readonly uri: boolean;
}

/** Says one entry; folders end in `/`. */
export async function tellEntry({ output }: Call, entry: EntryOf["any"], format: EntryFormat): Promise<void> {
  const named = format.uri ? output.show(entry.uri) : entry.path || entry.name;
  const name = entry.kind === "folder" && !named.endsWith("/") ? `${named}/` : named;
  if (format.null && !output.json) return output.write(`${name}\0`);
  const columns = entry.kind === "folder" ? undefined : entry;
  const text = () => `${format.long ? `${columnsOf(columns, format)}  ` : ""}${printable(name)}`;
  await output.tell({ text, json: () => entryJson(entry) });
}

/** Says one version, with its id and what it is to the object. */
export async function tellVersion(
  { output }: Call,
  version: VersionEntry | DeleteMarkerEntry,
  format: EntryFormat,
): Promise<void> {
  const { uri, path, name, versionId, isLatest, kind, modifiedMs } = version;
  const shown = format.uri ? output.show(uri) : path || name;
  if (format.null && !output.json) return output.write(`${shown}\0`);
  const deleted = kind === "delete-marker";
  const state = `${isLatest ? "  latest" : ""}${deleted ? "  deleted" : ""}`;
  const sizeBytes = deleted ? undefined : version.sizeBytes;
  const columns = format.long ? `${columnsOf({ modifiedMs, sizeBytes }, format)}  ` : "";
  const text = () => `${columns}${printable(shown)}${format.uri ? "" : `  ${printable(versionId)}${state}`}`;
  await output.tell({ text, json: () => versionJson(version) });
}

interface Measured {
  readonly modifiedMs: number;
  readonly sizeBytes: number | undefined;
}

function columnsOf(entry: Measured | undefined, { human }: EntryFormat): string {
  if (entry === undefined) return " ".repeat(19 + 2 + 12);
  const { modifiedMs, sizeBytes } = entry;
  const size = sizeBytes === undefined ? "" : human ? formatSize(sizeBytes) : String(sizeBytes);
  return `${formatTime(modifiedMs).padEnd(19)}  ${size.padStart(12)}`;
}
