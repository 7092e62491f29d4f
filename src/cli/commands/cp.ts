/** `entrepot cp`: objects and folders between any two places, standard input and output included. */
import { type Call, type Command, defineCommand } from "../command.ts";
import { printable } from "../escape.ts";
import { globNote } from "../matches.ts";
import { formatSize } from "../measure.ts";
import { moveObjects, movingNotes, movingOptions } from "../moving-objects.ts";
import { copyNewFiles, isOnlyNew, newFilesNote, newFilesOptions } from "../new-files.ts";
import { flag, type ValuesOf } from "../option.ts";
import { copying } from "../transfer-message.ts";
import { UsageError } from "../usage-error.ts";

const options = {
  ...movingOptions(copying),
  ...newFilesOptions,
  markers: flag("also the empty objects by which some tools mark folders"),
  durable: flag("wait for the disk after each file of a folder"),
};

export const cp: Command = defineCommand({
  name: "cp",
  summary: "copy objects or folders, either way",
  synopsis: "[options] <source>... <target>",
  operands: { min: 1, max: Number.POSITIVE_INFINITY },
  options,
  notes: [...movingNotes, globNote, newFilesNote, "- is standard input or output."],
  examples: [
    { line: "entrepot cp data.csv s3://my-bucket/in/", says: "a file into a folder" },
    { line: "entrepot cp s3://my-bucket/data.csv ./copy.csv", says: "an object to a file" },
    { line: "entrepot cp -r s3://my-bucket/data/ ./data/", says: "all that lies in a folder" },
    {
      line: "entrepot cp -r --dry-run ./data s3://my-bucket/backup/",
      says: "what would happen, for the folder itself",
    },
    { line: "entrepot cp --glob 's3://my-bucket/*.csv' ./data", says: "what matches a pattern, into a folder" },
    { line: "entrepot cp -r --include '*.csv' --newer-than 7d s3://my-bucket/data/ ./data/", says: "what is new" },
    { line: "entrepot cp --files-from list.txt s3://my-bucket/data/ ./data/", says: "what a list names" },
    {
      line: "entrepot cp --only-new --when-marked '.{name}.meta' s3://my-bucket/data/ ./data/",
      says: "what is complete and was not taken before",
    },
    { line: "echo hello | entrepot cp - s3://my-bucket/hello.txt", says: "from standard input" },
  ],
  async run(call, values, operands) {
    if (isOnlyNew(values, operands)) await copyNewFiles(call, values, operands);
    else if (operands.includes("-") && values["files-from"] === undefined) await pipe(call, operands, values);
    else
      await moveObjects(call, { ...copying, method: "copy" }, values, operands, {
        durable: values.durable,
        markers: values.markers,
      });
  },
});

/** UsageError for what would be ignored: a stream is one object, of which nothing is known before. */
function checkPiped(values: ValuesOf<typeof options>, isOut: boolean): void {
  const isSaid = (value: unknown) =>
    value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0);
  const said = (Object.keys(options) as (keyof typeof options)[]).filter((name) => isSaid(values[name]));
  const other = said.find((name) => isOut || name !== "no-clobber");
  if (other !== undefined)
    throw new UsageError(`--${other} does nothing for -, which is one stream`, "leave it out, or name a file");
}

async function pipe(call: Call, operands: readonly string[], values: ValuesOf<typeof options>): Promise<void> {
  const [source = "", target = ""] = operands;
  if (operands.length > 2 || (source === "-" && target === "-"))
    throw new UsageError(
      "- stands for one stream, with one address on the other side",
      "entrepot cp - s3://bucket/key",
    );
  if (values["dry-run"]) throw new UsageError("--dry-run does not know what a stream will bring");
  if (values.glob)
    throw new UsageError("--glob names many objects, - one stream", "entrepot cat --glob writes them all");
  checkPiped(values, target === "-");
  const depot = await call.depot();
  if (target === "-") {
    for await (const chunk of depot.readStream(source)) await call.output.writeBytes(chunk);
    return;
  }
  const condition = values["no-clobber"] ? ({ ifNoneMatch: "*" } as const) : {};
  const { uri, etag, sizeBytes, queued } = await depot.writeStream(target, call.stdin, condition);
  await call.output.tell({
    text: () =>
      call.output.quiet
        ? undefined
        : `${queued === true ? "queued" : "copied"} - -> ${printable(call.output.show(uri))} (${formatSize(sizeBytes)})`,
    json: () => ({ type: "written", uri, etag, sizeBytes, queued }),
  });
}
