/**
 * Exports as frames, some at a time: their JSON goes into one file, which is read in one go, so that ten thousand small ones take
 * seconds and hold no more than a batch. The order is that of the files.
 */
import type { Depot } from "../../../depot/index.ts";
import { EntrepotError, isEntrepotError } from "../../../error/index.ts";
import { type ColumnType, type DataFrame, loadPolars, type Polars, readJsonFile } from "../../../table/index.ts";
import { formatUri } from "../../../uri/index.ts";
import type { ExportFile } from "./export-file.ts";
import { type OpenContent, withContent } from "./open-content.ts";
import { Scratch, type Spool } from "./spool.ts";

export interface ReadSettings {
  readonly data: Depot;
  readonly signal: AbortSignal | undefined;
  /** Columns that are text, whatever they look like. */
  readonly texts?: readonly string[] | undefined;
  /** Told of each file that is damaged, which is left out. Default: it is the error of the whole. */
  readonly onBroken?: ((error: EntrepotError) => void) | undefined;
}

/** Rows of one or more files, one below the other. */
export interface ReadPart {
  readonly frame: DataFrame;
  readonly files: readonly { readonly file: ExportFile; readonly rows: number }[];
  /** Whether types were found by looking: a column of text without any text may be anything. */
  readonly isInferred: boolean;
}

/** Bytes of JSON, and files, that are read in one go. */
const batchBytes = 32 * 1024 * 1024;
const batchFiles = 2_000;
const largeBytes = 8 * 1024 * 1024;

/** Errors: malformed, unsupported, missing-peer, and those of each file. */
export async function* readFiles(files: Iterable<ExportFile>, settings: ReadSettings): AsyncGenerator<ReadPart> {
  const pl = await loadPolars();
  const scratch = new Scratch();
  let batch: Batch | undefined;
  try {
    for (const file of files) {
      settings.signal?.throwIfAborted();
      const spool: Spool = batch?.spool ?? (await scratch.openSpool());
      batch ??= { spool, files: [] };
      const part = await withContent(file, { ...settings, scratch }, async (content): Promise<ReadPart | undefined> => {
        if (content.kind === "table") return readTable(content, file, settings);
        batch?.files.push({ file, rows: await spool.add(content.lines) });
        return undefined;
      });
      const isFull = batch.files.length >= batchFiles || spool.sizeBytes >= batchBytes;
      if (part !== undefined || isFull) {
        const full = batch;
        batch = undefined;
        yield* ofBatch(pl, full, settings, scratch);
      }
      if (part !== undefined) yield part;
    }
    const last = batch;
    batch = undefined;
    if (last !== undefined) yield* ofBatch(pl, last, settings, scratch);
  } finally {
    // of a file that could not be read, or a call that was given up
    await batch?.spool.remove();
    await scratch.close();
  }
}

interface Batch {
  readonly spool: Spool;
  readonly files: { readonly file: ExportFile; readonly rows: number }[];
}

async function* ofBatch(
  pl: Polars,
  { spool, files }: Batch,
  settings: ReadSettings,
  scratch: Scratch,
): AsyncGenerator<ReadPart> {
  const [first] = files;
  if (first === undefined) return await spool.remove();
  const rows = files.reduce((sum, file) => sum + file.rows, 0);
  let frame: DataFrame | undefined;
  try {
    await spool.end();
    frame = await readSpool(pl, spool, rows, first.file.uri, settings, scratch);
  } catch (error) {
    // which of them it is, each tells by itself
    if (files.length === 1 || !isEntrepotError(error, "malformed", "unsupported")) throw error;
  } finally {
    await spool.remove();
  }
  if (frame?.height === rows) return yield { frame, files, isInferred: false };
  if (files.length === 1) throw manyRows(first.file.uri);
  for (const { file } of files) yield* readFiles([file], settings);
}

function readSpool(
  pl: Polars,
  { path, sizeBytes }: Spool,
  rows: number,
  uri: string,
  { texts = [], signal }: ReadSettings,
  { disk }: Scratch,
): Promise<DataFrame> | DataFrame {
  if (rows === 0) return pl.DataFrame({}) as DataFrame;
  async function* chunks(): AsyncGenerator<Uint8Array> {
    const file = await disk.openRead(path);
    try {
      for (let at = 0; at < sizeBytes; ) {
        signal?.throwIfAborted();
        const chunk = new Uint8Array(Math.min(1024 * 1024, sizeBytes - at));
        const count = await file.read(chunk, at);
        if (count === 0) return;
        at += count;
        yield chunk.subarray(0, count);
      }
    } finally {
      await file.close();
    }
  }
  const types = Object.fromEntries(texts.map((name): [string, ColumnType] => [name, "string"]));
  return readJsonFile(
    pl,
    { path, uri, isLarge: sizeBytes > largeBytes, chunks, unit: "line" },
    {},
    { types, isPartial: true },
  );
}

/** Names of the model's id, which may look like a number. */
const ids = ["", "py", "Py", "PY", "px", "Px", "PX", "pz", "Pz", "PZ"].flatMap((prefix) =>
  ["ModelID", "ModelId", "Modelid", "modelID", "modelId", "modelid", "MODELID"].map((name) => prefix + name),
);

async function readTable(
  content: OpenContent & { readonly kind: "table" },
  file: ExportFile,
  { data, signal, texts = [] }: ReadSettings,
): Promise<ReadPart> {
  const { path, format } = content;
  const from = [formatUri({ scheme: "file", path })] as const;
  const types = Object.fromEntries([...ids, ...texts].map((name): [string, ColumnType] => [name, "string"]));
  const options = { signal, partitions: false, cache: "bypass" } as const;
  try {
    const read =
      format === "csv"
        ? data.readTable(from, { ...options, format, types, dates: true, nullValues: ["NA", "N/A", "NULL"] })
        : data.readTable(from, { ...options, format });
    const frame = (await read) as DataFrame;
    return { frame, files: [{ file, rows: frame.height }], isInferred: format === "csv" };
  } catch (error) {
    if (!isEntrepotError(error)) throw error;
    const { code, message, hint } = error;
    const said = message.replaceAll(from[0], file.uri);
    throw new EntrepotError(code, said, { uri: file.uri, hint, cause: error });
  }
}

function manyRows(uri: string): EntrepotError {
  return new EntrepotError("malformed", `${uri} has lines that are no JSON objects`, {
    uri,
    hint: "an export is one JSON object to a line, an array of them, or an object with pxResults",
  });
}
