/** A frame as one object, by way of a file of this disk. */
import { compressionsOfName } from "../../codec/index.ts";
import { bytesOfText, loadPickle } from "../../format/index.ts";
import {
  type DataFrame,
  formatOfName,
  loadPolars,
  pickledFrame,
  type TableFormat,
  type WriteAs,
  writeTableFile,
} from "../../table/index.ts";
import type { Written } from "../../transfer/index.ts";
import { encodeBytes, encodeStream } from "../compression.ts";
import type { Context, Place } from "../context.ts";
import { diskFile } from "../disk-file.ts";
import type { OnWriteError } from "../options.ts";
import { publish } from "../publish.ts";
import { checkWriteFormat } from "./question.ts";
import { ownFolder } from "./staging.ts";
import type { TableWriteOptions } from "./types.ts";

type Options = TableWriteOptions<TableFormat, OnWriteError>;

/** `place` has the name that the compression asks for. All or nothing. */
export async function writeOne(context: Context, place: Place, frame: DataFrame, options: Options): Promise<Written> {
  const { format, delimiter } = formatOfName(place.key, options.format, place.uri);
  checkWriteFormat(format, options);
  const pl = await loadPolars();
  if (format === "pickle") return writePickled(context, place, frame, options);
  const folder = await ownFolder(context);
  try {
    const path = `${folder}/table`;
    const as = { ...(delimiter === undefined ? {} : { delimiter }), ...options, format } as WriteAs;
    await writeTableFile(pl, frame, path, as, place.uri);
    const file = await diskFile(context.disk, path);
    const compress = options.compress ?? "by-suffix";
    const body = format === "json" ? { sizeBytes: undefined, open: () => asArray(file.open()) } : file;
    const source = { sizeBytes: undefined, open: () => encodeStream(body.open(), place, compress) };
    const isPlain = compress === false || (compress === "by-suffix" && compressionsOfName(place.key).length === 0);
    return await publish(context, place, isPlain ? body : source, options);
  } finally {
    await context.disk.removeTree(folder);
  }
}

async function writePickled(context: Context, place: Place, frame: DataFrame, options: Options): Promise<Written> {
  const { pickleBytes, textColumn } = await loadPickle();
  const bytes = pickleBytes(pickledFrame(frame, textColumn, place.uri));
  const encoded = await encodeBytes(bytes, place, options.compress ?? "by-suffix");
  return publish(context, place, encoded, options);
}

/** Lines as one array. A line end stands between two values only. */
async function* asArray(lines: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield bytesOfText("[");
  let open = false;
  for await (const chunk of lines) {
    // the last line end is left for what comes, if anything does
    const end = chunk.at(-1) === 0x0a ? chunk.byteLength - 1 : chunk.byteLength;
    if (open) yield bytesOfText(",\n");
    open = end < chunk.byteLength;
    yield separated(chunk.subarray(0, end));
  }
  yield bytesOfText("]\n");
}

function separated(chunk: Uint8Array): Uint8Array {
  const lines = chunk.reduce((count, byte) => (byte === 0x0a ? count + 1 : count), 0);
  if (lines === 0) return chunk;
  const out = new Uint8Array(chunk.byteLength + lines);
  let at = 0;
  for (const byte of chunk) {
    if (byte === 0x0a) out[at++] = 0x2c;
    out[at++] = byte;
  }
  return out;
}
