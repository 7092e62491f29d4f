/** The table inside an export: out of its zip and its compressions, as many as there are around it. */
import { decode, decodeAll } from "../../../codec/index.ts";
import type { Depot } from "../../../depot/index.ts";
import type { ReadableFile } from "../../../disk/index.ts";
import { EntrepotError, isEntrepotError } from "../../../error/index.ts";
import { formatUri } from "../../../uri/index.ts";
import { jsonLines } from "../content/json-lines.ts";
import { peek } from "../content/peek.ts";
import { type Content, contentOf, headBytes } from "../content/sniff.ts";
import { exportIn } from "../content/zip-member.ts";
import type { ExportFile } from "./export-file.ts";
import type { Scratch } from "./spool.ts";

/** Lines of JSON, or a file of this disk in another format. */
export type OpenContent =
  | { readonly kind: "lines"; readonly lines: AsyncIterable<Uint8Array> }
  | { readonly kind: "table"; readonly format: "csv" | "parquet" | "arrow"; readonly path: string };

interface Opening {
  readonly data: Depot;
  readonly scratch: Scratch;
  readonly signal: AbortSignal | undefined;
}

/** Files up to this size are taken as a whole. */
const smallBytes = 1024 * 1024;
const chunkBytes = 256 * 1024;
/** A zip in a gzip in a zip is still somebody's export. */
const mostLayers = 6;

/** `use` is done when what it gives is: nothing of the content lasts longer. Errors: malformed, those of archives and compressions. */
export async function withContent<T>(
  file: ExportFile,
  opening: Opening,
  use: (content: OpenContent) => Promise<T>,
): Promise<T> {
  return file.open(async (path) => {
    const { check } = file;
    if (check === undefined) return ofPath(path, file.name, file.uri, opening, 0, use);
    try {
      return await ofPath(path, file.name, file.uri, opening, 0, use, check);
    } catch (error) {
      // what two files make together looks like damage
      await checkPath(path, opening, check);
      throw error;
    }
  });
}

async function checkPath(path: string, { scratch }: Opening, check: NonNullable<ExportFile["check"]>): Promise<void> {
  const found = await scratch.disk.stat(path, { followLinks: true });
  if (found !== undefined) check(found);
}

async function ofPath<T>(
  path: string,
  name: string,
  uri: string,
  opening: Opening,
  layers: number,
  use: (content: OpenContent) => Promise<T>,
  check?: ExportFile["check"],
): Promise<T> {
  const file = await opening.scratch.disk.openRead(path, { followLinks: true });
  try {
    check?.(file.stat);
    const head = new Uint8Array(Math.min(headBytes, file.stat.sizeBytes));
    await file.read(head, 0);
    const { kind } = contentOf(head, name);
    if (layers === 0 && isOtherThanNamed(kind, head.length, name))
      throw new EntrepotError(
        "malformed",
        `${uri} is ${head.length === 0 ? "empty" : "text"}, and not what its name says`,
        {
          uri,
          hint: "was it written to its end, or is it a page that says why it could not be fetched?",
        },
      );
    if (kind === "zip" || kind === "csv" || kind === "parquet" || kind === "arrow") {
      const result =
        kind === "zip"
          ? await ofZip(path, uri, opening, layers, use)
          : await use({ kind: "table", format: kind, path });
      // by others it was opened by its path
      if (check !== undefined) await checkPath(path, opening, check);
      return result;
    }
    const chunks = file.stat.sizeBytes <= smallBytes ? whole(file) : piecesOf(file, opening.signal);
    const result = await ofChunks(chunks, name, uri, opening, layers, use);
    if (check !== undefined) check(await file.restat());
    return result;
  } finally {
    await file.close();
  }
}

async function ofChunks<T>(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
  uri: string,
  opening: Opening,
  layers: number,
  use: (content: OpenContent) => Promise<T>,
): Promise<T> {
  if (layers > mostLayers)
    throw new EntrepotError("malformed", `${uri} is packed more than ${mostLayers} times`, { uri });
  const { head, chunks: all, close } = await peek(chunks, headBytes);
  try {
    const content: Content = contentOf(head, name);
    if (content.kind === "json") return await use({ kind: "lines", lines: jsonLines(all, uri) });
    if (content.kind === "compressed")
      return await ofChunks(decoded(content.compression, all, uri), name, uri, opening, layers + 1, use);
    // these are read at any place, so they become a file
    const path = await opening.scratch.write(all);
    try {
      return await ofPath(path, name, uri, opening, layers + 1, use);
    } finally {
      await opening.scratch.disk.removeFile(path);
    }
  } finally {
    await close();
  }
}

async function ofZip<T>(
  path: string,
  uri: string,
  opening: Opening,
  layers: number,
  use: (content: OpenContent) => Promise<T>,
): Promise<T> {
  const archive = opening.data.archive(formatUri({ scheme: "file", path }), {
    format: "zip",
    signal: opening.signal,
  });
  try {
    const member = await exportIn(archive, uri);
    const name = member.slice(member.lastIndexOf("/") + 1);
    return await ofChunks(archive.readStream(member), name, uri, opening, layers + 1, use);
  } catch (error) {
    throw ofFile(error, path, uri);
  } finally {
    await archive.close();
  }
}

/** An error that speaks of the file by the name that it has where it comes from, not of where it lies meanwhile. */
function ofFile(error: unknown, path: string, uri: string): unknown {
  const localUri = formatUri({ scheme: "file", path });
  if (!isEntrepotError(error) || (error.uri !== undefined && !error.uri.startsWith(localUri))) return error;
  const renamed = (text: string) => text.replaceAll(localUri, () => uri).replaceAll(path, () => uri);
  const { code, message, hint, retryable } = error;
  const named = renamed(message);
  const said = named.includes(uri) ? named : `${uri}: ${named}`;
  return new EntrepotError(code, said, {
    uri,
    hint: hint === undefined ? undefined : renamed(hint),
    retryable,
    cause: error,
  });
}

/** A name may say less than the bytes, but text in the place of what is no text is no export. */
function isOtherThanNamed(kind: Content["kind"], bytes: number, name: string): boolean {
  return (bytes === 0 || kind === "csv") && /\.(?:zip|parquet|feather|ipc|arrow|gz|bz2|xz|zst)$/i.test(name);
}

async function* decoded(
  compression: Parameters<typeof decode>[0],
  chunks: AsyncIterable<Uint8Array>,
  uri: string,
): AsyncGenerator<Uint8Array> {
  const { head, chunks: all } = await peek(chunks, smallBytes);
  // one call for what is small: a stream of its own for each of ten thousand files costs more than they do
  if (head.length < smallBytes) yield await decodeAll(compression, head, { uri });
  else yield* decode(compression, all, { uri });
}

async function* whole(file: ReadableFile): AsyncGenerator<Uint8Array> {
  const bytes = new Uint8Array(file.stat.sizeBytes);
  const count = await file.read(bytes, 0);
  if (count > 0) yield bytes.subarray(0, count);
}

async function* piecesOf(file: ReadableFile, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  for (let at = 0; ; ) {
    signal?.throwIfAborted();
    const chunk = new Uint8Array(chunkBytes);
    const count = await file.read(chunk, at);
    if (count === 0) return;
    at += count;
    yield chunk.subarray(0, count);
  }
}
