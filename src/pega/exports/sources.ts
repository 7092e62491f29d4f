/** What exports there are behind an address, a folder, a listing or some bytes. */
import { hash, randomUUID } from "node:crypto";
import type { Depot, ObjectEntry } from "../../depot/index.ts";
import type { FileStat } from "../../disk/index.ts";
import { closest, EntrepotError } from "../../error/index.ts";
import { type Address, nameOfUri } from "../../uri/index.ts";
import type { FetchedFile } from "../repository/fetched-file.ts";
import { fingerprintOf } from "../repository/fingerprint.ts";
import { pdstoolsName } from "../repository/tables.ts";
import { partName } from "./consolidated/kept-list.ts";
import { type ExportTable, exportTables, isExportName, newest, tableOfName } from "./export-names.ts";
import type { ExportFile } from "./read/export-file.ts";
import type { Scratch } from "./read/spool.ts";
import type { ExportSource, ReadExportOptions } from "./types.ts";

export interface FoundExports {
  readonly files: readonly ExportFile[];
  /** All of them together, for messages. */
  readonly uri: string;
}

type Choice = Pick<ReadExportOptions, "table" | "files" | "signal">;

/**
 * `none` gives what is given for a folder without an export of the table, by the error that says so. Errors: not-found where there is
 * nothing else, malformed for a folder of several tables, and those of asking.
 */
export async function exportsOf<T extends undefined>(
  data: Depot,
  from: ExportSource,
  choice: Choice,
  scratch: Scratch,
  none: (error: EntrepotError) => T,
): Promise<FoundExports | T> {
  if (from instanceof Uint8Array || from instanceof ArrayBuffer) return ofBytes(from, scratch);
  if (isMany(from)) return ofMany(data, from, choice);
  const uri = data.resolve(from);
  if (uri.endsWith("/")) return inFolder(data, uri, choice, none);
  const { signal } = choice;
  const stat = await data.stat(from, { signal, onError: "allow-missing" });
  if (stat !== undefined) return { uri, files: [remote(data, from, uri, stat.etag, signal)] };
  // a folder is often named without its slash
  if (await data.exists(`${uri}/`, { signal })) return inFolder(data, `${uri}/`, choice, none);
  throw new EntrepotError("not-found", `there is no export ${uri}`, {
    uri,
    hint: "list its folder to see what is there",
  });
}

/** What lies on this disk and may change there has an ETag of its own, like anything else. */
function remote(data: Depot, from: Address, uri: string, etag: string, signal: AbortSignal | undefined): ExportFile {
  return {
    uri,
    name: nameOfUri(uri),
    source: uri,
    etag,
    async open(use) {
      const copy = await data.localCopy(from, { signal });
      try {
        if (copy.etag !== etag)
          throw new EntrepotError("changed", `${uri} was replaced since it was listed`, {
            uri,
            hint: "list and read it again when who writes there is done",
          });
        return await use(copy.path);
      } finally {
        await copy.close();
      }
    },
  };
}

async function ofBytes(from: Uint8Array | ArrayBuffer, scratch: Scratch): Promise<FoundExports> {
  const bytes = from instanceof ArrayBuffer ? new Uint8Array(from) : from;
  async function* once(): AsyncGenerator<Uint8Array> {
    yield bytes;
  }
  const uri = `memory:///bytes-${hash("sha256", bytes).slice(0, 8)}-${randomUUID().slice(0, 4)}`;
  const open: ExportFile["open"] = async (use) => {
    const path = await scratch.write(once());
    try {
      return await use(path);
    } finally {
      await scratch.disk.removeFile(path);
    }
  };
  return { uri, files: [{ uri, name: "", source: uri, etag: "", open }] };
}

type Listed = Address | FetchedFile | { readonly uri: string; readonly etag?: unknown };

function isMany(from: ExportSource): from is Exclude<ExportSource, Address | Uint8Array | ArrayBuffer> {
  return typeof from === "object" && (Symbol.asyncIterator in from || Array.isArray(from));
}

async function ofMany(
  data: Depot,
  from: AsyncIterable<Listed> | readonly Listed[],
  { signal }: Choice,
): Promise<FoundExports> {
  const files: ExportFile[] = [];
  for await (const item of from as AsyncIterable<Listed>) {
    if (typeof item === "object" && "path" in item && "status" in item) files.push(fetchedFile(item));
    else if (typeof item === "object" && "uri" in item) {
      const etag = "etag" in item && typeof item.etag === "string" ? item.etag : undefined;
      files.push(remote(data, item.uri, item.uri, etag ?? (await etagOf(data, item.uri, signal)), signal));
    } else files.push(remote(data, item, data.resolve(item), await etagOf(data, item, signal), signal));
  }
  const [first] = files;
  if (first === undefined)
    throw new EntrepotError("not-found", "no export to read: the list is empty", {
      hint: "what made it found nothing: look at its prefix or folder",
    });
  return { files, uri: files.length === 1 ? first.uri : `${first.uri} and others` };
}

async function etagOf(data: Depot, from: Address, signal: AbortSignal | undefined): Promise<string> {
  return (await data.stat(from, { signal })).etag;
}

/** It was seen to be whole when it was fetched; who fetches elsewhere to the same path replaces it. */
export function fetchedFile({ uri, path, etag, fingerprint }: FetchedFile): ExportFile {
  const check = (found: FileStat) => {
    if (fingerprintOf(found) === fingerprint) return;
    throw new EntrepotError("changed", `${path} is not ${uri} as it was fetched: somebody replaced it since`, {
      uri,
      hint: "fetch it again; repositories that are read at the same time need a downloadDir each",
    });
  };
  return { uri, name: nameOfUri(uri), source: path, etag, check, open: (use) => use(path) };
}

async function inFolder<T extends undefined>(
  data: Depot,
  uri: string,
  { table, files = "newest", signal }: Choice,
  none: (error: EntrepotError) => T,
): Promise<FoundExports | T> {
  if (table !== undefined && !exportTables.includes(table)) throw unknown(table);
  const entries: ObjectEntry[] = [];
  // a table that is kept beside its exports is none of them
  for await (const entry of data.list(uri, { depth: 1, kind: "object", signal }))
    if (isExportName(entry.name) && !partName.test(entry.name)) entries.push(entry);
  const meant = table ?? onlyTable(entries, uri);
  const found = entries.filter(({ name }) => tableOfName(name) === meant);
  const last = newest(found);
  if (last === undefined) return none(noExport(uri, table, entries));
  const chosen = files === "all" ? found : [last];
  const exports = chosen.map((entry) => remote(data, entry.uri, entry.uri, entry.etag, signal));
  return { files: exports, uri: exports.length === 1 ? last.uri : formatted(uri, meant) };
}

function formatted(uri: string, table: ExportTable | undefined): string {
  return table === undefined ? uri : `${uri} (${table})`;
}

/** The one table of which there are exports; `undefined` for exports of other names only. */
function onlyTable(entries: readonly ObjectEntry[], uri: string): ExportTable | undefined {
  const tables = [...new Set(entries.map(({ name }) => tableOfName(name)))];
  if (tables.length <= 1) return tables[0];
  // models come first, as they are what is mostly meant
  const known = exportTables.filter((table) => tables.includes(table));
  if (known.length === 1) return known[0];
  throw new EntrepotError("malformed", `${uri} holds exports of several tables: ${known.join(", ")}`, {
    uri,
    hint: `say which is meant: { table: "${known[0]}" }`,
  });
}

function noExport(uri: string, table: ExportTable | undefined, entries: readonly ObjectEntry[]): EntrepotError {
  const what = table === undefined ? "export" : `export of ${table}`;
  const shown = entries.slice(0, 3).map(({ name }) => JSON.stringify(name));
  return new EntrepotError("not-found", `there is no ${what} in ${uri}`, {
    uri,
    hint: shown.length === 0 ? "it holds no file that ends as exports do" : `it holds ${shown.join(", ")}`,
  });
}

function unknown(table: unknown): TypeError {
  const near = typeof table === "string" ? (pdstoolsName(table) ?? closest(table, exportTables)) : undefined;
  const meant = near === undefined ? "" : `did you mean ${near}? `;
  return new TypeError(`there is no table ${JSON.stringify(table)}: ${meant}The tables are ${exportTables.join(", ")}`);
}
