/** The first records of a text that lies elsewhere: only as much is fetched as they need. */
import { bytesOfText, linesOf, rawRowStream } from "../../format/index.ts";
import { signalOf } from "../calls.ts";
import type { Context, Place } from "../context.ts";
import { decodedChunks } from "../file-source.ts";
import { openSource } from "../files.ts";
import type { DecompressOptions, ReadOptions } from "../options.ts";
import type { TextShape } from "./plain-text.ts";

export interface HeadLimit {
  /** Records, those that are skipped and the header among them. */
  readonly records: number;
  /** Of CSV. */
  readonly delimiter: string;
  /** Lines that begin with it do not count. */
  readonly comment: string | undefined;
}

/** As UTF-8, whatever `text.encoding` says. */
export async function headChunks(
  context: Context,
  place: Place,
  options: Pick<ReadOptions, "cache" | "signal"> & DecompressOptions & { readonly text?: TextShape | undefined },
  { records, delimiter, comment }: HeadLimit,
): Promise<AsyncIterable<Uint8Array>> {
  const signal = signalOf(context, options);
  const source = await openSource(context, place, options, signal);
  const { format, encoding } = options.text ?? { format: "csv" };
  const settings = { encoding, uri: place.uri };
  const decoded = decodedChunks(source, options, signal);
  const lines = format === "csv" ? rawRowStream(decoded, { ...settings, delimiter }) : linesOf(decoded, settings);
  async function* head(): AsyncGenerator<Uint8Array> {
    let left = records;
    try {
      for await (const line of lines) {
        yield bytesOfText(`${line}\n`);
        const counts = format === "csv" ? comment === undefined || !line.startsWith(comment) : line.trim() !== "";
        if (counts) left -= 1;
        if (left <= 0) return;
      }
    } finally {
      await source.close();
    }
  }
  return head();
}
