/** What decompression may give, for every command that decompresses: hints of errors name these. */
import { parseByteSize } from "../depot/index.ts";
import { count, parsed, type ValueOption, type ValuesOf } from "./option.ts";

export type DecompressionOptions = {
  readonly "max-ratio": ValueOption<number>;
  readonly "max-decompressed-bytes": ValueOption<number>;
};

export const decompressionOptions: DecompressionOptions = {
  "max-ratio": count("COUNT", "an error where it expands more than so many times (1000)", undefined, 1),
  "max-decompressed-bytes": parsed("SIZE", "an error where more than that comes out, e.g. 20GB", parseByteSize),
};

/** As reading verbs take them. */
export function decompressionOf(values: ValuesOf<DecompressionOptions>): {
  readonly maxRatio: number | undefined;
  readonly maxDecompressedBytes: number | undefined;
} {
  return { maxRatio: values["max-ratio"], maxDecompressedBytes: values["max-decompressed-bytes"] };
}
