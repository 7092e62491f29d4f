/** `entrepot cat`: the bytes as they are stored, or decompressed. */
import { type Command, defineCommand, forEachOperand } from "../command.ts";
import { globNote, globOption, openMatches } from "../matches.ts";
import { forEachObject } from "../object-operands.ts";
import { flag } from "../option.ts";

export const cat: Command = defineCommand({
  name: "cat",
  summary: "write objects to standard output",
  synopsis: "[options] <address>...",
  operands: { min: 1, max: Number.POSITIVE_INFINITY },
  options: { decompress: flag("decompress .gz by its suffix", "d"), glob: globOption },
  notes: [globNote],
  examples: [
    { line: "entrepot cat s3://my-bucket/notes.txt", says: "the bytes as they are stored" },
    { line: "entrepot cat --decompress s3://my-bucket/data.csv.gz", says: "decompressed by suffix" },
    {
      line: "entrepot cat --glob 's3://my-bucket/data/*.csv'",
      says: "one after the other, in the order of their keys",
    },
  ],
  async run(call, values, operands) {
    const depot = await call.depot();
    const decompress = values.decompress ? "by-suffix" : false;
    const write = async (address: string) => {
      for await (const chunk of depot.readStream(address, { decompress })) await call.output.writeBytes(chunk);
    };
    if (!values.glob) return forEachObject(call, operands, write);
    await forEachOperand(call, operands, async (operand) => {
      for await (const { uri } of await openMatches(depot, [operand], "object")) await write(uri);
    });
  },
});
