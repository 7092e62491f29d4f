/** How a copy changes the bytes on their way. */
import type { CopyJob, Recode } from "../transfer/index.ts";
import { type DecodeLimits, decodeStream, encodeChunks, encodingsOf } from "./compression.ts";
import type { Compression } from "./options.ts";

export interface RecodeOptions extends DecodeLimits {
  readonly compress?: Compression | false | undefined;
  readonly decompress?: boolean | undefined;
}

/** Nothing where the stored bytes are copied as they are, which servers can do by themselves. */
export function recoding(
  { from, to }: CopyJob,
  { compress, decompress, ...limits }: RecodeOptions,
): Recode | undefined {
  if (decompress !== true && (compress === undefined || compress === false)) return undefined;
  return (body, info) => {
    const plain =
      decompress === true ? decodeStream(body, encodingsOf(from, info, "by-suffix"), from.uri, limits) : body;
    return compress === undefined || compress === false ? plain : encodeChunks(plain, to, compress);
  };
}
