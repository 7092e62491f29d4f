/** `entrepot cache verify` and `repair`: reads every copy, says what is wrong with those that are not right, and heals. */
import type { CacheVerifyOptions, CacheVerifyReport, DamagedCopy } from "../../../depot/index.ts";
import { EntrepotError } from "../../../error/index.ts";
import { type Call, type Command, defineCommand } from "../../command.ts";
import { printable } from "../../escape.ts";
import { formatCount, formatSize } from "../../measure.ts";
import { flag } from "../../option.ts";

export const verify: Command = defineCommand({
  name: "cache verify",
  summary: "read every copy and compare it with its checksum",
  synopsis: "[options] [<folder>]",
  operands: { min: 0, max: 1 },
  options: { repair: flag("as entrepot cache repair") },
  notes: [
    "Exit code 0: all copies are as they were fetched; 1: at least one is not. No read ever gives the bytes of such a copy: it is fetched again, and is no copy offline.",
  ],
  examples: [
    { line: "entrepot cache verify", says: "is every copy as it was fetched?" },
    { line: "entrepot cache verify --json s3://my-bucket/data/", says: "those below an address, for programs" },
  ],
  async run(call, { repair }, [folder]) {
    await told(call, { repair, folder }, repair);
  },
});

export const repair: Command = defineCommand({
  name: "cache repair",
  summary: "verify, and take away what is damaged",
  synopsis: "[options] [<folder>]",
  operands: { min: 0, max: 1 },
  options: { refetch: flag("fetch again what was damaged; without it only what is pinned") },
  notes: [
    "Exit code 0: nothing damaged is left; 1: something could not be taken away or fetched again.",
    "What the disk does not let us read now stays: it may be right.",
  ],
  examples: [
    { line: "entrepot cache repair", says: "what is damaged goes, what of it is pinned is fetched again" },
    {
      line: "entrepot cache repair --refetch s3://my-bucket/data/",
      says: "all that was damaged there is fetched again",
    },
  ],
  async run(call, { refetch }, [folder]) {
    await told(call, { repair: true, refetch: refetch || undefined, folder }, true);
  },
});

async function told(call: Call, options: CacheVerifyOptions, isRepair: boolean): Promise<void> {
  const depot = await call.depot();
  const { onProgress } = call.output;
  const report = await depot.cache.verify({ ...options, onProgress, signal: call.signal });
  for (const copy of report.damaged)
    await call.output.tell({ text: () => damageText(copy), json: () => damageJson(copy) });
  await call.output.flush();
  const bad = report.damaged.filter(({ outcome, error }) => outcome === "kept" || error !== undefined);
  await call.output.tell({ text: () => sumText(report, isRepair), json: () => sumJson(report, isRepair) });
  if (bad.length === 0) return;
  const what = `${formatCount(bad.length, "local copy", "local copies")} ${isRepair ? "not healed" : "damaged"}`;
  const hint = isRepair
    ? "the lines above say why; entrepot path <address> fetches one again"
    : "entrepot cache repair takes them away; a read would fetch them again in any case";
  call.fail(new EntrepotError("integrity", what, { hint }));
}

const outcomes = { kept: "damaged", removed: "removed", fetched: "fetched again" } as const;

function damageText({ uri, path, why, pinned, outcome, error }: DamagedCopy): string {
  const failed = error === undefined ? "" : `; not fetched again: ${printable(error.message)}`;
  const name = uri === undefined ? "a copy of unknown address" : printable(uri);
  return `${outcomes[outcome]} ${name}${pinned ? " (pinned)" : ""}: ${printable(why)}${failed}\n  ${printable(path)}`;
}

function damageJson({ error, uri, etag, ...rest }: DamagedCopy) {
  return { type: "damaged", uri: uri ?? null, etag: etag ?? null, ...rest, error: error?.message ?? null };
}

function sumText({ checked, damaged }: CacheVerifyReport, isRepair: boolean): string {
  const count = (outcome: DamagedCopy["outcome"]) => damaged.filter((copy) => copy.outcome === outcome).length;
  const read = `checked ${formatCount(checked.objects, "copy", "copies")}, ${formatSize(checked.sizeBytes)}`;
  if (damaged.length === 0) return `${read}: all as they were fetched`;
  if (!isRepair) return `${read}: ${damaged.length} damaged; the next read of each fetches it again`;
  const did = [
    [count("removed"), "removed"],
    [count("fetched"), "fetched again"],
    [count("kept"), "left"],
  ] as const;
  return `${read}: ${damaged.length} damaged, ${did.flatMap(([n, word]) => (n === 0 ? [] : [`${n} ${word}`])).join(", ")}`;
}

function sumJson({ checked, damaged }: CacheVerifyReport, isRepair: boolean) {
  const count = (outcome: DamagedCopy["outcome"]) => damaged.filter((copy) => copy.outcome === outcome).length;
  return {
    type: "summary",
    checked: { ...checked },
    damaged: damaged.length,
    repaired: isRepair,
    removed: count("removed"),
    fetched: count("fetched"),
  };
}
