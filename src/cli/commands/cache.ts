/** `entrepot cache`: what is kept on this disk, and how to keep less of it. */
import type { CacheEntry } from "../../cache/index.ts";
import { type Depot, parseByteSize, parseDuration } from "../../depot/index.ts";
import { closest, EntrepotError } from "../../error/index.ts";
import { type Call, type Command, defineCommand } from "../command.ts";
import { printable } from "../escape.ts";
import { formatAge, formatCount, formatSize } from "../measure.ts";
import type { JsonObject } from "../message.ts";
import { flag, parsed, type ValuesOf } from "../option.ts";
import { removing, tellTransfer } from "../transfer-message.ts";
import { UsageError } from "../usage-error.ts";

const options = {
  "dry-run": flag("prune, clear: say what would be removed, change nothing"),
  "max-bytes": parsed("SIZE", "prune: keep at most this, e.g. 10GB", parseByteSize),
  "older-than": parsed("TIME", "prune: what was fetched longer ago, e.g. 30d", parseDuration),
  "unused-for": parsed("TIME", "prune: what nobody read for so long, e.g. 7d", parseDuration),
  repair: flag("verify: remove what is damaged"),
} as const;
type Values = ValuesOf<typeof options>;
type Action = (call: Call, depot: Depot, values: Values, folder: string | undefined) => Promise<void>;

export const cache: Command = defineCommand({
  name: "cache",
  summary: "what is kept on this disk",
  synopsis: "stats|list|prune|clear|verify|path [options] [<folder>]",
  operands: { min: 1, max: 2 },
  options,
  notes: [
    "stats: how much. list [<folder>]: address and path of each copy. prune: the least recently used first, never what a running process holds. clear [<folder>]: all copies, or those below an address. verify: reads every copy and compares checksums. path: the folder itself.",
  ],
  examples: [
    { line: "entrepot cache stats", says: "how much is kept" },
    { line: "entrepot cache list s3://my-bucket/data/", says: "address and path of each copy" },
    { line: "entrepot cache prune --max-bytes 10GB --unused-for 30d", says: "keep it small" },
    { line: "entrepot cache verify --repair", says: "compare every copy with its checksum" },
    { line: "entrepot cache clear --dry-run s3://my-bucket/", says: "what would be removed" },
  ],
  async run(call, values, [word = "", folder]) {
    const action = Object.hasOwn(actions, word) ? actions[word] : undefined;
    if (action === undefined) {
      const near = closest(word, Object.keys(actions));
      throw new UsageError(
        `cache has no ${word}`,
        near === undefined ? `one of ${Object.keys(actions).join(", ")}` : `did you mean entrepot cache ${near}?`,
      );
    }
    if (folder !== undefined && word !== "list" && word !== "clear")
      throw new UsageError(`cache ${word} takes no address: ${folder}`);
    await action(call, await call.depot(), values, folder);
  },
});

const actions: Readonly<Record<string, Action>> = { stats, list, prune, clear, verify, path };

async function stats(call: Call, depot: Depot): Promise<void> {
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
}

async function list(call: Call, depot: Depot, _: Values, folder: string | undefined): Promise<void> {
  const now = Date.now();
  for await (const entry of depot.cache.list(folder))
    await call.output.tell({
      text: () =>
        `${formatSize(entry.sizeBytes).padStart(8)}  used ${formatAge(now - entry.usedMs).padStart(6)} ago  ${printable(entry.uri)}  ${printable(entry.path)}`,
      json: () => ({ type: "cached", ...entryJson(entry) }),
    });
}

async function prune(call: Call, depot: Depot, values: Values): Promise<void> {
  const limits = {
    maxBytes: values["max-bytes"],
    olderThan: values["older-than"],
    unusedFor: values["unused-for"],
  };
  if (Object.values(limits).every((limit) => limit === undefined))
    throw new UsageError(
      "prune what?",
      "give --max-bytes, --older-than or --unused-for; cache clear removes everything",
    );
  await tellTransfer(call, removing, (told) => depot.cache.prune(limits, { ...told, dryRun: values["dry-run"] }));
}

async function clear(call: Call, depot: Depot, values: Values, folder: string | undefined): Promise<void> {
  await tellTransfer(call, removing, (told) => depot.cache.clear(folder, { ...told, dryRun: values["dry-run"] }));
}

async function verify(call: Call, depot: Depot, values: Values): Promise<void> {
  const { checked, damaged } = await depot.cache.verify({ repair: values.repair });
  for (const entry of damaged)
    await call.output.tell({
      text: () => `damaged ${printable(entry.uri)}  ${printable(entry.path)}`,
      json: () => ({ type: "damaged", ...entryJson(entry) }),
    });
  const done = values.repair ? "removed; the next read fetches them again" : "the next read of each fetches it again";
  await call.output.tell({
    text: () =>
      `checked ${formatCount(checked.objects, "object")}, ${formatSize(checked.sizeBytes)}: ${damaged.length === 0 ? "all as they were fetched" : `${damaged.length} damaged, ${done}`}`,
    json: () => ({ type: "summary", checked: { ...checked }, damaged: damaged.length, repaired: values.repair }),
  });
  if (damaged.length > 0 && !values.repair)
    call.fail(
      new EntrepotError("integrity", `${formatCount(damaged.length, "local copy", "local copies")} damaged`, {
        hint: "entrepot cache verify --repair removes them; a read would fetch them again in any case",
      }),
    );
}

async function path(call: Call, depot: Depot): Promise<void> {
  const { dir } = depot.cache;
  await call.output.tell({ text: () => printable(dir), json: () => ({ type: "path", path: dir }) });
}

function entryJson({ uri, etag, sizeBytes, path: file, usedMs, checkedMs, pinned }: CacheEntry): JsonObject {
  return { uri, etag, sizeBytes, path: file, usedMs, checkedMs, pinned };
}
