/** The first records of a text: only as much is read as they need, wherever it lies. */
import { bytesOfText, linesOf } from "../../format/index.ts";
import { type LineShape, rowLines } from "../../table/index.ts";
import { signalOf } from "../calls.ts";
import type { Context, Place } from "../context.ts";
import { decodedChunks } from "../file-source.ts";
import { openSource } from "../files.ts";
import type { DecompressOptions, ReadOptions } from "../options.ts";
import { plainText, type TextShape } from "./plain-text.ts";

export interface HeadLimit {
  /** Records, the header among them. */
  readonly records: number;
  /** Of CSV. */
  readonly shape: LineShape;
}

/** As polars reads it. */
export async function headChunks(
  context: Context,
  place: Place,
  options: Pick<ReadOptions, "cache" | "signal"> & DecompressOptions,
  text: TextShape,
  { records, shape }: HeadLimit,
): Promise<AsyncIterable<Uint8Array>> {
  const signal = signalOf(context, options);
  const source = await openSource(context, place, options, signal);
  const plain = plainText(decodedChunks(source, options, signal), text, place.uri);
  async function* head(): AsyncGenerator<Uint8Array> {
    try {
      yield* text.format === "csv" ? rowLines(plain, shape, place.uri, records) : firstLines(plain, records, place.uri);
    } finally {
      await source.close();
    }
  }
  return head();
}

async function* firstLines(plain: AsyncIterable<Uint8Array>, records: number, uri: string): AsyncGenerator<Uint8Array> {
  let left = records;
  for await (const line of linesOf(plain, { uri })) {
    yield bytesOfText(`${line}\n`);
    if (line.trim() !== "") left -= 1;
    if (left <= 0) return;
  }
}
