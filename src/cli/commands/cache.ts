/** `entrepot cache`: what is kept on this disk, and how to keep less of it. One file for each action. */
import { type Command, defineGroup } from "../command.ts";
import { clear } from "./cache/clear.ts";
import { link } from "./cache/link.ts";
import { list } from "./cache/list.ts";
import { path } from "./cache/path.ts";
import { pin } from "./cache/pin.ts";
import { prune } from "./cache/prune.ts";
import { stats } from "./cache/stats.ts";
import { unpin } from "./cache/unpin.ts";
import { repair, verify } from "./cache/verify.ts";
import { why } from "./cache/why.ts";

export const cache: Command = defineGroup({
  name: "cache",
  summary: "what is kept on this disk",
  actions: [stats, list, why, path, pin, unpin, prune, clear, verify, repair, link],
  examples: [
    { line: "entrepot cache stats", says: "how much is kept" },
    { line: "entrepot cache list s3://my-bucket/data/", says: "what, and where it lies" },
    { line: "entrepot cache prune --max-bytes 10GB --unused-for 30d", says: "keep it small" },
  ],
});
