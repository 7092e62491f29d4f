/** `entrepot path`: for tools that only know files. The copy stays in the cache; a local address is its own path. */
import { type Command, defineCommand } from "../command.ts";
import { printable } from "../escape.ts";
import { forEachObject } from "../object-operands.ts";

export const path: Command = defineCommand({
  name: "path",
  summary: "the path of the local copy, fetched if need be",
  synopsis: "[options] <address>...",
  operands: { min: 1, max: Number.POSITIVE_INFINITY },
  options: {},
  notes: ["The file is the cache's: read it, do not write to it."],
  examples: [
    { line: "entrepot path s3://my-bucket/data.csv", says: "fetched once, then confirmed by one small request" },
    { line: 'wc -l "$(entrepot path s3://my-bucket/data.csv)"', says: "any tool that reads files" },
  ],
  async run(call, _, operands) {
    const depot = await call.depot();
    await forEachObject(call, operands, async (address) => {
      const copy = await depot.localCopy(address, { onProgress: call.output.onProgress });
      try {
        await call.output.tell({
          text: () => printable(copy.path),
          json: () => ({ type: "path", uri: depot.resolve(address), path: copy.path, etag: copy.etag }),
        });
      } finally {
        await copy.close();
      }
    });
  },
});
