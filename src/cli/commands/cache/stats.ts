/** `entrepot cache stats`: how much is kept. */
import { type Command, defineCommand } from "../../command.ts";
import { printable } from "../../escape.ts";
import { formatCount, formatSize } from "../../measure.ts";

export const stats: Command = defineCommand({
  name: "cache stats",
  summary: "how much is kept",
  synopsis: "[options]",
  operands: { min: 0, max: 0 },
  options: {},
  examples: [
    { line: "entrepot cache stats", says: "objects, size, limit, folder" },
    { line: "entrepot cache stats --json", says: "the same for programs, sizes in bytes" },
  ],
  async run(call) {
    const depot = await call.depot();
    const { objects, sizeBytes, maxBytes, pinned } = await depot.cache.stats();
    const { dir, enabled } = depot.cache;
    const limit = maxBytes === undefined ? "no limit" : `at most ${formatSize(maxBytes)}`;
    await call.output.tell({
      text: () =>
        `${formatCount(objects, "object")}, ${formatSize(sizeBytes)} (${limit}) in ${printable(dir)}${enabled ? "" : "; switched off"}`,
      json: () => ({
        type: "cache",
        enabled,
        dir,
        objects,
        sizeBytes,
        maxBytes: maxBytes ?? null,
        pinned: { ...pinned },
      }),
    });
  },
});
