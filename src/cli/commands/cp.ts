/** `entrepot cp`: objects and folders between any two places, standard input and output included. */
import { type Call, type Command, defineCommand } from "../command.ts";
import { planCopy } from "../copy-plan.ts";
import { printable } from "../escape.ts";
import { formatSize } from "../measure.ts";
import { flag, parsed } from "../option.ts";
import { copying, tellTransfer } from "../transfer-message.ts";
import { UsageError } from "../usage-error.ts";

export const cp: Command = defineCommand({
  name: "cp",
  summary: "copy objects or folders, either way",
  synopsis: "[options] <source>... <target>",
  operands: { min: 2, max: Number.POSITIVE_INFINITY },
  options: {
    recursive: flag("copy folders", "r"),
    "dry-run": flag("say what would be copied, change nothing"),
    "no-clobber": flag("fail (6) instead of replacing an object"),
    match: parsed("REGEX", "of a folder, only what matches below it", (given) => new RegExp(given)),
  },
  notes: [
    "A source that ends in / means its contents, a target that ends in / means into it. - is standard input or output.",
  ],
  examples: [
    { line: "entrepot cp data.csv s3://my-bucket/in/", says: "a file into a folder" },
    { line: "entrepot cp s3://my-bucket/data.csv ./copy.csv", says: "an object to a file" },
    { line: "entrepot cp -r s3://my-bucket/data/ ./data/", says: "all that lies in a folder" },
    {
      line: "entrepot cp -r --dry-run ./data s3://my-bucket/backup/",
      says: "what would happen, for the folder itself",
    },
    { line: "echo hello | entrepot cp - s3://my-bucket/hello.txt", says: "from standard input" },
  ],
  async run(call, values, operands) {
    const sources = operands.slice(0, -1);
    const target = operands.at(-1) ?? "";
    const dryRun = values["dry-run"];
    if (operands.includes("-")) return pipe(call, sources, target, values["no-clobber"], dryRun);
    const depot = await call.depot(values.recursive || operands.length > 8 ? "many" : "few");
    const condition = values["no-clobber"] ? ({ ifNoneMatch: "*" } as const) : {};
    for (const { from, to } of await planCopy(depot, sources, target, values.recursive))
      await tellTransfer(call, copying, (told) =>
        depot.copy(from, to, { ...told, ...condition, dryRun, match: values.match }),
      );
  },
});

async function pipe(
  call: Call,
  sources: readonly string[],
  target: string,
  noClobber: boolean,
  dryRun: boolean,
): Promise<void> {
  const [source = ""] = sources;
  if (sources.length > 1 || (source === "-" && target === "-"))
    throw new UsageError(
      "- stands for one stream, with one address on the other side",
      "entrepot cp - s3://bucket/key",
    );
  if (dryRun) throw new UsageError("--dry-run does not know what a stream will bring");
  const depot = await call.depot();
  if (target === "-") {
    for await (const chunk of depot.readStream(source)) await call.output.writeBytes(chunk);
    return;
  }
  const condition = noClobber ? ({ ifNoneMatch: "*" } as const) : {};
  const { uri, etag, sizeBytes } = await depot.writeStream(target, call.stdin, condition);
  await call.output.tell({
    text: () => (call.output.quiet ? undefined : `copied - -> ${printable(uri)} (${formatSize(sizeBytes)})`),
    json: () => ({ type: "written", uri, etag, sizeBytes }),
  });
}
