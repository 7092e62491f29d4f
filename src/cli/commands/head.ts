/** `entrepot head`: the first lines or bytes; fetches kilobytes of an object of any size. */
import { parseByteSize } from "../../depot/index.ts";
import { type Command, defineCommand } from "../command.ts";
import { decompressionOf, decompressionOptions } from "../decompression-options.ts";
import { forEachObject } from "../object-operands.ts";
import { count, parsed } from "../option.ts";

export const head: Command = defineCommand({
  name: "head",
  summary: "the first lines, without fetching the rest",
  synopsis: "[options] <address>...",
  operands: { min: 1, max: Number.POSITIVE_INFINITY },
  options: {
    lines: count("N", "how many lines (default 10); decompressed by suffix", "n"),
    bytes: parsed("SIZE", "as many stored bytes instead, e.g. 512 or 4KiB", parseByteSize, "c"),
    ...decompressionOptions,
  },
  examples: [
    { line: "entrepot head s3://my-bucket/data.csv.gz", says: "ten lines, decompressed" },
    { line: "entrepot head -n 2 s3://my-bucket/data.csv", says: "two lines" },
    { line: "entrepot head -c 4 s3://my-bucket/data.parquet", says: "four bytes" },
  ],
  async run(call, values, operands) {
    const depot = await call.depot();
    const { bytes, lines = 10 } = values;
    await forEachObject(call, operands, async (address) => {
      if (bytes !== undefined) {
        if (bytes > 0) await call.output.writeBytes(await depot.readRange(address, { start: 0, end: bytes }));
        return;
      }
      for (const line of await depot.readLines(address, { limit: lines, ...decompressionOf(values) }))
        await call.output.tell({ text: () => line, json: () => ({ type: "line", line }) });
    });
  },
});
