/** `entrepot stat`: what is known of an object, without its bytes. */
import type { ObjectStat } from "../../depot/index.ts";
import { type Command, defineCommand } from "../command.ts";
import { entryJson } from "../entry-json.ts";
import { printable } from "../escape.ts";
import { formatNumber, formatSize, formatTime } from "../measure.ts";
import type { JsonObject } from "../message.ts";
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
      const exact = formatNumber(entry.sizeBytes);
      await call.output.tell({
        text: () =>
          [
            printable(call.output.show(entry.uri)),
            `  size      ${exact} bytes${entry.sizeBytes < 1000 ? "" : ` (${formatSize(entry.sizeBytes)})`}`,
            `  modified  ${formatTime(entry.modifiedMs)} UTC`,
            `  etag      ${printable(entry.etag)}`,
            ...(entry.versionId === undefined ? [] : [`  version   ${printable(entry.versionId)}`]),
            ...descriptionLines(entry),
          ].join("\n"),
        json: () => ({ ...entryJson(entry), ...descriptionJson(entry) }),
      });
    });
  },
});

const described = [
  ["type", "contentType"],
  ["encoding", "contentEncoding"],
  ["language", "contentLanguage"],
  ["filename", "contentDisposition"],
  ["caching", "cacheControl"],
  ["class", "storageClass"],
  ["encrypted", "encryption"],
] as const;

function descriptionLines(entry: ObjectStat): string[] {
  return [
    ...described.flatMap(([label, name]) => {
      const value = entry[name];
      return value === undefined ? [] : [`  ${label.padEnd(9)} ${printable(value)}`];
    }),
    ...Object.entries(entry.metadata).map(([name, value]) => `  metadata  ${printable(`${name}=${value}`)}`),
  ];
}

/** Always the same names, `null` for what the store does not say. */
function descriptionJson(entry: ObjectStat): JsonObject {
  return {
    ...Object.fromEntries(described.map(([, name]) => [name, entry[name] ?? null])),
    metadata: { ...entry.metadata },
  };
}
