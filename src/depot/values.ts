/**
 * Values in, values out: text, JSON, lines, CSV. They go by suffix both ways, and a value is whole or an error.
 */

import { kindOfValue } from "../error/index.ts";
import {
  bytesOfText,
  csvRowStream,
  csvRowsOf,
  csvTextPieces,
  jsonOf,
  jsonText,
  linesOf,
  lineText,
  rawRowStream,
  rawRowsOf,
  splitLines,
  textOf,
  validated,
} from "../format/index.ts";
import type { Bytes } from "../store/index.ts";
import type { Written } from "../transfer/index.ts";
import type { Address } from "../uri/index.ts";
import { lenient, signalOf } from "./calls.ts";
import { decodeBytes, encodeBytes, encodingsOf, namedFor } from "./compression.ts";
import type { Context, Place } from "./context.ts";
import type { Cell, CsvOptions, CsvReadOptions } from "./depot.ts";
import { decodedChunks, type FileSource } from "./file-source.ts";
import { openSource } from "./files.ts";
import type { DecodeOptions, EncodeOptions, OnError, OnWriteError } from "./options.ts";
import { publish } from "./publish.ts";
import { readPlace, writeStreamOf } from "./raw.ts";
import type { Json, StandardSchema } from "./verb-types.ts";

/** The whole object, decompressed, and where it lies. */
export async function decodedPlace(
  context: Context,
  from: Address,
  options: DecodeOptions,
): Promise<{ readonly place: Place; readonly bytes: Bytes }> {
  const place = await context.place(from, "read");
  const { bytes, result } = await readPlace(context, place, options);
  return {
    place,
    bytes: await decodeBytes(
      bytes,
      encodingsOf(place, result.info, options.decompress ?? "by-suffix"),
      place.uri,
      options,
    ),
  };
}

export async function readTextOf(
  context: Context,
  from: Address,
  options: DecodeOptions<OnError> = {},
): Promise<string | undefined> {
  return lenient(context, options.onError, async () => {
    const { place, bytes } = await decodedPlace(context, from, options);
    return textOf(bytes, { encoding: options.encoding, uri: place.uri });
  });
}

export async function readJsonOf(
  context: Context,
  from: Address,
  options: DecodeOptions<OnError> & { readonly schema?: StandardSchema | undefined } = {},
): Promise<unknown> {
  return lenient(context, options.onError, async () => {
    const { place, bytes } = await decodedPlace(context, from, options);
    const value = jsonOf(bytes, { encoding: options.encoding, uri: place.uri });
    return options.schema === undefined ? value : validated(value, options.schema, { uri: place.uri });
  });
}

export async function readLinesOf(
  context: Context,
  from: Address,
  options: DecodeOptions<OnError> & { readonly limit?: number | undefined } = {},
): Promise<string[] | undefined> {
  checkLimit(options.limit);
  return lenient(context, options.onError, async () => {
    if (options.limit !== undefined) return headOf(context, from, options, options.limit, linesOf);
    const { place, bytes } = await decodedPlace(context, from, options);
    return splitLines(textOf(bytes, { encoding: options.encoding, uri: place.uri }));
  });
}

export async function readCsvOf(
  context: Context,
  from: Address,
  options: DecodeOptions<OnError> &
    CsvReadOptions & { readonly raw?: boolean | undefined; readonly limit?: number | undefined } = {},
): Promise<string[][] | string[] | undefined> {
  checkLimit(options.limit);
  const { delimiter, limit, raw } = options;
  return lenient(context, options.onError, async (): Promise<string[][] | string[]> => {
    if (limit !== undefined && raw === true) return headOf(context, from, options, limit, rawRowStream);
    if (limit !== undefined) return headOf(context, from, options, limit, csvRowStream);
    const { place, bytes } = await decodedPlace(context, from, options);
    const text = textOf(bytes, { encoding: options.encoding, uri: place.uri });
    const settings = { delimiter, uri: place.uri };
    return raw === true ? [...rawRowsOf(text, settings)] : [...csvRowsOf(text, settings)];
  });
}

/** The first items of an object; only as much of it is fetched as they need. */
async function headOf<T>(
  context: Context,
  from: Address,
  options: DecodeOptions & CsvReadOptions,
  limit: number,
  parse: (
    source: AsyncIterable<Uint8Array>,
    options: CsvReadOptions & { readonly encoding?: DecodeOptions["encoding"]; readonly uri: string },
  ) => AsyncIterable<T>,
): Promise<T[]> {
  const { encoding, delimiter } = options;
  const signal = signalOf(context, options);
  const opened = await openSource(context, await context.place(from, "read"), options, signal);
  const source = options.onProgress === undefined ? opened : tellingSource(opened, options.onProgress);
  const items: T[] = [];
  try {
    if (limit === 0) return items;
    for await (const item of parse(decodedChunks(source, options, signal), {
      encoding,
      delimiter,
      uri: source.uri,
    })) {
      if (items.push(item) >= limit) break;
    }
    return items;
  } finally {
    await source.close();
  }
}

/** Tells what is fetched. How much it will be nobody knows before the items are there. */
function tellingSource(source: FileSource, onProgress: NonNullable<DecodeOptions["onProgress"]>): FileSource {
  const { uri } = source;
  let doneBytes = 0;
  const tell = (doneObjects: number, totalBytes: number | undefined) =>
    onProgress({ uri, doneObjects, totalObjects: 1, doneBytes, totalBytes });
  return {
    ...source,
    async read(start, end, signal) {
      const bytes = await source.read(start, end, signal);
      doneBytes += bytes.byteLength;
      tell(0, undefined);
      return bytes;
    },
    async close() {
      await source.close();
      tell(1, doneBytes);
    },
  };
}

function checkLimit(limit: number | undefined): void {
  if (limit !== undefined && !(limit >= 0)) throw new RangeError(`limit counts from 0, not ${limit}`);
}

export async function writeTextOf(
  context: Context,
  to: Address,
  text: string,
  options: EncodeOptions<OnWriteError> = {},
): Promise<Written | undefined> {
  if (typeof text !== "string")
    throw new TypeError(`writeText takes a string, not ${text === null ? "null" : typeof text}`);
  return writeEncoded(context, to, bytesOfText(text), options);
}

export async function writeJsonOf(
  context: Context,
  to: Address,
  value: Json,
  options: EncodeOptions<OnWriteError> & { readonly indent?: number | undefined } = {},
): Promise<Written | undefined> {
  return writeEncoded(context, to, bytesOfText(jsonText(value, { indent: options.indent })), options);
}

export async function writeLinesOf(
  context: Context,
  to: Address,
  lines: (Iterable<string> & object) | AsyncIterable<string>,
  options: EncodeOptions<OnWriteError> = {},
): Promise<Written | undefined> {
  if (typeof lines === "string")
    throw new TypeError("writeLines takes lines, not one string: its characters would become lines");
  checkItems("writeLines", "lines", lines);
  return lenient(context, options.onError, () =>
    writeStreamOf(context, to, textChunks(lines, lineText), bySuffix(options)),
  );
}

export async function writeCsvOf(
  context: Context,
  to: Address,
  rows: Iterable<readonly Cell[]> | AsyncIterable<readonly Cell[]>,
  options: EncodeOptions<OnWriteError> & CsvOptions = {},
): Promise<Written | undefined> {
  checkItems("writeCsv", "rows", rows);
  const { delimiter, newline, finalNewline } = options;
  const pieces = csvTextPieces(rows, { delimiter, newline, finalNewline });
  return lenient(context, options.onError, () =>
    writeStreamOf(
      context,
      to,
      textChunks(pieces, (piece) => piece),
      bySuffix(options),
    ),
  );
}

function checkItems(verb: string, what: string, items: unknown): void {
  if (typeof items !== "object" || items === null || !(Symbol.iterator in items || Symbol.asyncIterator in items))
    throw new TypeError(`${verb} takes ${what}, an iterable of them, not ${kindOfValue(items)}`);
}

function bySuffix<E extends OnWriteError>(options: EncodeOptions<E>): EncodeOptions<"throw"> {
  const { onError: _, ...rest } = options;
  return { ...rest, compress: options.compress ?? "by-suffix" } as EncodeOptions<"throw">;
}

/** Rows as bytes, in pieces of some 64 KiB, so that a long iterable is written with flat memory. */
async function* textChunks<T>(
  items: Iterable<T> | AsyncIterable<T>,
  render: (item: T) => string,
): AsyncGenerator<Uint8Array> {
  let text = "";
  for await (const item of items) {
    text += render(item);
    if (text.length >= 65_536) {
      yield bytesOfText(text);
      text = "";
    }
  }
  if (text !== "") yield bytesOfText(text);
}

/** Writes bytes, compressed as their name or `compress` says. */
export async function writeEncoded(
  context: Context,
  to: Address,
  bytes: Uint8Array,
  options: EncodeOptions<OnWriteError>,
): Promise<Written | undefined> {
  const compress = options.compress ?? "by-suffix";
  return lenient(context, options.onError, async () => {
    const place = await namedFor(context, await context.place(to, "write"), compress);
    return publish(context, place, await encodeBytes(bytes, place, compress), options);
  });
}
