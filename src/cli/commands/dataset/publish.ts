/** `entrepot dataset publish`: a folder becomes the next generation, all of it or nothing. */
import { openNodeDisk } from "../../../disk/index.ts";
import { joinUri } from "../../../uri/index.ts";
import { type Command, defineCommand } from "../../command.ts";
import { localFolders } from "../../local-folder.ts";
import { flag, text } from "../../option.ts";
import { copying, tellTransfer } from "../../transfer-message.ts";
import { generationMessage } from "./generation.ts";

export const publish: Command = defineCommand({
  name: "dataset publish",
  summary: "stage the files of a folder, verify them, make them current at once",
  synopsis: "[options] <source> <dataset>",
  operands: { min: 2, max: 2 },
  options: {
    base: text("GENERATION", "what has to be current (default: what is at the start)"),
    rebase: flag("publish on top of whatever was published meanwhile"),
    "dry-run": flag("say what would be copied, change nothing"),
  },
  notes: [
    "A source that ends in / means its contents; a folder of this machine does so without its /, too.",
    "Whoever is first wins: when another generation was published since the start, this one is removed again, and the command ends with 6. The server has to honour conditional writes, as AWS, MinIO and R2 do.",
  ],
  examples: [
    { line: "entrepot dataset publish ./data/ s3://my-bucket/prices/", says: "a new generation" },
    { line: "entrepot dataset publish --dry-run ./data/ s3://my-bucket/prices/", says: "what would be copied" },
    { line: "entrepot dataset publish --rebase --json ./data/ s3://my-bucket/prices/", says: "for programs" },
  ],
  async run(call, { base, rebase, "dry-run": dryRun }, [source = "", address = ""]) {
    const depot = await call.depot("many");
    const isFolder = !source.endsWith("/") && (await localFolders(depot, openNodeDisk())(source, "read"));
    const from = isFolder ? `${source}/` : source;
    const dataset = depot.dataset(address);
    if (dryRun) {
      const target = joinUri(dataset.uri, "generations/next/files/");
      await tellTransfer(call, copying, (told) => depot.copy(from, target, { ...told, dryRun }));
      return;
    }
    const { onProgress } = call.output;
    const options = base === undefined ? {} : { base };
    await call.output.tell(generationMessage(await dataset.publish(from, { ...options, rebase, onProgress })));
  },
});
