/** `entrepot stat`: what is known of an object, without its bytes. */
import { type Command, defineCommand } from "../command.ts";
import { entryJson } from "../entry-json.ts";
import { printable } from "../escape.ts";
import { formatSize, formatTime } from "../measure.ts";
import { forEachObject } from "../object-operands.ts";

export const stat: Command = defineCommand({
  name: "stat",
  summary: "size, time, ETag and version of objects",
  synopsis: "[options] <address>...",
  operands: { min: 1, max: Number.POSITIVE_INFINITY },
  options: {},
  examples: [
    { line: "entrepot stat s3://my-bucket/data.csv", says: "for people" },
    { line: "entrepot stat --json s3://my-bucket/data.csv s3://my-bucket/notes.txt", says: "for programs" },
  ],
  async run(call, _, operands) {
    const depot = await call.depot();
    await forEachObject(call, operands, async (address) => {
      const entry = await depot.stat(address);
      const exact = entry.sizeBytes.toLocaleString("en-US");
      await call.output.tell({
        text: () =>
          [
            printable(entry.uri),
            `  size      ${exact} bytes${entry.sizeBytes < 1000 ? "" : ` (${formatSize(entry.sizeBytes)})`}`,
            `  modified  ${formatTime(entry.modifiedMs)} UTC`,
            `  etag      ${printable(entry.etag)}`,
            ...(entry.versionId === undefined ? [] : [`  version   ${printable(entry.versionId)}`]),
          ].join("\n"),
        json: () => entryJson(entry),
      });
    });
  },
});
