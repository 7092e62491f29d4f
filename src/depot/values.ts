/**
 * Values in, values out: text, JSON, lines, CSV. They go by suffix both ways, and a value is whole or an error.
 */
import { csvRowsOf, csvText, jsonOf, jsonText, linesOf, rawRowsOf, textOf, validated } from "../format/index.ts";
import type { Written } from "../transfer/index.ts";
import type { Address } from "../uri/index.ts";
import { lenient, signalOf } from "./calls.ts";
import { decodeBytes, encodeBytes, encodingsOf, namedFor } from "./compression.ts";
import type { Context } from "./context.ts";
import type { Cell, CsvOptions, Json, StandardSchema } from "./depot.ts";
import { openOf } from "./files.ts";
import type { DecodeOptions, EncodeOptions, OnError, OnWriteError } from "./options.ts";
import { readPlace, writeStored, writeStreamOf } from "./raw.ts";

async function decodedPlace(context: Context, from: Address, options: DecodeOptions) {
  const place = await context.place(from, "read");
  const { bytes, result } = await readPlace(context, place, options);
  return {
    place,
    bytes: await decodeBytes(bytes, encodingsOf(place, result.info, options.decompress ?? "by-suffix"), place.uri),
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
  return lenient(context, options.onError, () => gather(lineStream(context, from, options), options.limit));
}

export async function readCsvOf(
  context: Context,
  from: Address,
  options: DecodeOptions<OnError> &
    CsvOptions & { readonly raw?: boolean | undefined; readonly limit?: number | undefined } = {},
): Promise<string[][] | string[] | undefined> {
  return lenient(context, options.onError, async (): Promise<string[][] | string[]> => {
    const { place, bytes } = await decodedPlace(context, from, options);
    const text = textOf(bytes, { encoding: options.encoding, uri: place.uri });
    const settings = { delimiter: options.delimiter, uri: place.uri };
    if (options.raw === true) return firstOf<string>(rawRowsOf(text, settings), options.limit);
    return firstOf<string[]>(csvRowsOf(text, settings), options.limit);
  });
}

/** With a limit, only as much is fetched as the lines need; without one, the object is read whole and through the cache. */
async function* lineStream(
  context: Context,
  from: Address,
  options: DecodeOptions & { readonly limit?: number | undefined },
): AsyncGenerator<string> {
  if (options.limit === undefined) {
    const { place, bytes } = await decodedPlace(context, from, options);
    yield* linesOf(once(bytes), { encoding: options.encoding, uri: place.uri });
    return;
  }
  const file = await openOf(context, from, { signal: options.signal, cache: options.cache });
  if (file === undefined) return;
  try {
    yield* file.lines({
      signal: signalOf(context, options),
      encoding: options.encoding,
      decompress: options.decompress,
    });
  } finally {
    await file.close();
  }
}

async function gather<T>(source: AsyncIterable<T>, limit = Number.POSITIVE_INFINITY): Promise<T[]> {
  checkLimit(limit);
  const all: T[] = [];
  if (limit === 0) return all;
  for await (const item of source) {
    all.push(item);
    if (all.length >= limit) break;
  }
  return all;
}

function firstOf<T>(source: Iterable<T>, limit = Number.POSITIVE_INFINITY): T[] {
  checkLimit(limit);
  const all: T[] = [];
  if (limit === 0) return all;
  for (const item of source) {
    all.push(item);
    if (all.length >= limit) break;
  }
  return all;
}

function checkLimit(limit: number): void {
  if (!(limit >= 0)) throw new RangeError(`limit counts from 0, not ${limit}`);
}

async function* once<T>(value: T): AsyncGenerator<T> {
  yield value;
}

export async function writeTextOf(
  context: Context,
  to: Address,
  text: string,
  options: EncodeOptions<OnWriteError> = {},
): Promise<Written | undefined> {
  if (typeof text !== "string")
    throw new TypeError(`writeText takes a string, not ${text === null ? "null" : typeof text}`);
  return writeEncoded(context, to, new TextEncoder().encode(wellFormed(text)), options);
}

export async function writeJsonOf(
  context: Context,
  to: Address,
  value: Json,
  options: EncodeOptions<OnWriteError> & { readonly indent?: number | undefined } = {},
): Promise<Written | undefined> {
  return writeEncoded(
    context,
    to,
    new TextEncoder().encode(wellFormed(jsonText(value, { indent: options.indent }))),
    options,
  );
}

export async function writeLinesOf(
  context: Context,
  to: Address,
  lines: (Iterable<string> & object) | AsyncIterable<string>,
  options: EncodeOptions<OnWriteError> = {},
): Promise<Written | undefined> {
  if (typeof lines === "string")
    throw new TypeError("writeLines takes lines, not one string: its characters would become lines");
  return lenient(context, options.onError, () =>
    writeStreamOf(
      context,
      to,
      textChunks(lines, (line) => `${line}\n`),
      bySuffix(options),
    ),
  );
}

export async function writeCsvOf(
  context: Context,
  to: Address,
  rows: Iterable<readonly Cell[]> | AsyncIterable<readonly Cell[]>,
  options: EncodeOptions<OnWriteError> & CsvOptions = {},
): Promise<Written | undefined> {
  const { delimiter, newline } = options;
  return lenient(context, options.onError, () =>
    writeStreamOf(
      context,
      to,
      textChunks(rows, (row) => csvText([row], { delimiter, newline })),
      bySuffix(options),
    ),
  );
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
  const encoder = new TextEncoder();
  let text = "";
  for await (const item of items) {
    text += wellFormed(render(item));
    if (text.length >= 65_536) {
      yield encoder.encode(text);
      text = "";
    }
  }
  if (text !== "") yield encoder.encode(text);
}

/** A lone surrogate has no UTF-8 form, and TextEncoder would replace it silently. */
function wellFormed(text: string): string {
  if (/[\uD800-\uDFFF]/.test(text) && !(text as string & { isWellFormed(): boolean }).isWellFormed())
    throw new TypeError("the text holds half of a surrogate pair, which UTF-8 cannot hold");
  return text;
}

async function writeEncoded(
  context: Context,
  to: Address,
  bytes: Uint8Array,
  options: EncodeOptions<OnWriteError>,
): Promise<Written | undefined> {
  const compress = options.compress ?? "by-suffix";
  return lenient(context, options.onError, async () => {
    const place = await namedFor(context, await context.place(to, "write"), compress);
    return writeStored(context, place, await encodeBytes(bytes, place, compress), options);
  });
}
