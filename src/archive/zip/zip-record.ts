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

/** Of the line that begins at `at`, what is asked for and where the next one begins, or how many bytes have to be there first. */
export type ParseLine<T> = (
  bytes: Uint8Array,
  at: number,
  uri: string,
  before: number,
) => { readonly line: T; readonly next: number; readonly needs?: never } | { readonly needs: number };

/** Where the entry's own header stands. */
export const parsePlace: ParseLine<number> = (bytes, at, uri, before) => {
  const next = endOfLine(bytes, at, uri);
  if (next > bytes.length) return { needs: next - at };
  const view = viewOf(bytes);
  const headerAt = view.getUint32(at + 42, true);
  return { line: headerAt === elsewhere32 ? partsOf(bytes, view, at, uri).headerAt + before : headerAt + before, next };
};

export const parseRecord: ParseLine<ZipRecord> = (bytes, at, uri, before) => {
  const next = endOfLine(bytes, at, uri);
  if (next > bytes.length) return { needs: next - at };
  const view = viewOf(bytes);
  const flags = view.getUint16(at + 8, true);
  const host = view.getUint16(at + 4, true) >> 8;
  const attributes = view.getUint32(at + 38, true);
  const { nameBytes, extraBytes, extras, sizeBytes, packedBytes, headerAt } = partsOf(bytes, view, at, uri);
  const name = nameOf(nameBytes, flags, host, extras, uri);
  const mode = host === 3 || host === 19 ? attributes >>> 16 : 0;
  const line: ZipRecord = {
    name,
    nameBytes,
    kind: kindOf(name, mode, attributes),
    method: view.getUint16(at + 10, true),
    flags,
    crc: view.getUint32(at + 16, true),
    packedBytes,
    sizeBytes,
    headerAt: headerAt + before,
    extraBytes,
    modifiedMs:
      modifiedOf(extras.get(extraIds.timestamp)) ??
      fromDosTime(view.getUint16(at + 14, true), view.getUint16(at + 12, true)),
    isExecutable: (mode & 0o100) !== 0,
  };
  return { line, next };
};

/** Beyond the bytes where more have to be there first. Error: malformed. */
function endOfLine(bytes: Uint8Array, at: number, uri: string): number {
  if (bytes.length - at < centralBytes) return at + centralBytes;
  const view = viewOf(bytes);
  if (view.getUint32(at, true) !== signatures.central)
    throw archiveError("malformed", uri, `the index of the zip ${uri} is damaged`);
  const u16 = (offset: number) => view.getUint16(at + offset, true);
  return at + centralBytes + u16(28) + u16(30) + u16(32);
}

/** Name, fields and sizes of a line that is all there. */
function partsOf(bytes: Uint8Array, view: DataView, at: number, uri: string) {
  const extraBytes = view.getUint16(at + 30, true);
  const extraAt = at + centralBytes + view.getUint16(at + 28, true);
  const extras = parseExtras(bytes.subarray(extraAt, extraAt + extraBytes));
  const sizes = {
    sizeBytes: view.getUint32(at + 24, true),
    packedBytes: view.getUint32(at + 20, true),
    headerAt: view.getUint32(at + 42, true),
  };
  takeLarge(sizes, extras.get(extraIds.zip64), uri);
  return { nameBytes: bytes.slice(at + centralBytes, extraAt), extraBytes, extras, ...sizes };
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
