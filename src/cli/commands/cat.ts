/** `entrepot cat`: the bytes as they are stored, or decompressed. */
import { type Command, defineCommand, forEachOperand } from "../command.ts";
import { flag } from "../option.ts";

export const cat: Command = defineCommand({
  name: "cat",
  summary: "write objects to standard output",
  synopsis: "[options] <address>...",
  operands: { min: 1, max: Number.POSITIVE_INFINITY },
  options: { decompress: flag("decompress .gz by its suffix", "d") },
  examples: [
    { line: "entrepot cat s3://my-bucket/notes.txt", says: "the bytes as they are stored" },
    { line: "entrepot cat --decompress s3://my-bucket/data.csv.gz", says: "decompressed by suffix" },
  ],
  async run(call, values, operands) {
    const depot = await call.depot();
    await forEachOperand(call, operands, async (address) => {
      const decompress = values.decompress ? "by-suffix" : false;
      for await (const chunk of depot.readStream(address, { decompress })) await call.output.writeBytes(chunk);
    });
  },
});
