/** `entrepot cache why`: one address, and what becomes of its copy. */
import { type Command, defineCommand, forEachOperand } from "../../command.ts";
import { printable } from "../../escape.ts";
import { entryFacts, entryJson, factLines } from "./entry.ts";

export const why: Command = defineCommand({
  name: "cache why",
  summary: "is an object here, what does the next read do, what takes it away",
  synopsis: "[options] <address>...",
  operands: { min: 1, max: Number.POSITIVE_INFINITY },
  options: {},
  notes: ["Looks at this disk only; entrepot explain also asks the server, and says as whom."],
  examples: [
    { line: "entrepot cache why s3://my-bucket/data.csv", says: "why does a read ask the server?" },
    { line: "entrepot cache why --offline s3://my-bucket/data.csv", says: "and without a network?" },
  ],
  async run(call, _, addresses) {
    const depot = await call.depot();
    await forEachOperand(call, addresses, async (address) => {
      const { uri, entry, nextRead, leaves } = await depot.cache.explain(address);
      const here = entry === undefined ? [["copy", "none"] as const] : entryFacts(entry, Date.now());
      const facts = [
        ...here.filter(([name]) => name !== "state"),
        ["next read", printable(nextRead)] as const,
        ...(entry === undefined ? [] : [["goes", printable(leaves)] as const]),
      ];
      await call.output.tell({
        text: () => `${printable(uri)}\n${factLines(facts)}`,
        json: () => ({ type: "why", uri, entry: entry === undefined ? null : entryJson(entry), nextRead, leaves }),
      });
    });
  },
});
