/** `entrepot dataset show`: the current generation, and with --files what lies in it. */
import { type Command, defineCommand } from "../../command.ts";
import { entryJson } from "../../entry-json.ts";
import { printable } from "../../escape.ts";
import { flag, text } from "../../option.ts";
import { generationMessage } from "./generation.ts";

export const show: Command = defineCommand({
  name: "dataset show",
  summary: "the current generation, and where its files lie",
  synopsis: "[options] <dataset>",
  operands: { min: 1, max: 1 },
  options: {
    generation: text("GENERATION", "another one that is kept"),
    files: flag("its files, too, as they were published", "f"),
    uri: flag("nothing but the address of its files", "u"),
  },
  examples: [
    { line: "entrepot dataset show s3://my-bucket/prices/", says: "name, time, size and address" },
    { line: "entrepot dataset show --files s3://my-bucket/prices/", says: "with its files" },
    { line: 'folder="$(entrepot dataset show --uri s3://my-bucket/prices/)"', says: "for other commands" },
  ],
  async run(call, { generation, files, uri }, [address = ""]) {
    const depot = await call.depot();
    const opened = await depot.dataset(address).open({ generation });
    if (uri && !call.output.json) await call.output.write(`${opened.uri}\n`);
    else await call.output.tell(generationMessage(opened));
    if (!files) return;
    for await (const entry of opened.list())
      await call.output.tell({ text: () => printable(uri ? entry.uri : entry.path), json: () => entryJson(entry) });
  },
});
