/** One line of a zip's index. */
import { crc32 } from "node:zlib";
import { archiveError, shownName } from "../archive-error.ts";
import { numberAt, viewOf } from "./end-record.ts";
import { decodeName } from "./names.ts";
import { centralBytes, elsewhere32, extraIds, flagBits, signatures } from "./signatures.ts";
import { fromDosTime } from "./times.ts";

export interface ZipRecord {
  /** As it stands there. */
  readonly name: string;
  readonly nameBytes: Uint8Array;
  readonly kind: "file" | "folder" | "link" | "other";
  readonly method: number;
  readonly flags: number;
  readonly crc: number;
  readonly packedBytes: number;
  readonly sizeBytes: number;
  /** Where its own header stands, from the start of the file. */
  readonly headerAt: number;
  readonly extraBytes: number;
  readonly modifiedMs: number | undefined;
  readonly isExecutable: boolean;
}

/** The bytes of the record that begins at `at`, or how many have to be there first. */
export function parseRecord(
  bytes: Uint8Array,
  at: number,
  uri: string,
  before: number,
): { readonly record: ZipRecord; readonly next: number } | { readonly needs: number } {
  if (bytes.length - at < centralBytes) return { needs: centralBytes };
  const view = viewOf(bytes);
  if (view.getUint32(at, true) !== signatures.central)
    throw archiveError("malformed", uri, `the index of the zip ${uri} is damaged`);
  const u16 = (offset: number) => view.getUint16(at + offset, true);
  const u32 = (offset: number) => view.getUint32(at + offset, true);
  const [nameLength, extraLength, commentLength] = [u16(28), u16(30), u16(32)];
  const length = centralBytes + nameLength + extraLength + commentLength;
  if (bytes.length - at < length) return { needs: length };
  const extraAt = at + centralBytes + nameLength;
  const nameBytes = bytes.slice(at + centralBytes, extraAt);
  const extras = parseExtras(bytes.subarray(extraAt, extraAt + extraLength));
  const flags = u16(8);
  const host = u16(4) >> 8;
  const name = nameOf(nameBytes, flags, host, extras, uri);
  const sizes = { sizeBytes: u32(24), packedBytes: u32(20), headerAt: u32(42) };
  takeLarge(sizes, extras.get(extraIds.zip64), uri);
  const mode = host === 3 || host === 19 ? u32(38) >>> 16 : 0;
  const record: ZipRecord = {
    name,
    nameBytes,
    kind: kindOf(name, mode, u32(38)),
    method: u16(10),
    flags,
    crc: u32(16),
    packedBytes: sizes.packedBytes,
    sizeBytes: sizes.sizeBytes,
    headerAt: sizes.headerAt + before,
    extraBytes: extraLength,
    modifiedMs: modifiedOf(extras.get(extraIds.timestamp)) ?? fromDosTime(u16(14), u16(12)),
    isExecutable: (mode & 0o100) !== 0,
  };
  return { record, next: at + length };
}

/** The type of a Unix file, where the archive was made on such a system. */
function kindOf(name: string, mode: number, attributes: number): ZipRecord["kind"] {
  const type = mode & 0o170000;
  if (type === 0o120000) return "link";
  if (name.endsWith("/") || type === 0o040000 || (type === 0 && (attributes & 0x10) !== 0 && name.endsWith("/")))
    return "folder";
  return type === 0 || type === 0o100000 ? "file" : "other";
}

function nameOf(
  bytes: Uint8Array,
  flags: number,
  host: number,
  extras: ReadonlyMap<number, Uint8Array>,
  uri: string,
): string {
  const unicode = extras.get(extraIds.unicodePath);
  if (unicode !== undefined && unicode.length > 5 && unicode[0] === 1) {
    const isOfThisName = viewOf(unicode).getUint32(1, true) === crc32(bytes);
    const name = isOfThisName ? decodeName(unicode.subarray(5), true) : undefined;
    if (name !== undefined) return name;
  }
  // programs on Unix and macOS write UTF-8 without saying so
  const guessed = host === 3 || host === 19 ? decodeName(bytes, true) : undefined;
  const name = guessed ?? decodeName(bytes, (flags & flagBits.utf8) !== 0);
  if (name !== undefined) return name;
  const shown = shownName(Buffer.from(bytes).toString("latin1"));
  throw archiveError("unrepresentable-name", uri, `the archive ${uri} has a name that is not UTF-8: ${shown}`);
}

/** The first field of each kind. What is damaged ends the list. */
export function parseExtras(bytes: Uint8Array): ReadonlyMap<number, Uint8Array> {
  const extras = new Map<number, Uint8Array>();
  const view = viewOf(bytes);
  for (let at = 0; at + 4 <= bytes.length; ) {
    const [id, size] = [view.getUint16(at, true), view.getUint16(at + 2, true)];
    if (at + 4 + size > bytes.length) break;
    if (!extras.has(id)) extras.set(id, bytes.subarray(at + 4, at + 4 + size));
    at += 4 + size;
  }
  return extras;
}

/** Sizes that the line has no room for stand in a field of their own, in this order. */
function takeLarge(
  sizes: { sizeBytes: number; packedBytes: number; headerAt: number },
  field: Uint8Array | undefined,
  uri: string,
): void {
  let at = 0;
  for (const key of ["sizeBytes", "packedBytes", "headerAt"] as const) {
    if (sizes[key] !== elsewhere32 || field === undefined) continue;
    if (at + 8 > field.length) throw archiveError("malformed", uri, `the index of the zip ${uri} lacks a size`);
    sizes[key] = numberAt(viewOf(field), at, uri);
    at += 8;
  }
}

function modifiedOf(field: Uint8Array | undefined): number | undefined {
  if (field === undefined || field.length < 5 || ((field[0] ?? 0) & 1) === 0) return undefined;
  return viewOf(field).getInt32(1, true) * 1000;
}
