/** `entrepot cache link`: a folder to browse, in which the copies bear their own names. */
import { type Command, defineCommand } from "../../command.ts";
import { printable } from "../../escape.ts";
import { formatCount } from "../../measure.ts";

export const link: Command = defineCommand({
  name: "cache link",
  summary: "a folder of links to the copies, under their own names",
  synopsis: "[options] <folder> [<address>]",
  operands: { min: 1, max: 2 },
  options: {},
  notes: [
    "Makes <folder>/s3/bucket/key ... for every copy, or for those below an address, and takes away links of before whose copies went. Call it again to bring it up to date. A folder that holds anything else is refused, and nothing in it is changed.",
    "The links do not keep the copies: pin what has to stay. What a name cannot hold is escaped with the character U+201B.",
  ],
  examples: [
    { line: "entrepot cache link ./my-copies", says: "all copies" },
    { line: "entrepot cache link ./my-data s3://my-bucket/data/", says: "those below an address" },
  ],
  async run(call, _, [folder = "", address]) {
    const depot = await call.depot();
    const report = await depot.cache.link(folder, { folder: address, signal: call.signal });
    const { path, links, added, removed, hidden } = report;
    const hid = hidden === 0 ? "" : `; ${hidden} more of the same addresses, of other endpoints or identities`;
    await call.output.tell({
      text: () => `${formatCount(links, "link")} in ${printable(path)}: ${added} new, ${removed} removed${hid}`,
      json: () => ({ type: "links", ...report }),
    });
  },
});
