/** What copies, moves and removals say: a line for each object, a sum at the end; the same for a dry run. */
import type { Compared, FilterOptions, TransferOptions } from "../depot/index.ts";
import { type FileResult, requestsInWords, type TransferReport, type Usage } from "../transfer/index.ts";
import type { Call } from "./command.ts";
import { printable } from "./escape.ts";
import { formatCount, formatNumber, formatSize } from "./measure.ts";
import type { JsonObject, Message } from "./message.ts";
import { Interrupted } from "./problem.ts";

/**
 * Runs one transfer, tells its objects as they are done, and says the sum. Rejects as the transfer does; interrupted, with the jobs
 * that it added to the second argument.
 */
export async function tellTransfer(
  call: Call,
  verb: TransferVerb,
  start: (options: Pick<TransferOptions, "onFile" | "onProgress">, jobs: Set<string>) => Promise<Report>,
  filters: FilterOptions = {},
): Promise<TransferReport> {
  let waiting = 0;
  let leftOut = 0;
  const onFile = (file: FileResult) => {
    if (file.queued === true) waiting += 1;
    if (isLeftOut(file)) leftOut += 1;
    call.output.tellLater(fileMessage(file, verb, call));
  };
  const jobs = new Set<string>();
  const report = await start({ onFile, onProgress: call.output.onProgress }, jobs).catch((error: unknown) => {
    throw call.interrupted.aborted && jobs.size > 0 ? new Interrupted([...jobs]) : error;
  });
  await call.output.flush();
  const counts = { waiting, leftOut };
  if (call.output.json) await call.output.tell(sumMessage(report, verb, counts, filters));
  else if (!call.output.quiet || report.dryRun) call.output.say(sumMessage(report, verb, counts, filters));
  return report;
}

/** A sync also says by what it compared, a copy of what is new what was taken before. */
type Report = TransferReport & { readonly compared?: Compared | undefined; readonly unchanged?: Usage | undefined };

export interface TransferVerb {
  /** `"copy"`, for `would copy`. */
  readonly plan: string;
  /** `"copied"`. */
  readonly past: string;
}
export const copying: TransferVerb = { plan: "copy", past: "copied" };
export const packing: TransferVerb = { plan: "pack", past: "packed" };
export const unpacking: TransferVerb = { plan: "unpack", past: "unpacked" };
export const pinning: TransferVerb = { plan: "fetch", past: "fetched" };
export const sending: TransferVerb = { plan: "send", past: "sent" };
export const moving: TransferVerb = { plan: "move", past: "moved" };
/** Copies and removes; what is the same is left. */
export const syncing: TransferVerb = { plan: "copy", past: "copied" };
export const removing: TransferVerb = { plan: "remove", past: "removed" };

/** What lies in a folder of this disk and is no object. */
function isLeftOut({ action, target, reason }: FileResult): boolean {
  return action === "skip" && target === undefined && reason !== undefined;
}

/** A failure has no line of text: the error at the end names each of them. */
function fileMessage(file: FileResult, verb: TransferVerb, { output, settings: { quiet } }: Call): Message {
  const silent =
    file.status === "failed" ||
    quiet ||
    (file.action === "skip" && !isLeftOut(file) && (verb === removing || verb === pinning || verb === syncing));
  const own = alsoRemoves(verb) && file.action === "remove" ? removing : verb;
  const did =
    file.action === "skip" ? "skipped" : file.status === "planned" ? `would ${own.plan}` : doneText(file, own);
  const why = file.reason === undefined ? "" : `: ${printable(file.reason)}`;
  const to = file.target === undefined ? "" : ` -> ${printable(output.show(file.target))}`;
  return {
    text: () => (silent ? undefined : `${did} ${printable(output.show(file.uri))}${to}${why}`),
    json: () => fileJson(file),
  };
}

function alsoRemoves(verb: TransferVerb): boolean {
  return verb === sending || verb === syncing;
}

function doneText({ queued }: FileResult, verb: TransferVerb): string {
  return queued === true ? "queued" : verb.past;
}

function fileJson(file: FileResult): JsonObject {
  const { uri, target = null, action, status, sizeBytes, error, queued, reason } = file;
  return {
    type: "file",
    uri,
    target,
    action,
    status,
    sizeBytes,
    error: (error?.toJSON() ?? null) as JsonObject | null,
    queued,
    reason,
  };
}

interface Counts {
  readonly waiting: number;
  /** What lies in folders and is no object. */
  readonly leftOut: number;
}

function sumMessage(report: Report, verb: TransferVerb, counts: Counts, filters: FilterOptions): Message {
  return {
    text: () => leftOutText(report, verb, filters) ?? sumText(report, verb, counts),
    json: () => sumJson(report),
  };
}

/** Where filters left nothing to be done. */
function leftOutText(report: Report, verb: TransferVerb, { include, exclude }: FilterOptions): string | undefined {
  const { copied, removed, skipped, failed, leftOut, unchanged } = report;
  const done = copied.objects + removed.objects + skipped.objects + failed.length + (unchanged?.objects ?? 0);
  if (done > 0 || leftOut === undefined) return undefined;
  const there =
    leftOut === 0 ? "what is there" : `${formatCount(leftOut, "object")} ${leftOut === 1 ? "is" : "are"} there`;
  const none = leftOut === 0 ? "does not pass the filters" : "and none passes the filters";
  const wins = include !== undefined && exclude !== undefined;
  const why = wins ? "; what --exclude names is left out, whatever --include says and whichever stands first" : "";
  return `nothing to ${verb.plan}: ${there}${leftOut === 0 ? " " : ", "}${none}${why}`;
}

function sumText(report: Report, verb: TransferVerb, { waiting, leftOut }: Counts): string {
  const { dryRun, copied, removed, skipped, elapsedMs } = report;
  const { objects, sizeBytes } = verb === removing ? removed : copied;
  const isAllQueued = waiting > 0 && waiting === objects;
  const did = dryRun ? `would ${verb.plan}` : isAllQueued ? "queued" : verb.past;
  const waits = isAllQueued || waiting === 0 ? "" : `, of which ${formatNumber(waiting)} only queued`;
  const gone = alsoRemoves(verb) ? goneText(report) : "";
  const how = verb === pinning ? "here already" : verb === syncing ? "the same" : "skipped";
  const kept = skipped.objects - leftOut;
  const skips = kept <= 0 ? "" : `, ${formatNumber(kept)} ${how}`;
  const others = leftOut === 0 ? "" : `, ${formatNumber(leftOut)} left out`;
  const before = report.unchanged === undefined ? "" : `, ${formatNumber(report.unchanged.objects)} taken before`;
  const time = dryRun ? `${requestsText(report)}; nothing was changed` : ` in ${(elapsedMs / 1000).toFixed(1)} s`;
  return `${did} ${formatCount(objects, "object")}, ${formatSize(sizeBytes)}${waits}${gone}${skips}${others}${before}${time}${comparedText(report)}`;
}

function comparedText({ compared }: Report): string {
  if (compared === undefined) return "";
  const { etag, checksum, time, size } = compared;
  const ways = Object.entries({ ETag: etag, checksum, time, size }).filter(([, objects]) => objects > 0);
  if (ways.length === 0) return "";
  return `; compared ${ways.map(([way, objects]) => `${formatNumber(objects)} by ${way}`).join(", ")}`;
}

/** What it would ask of servers. */
function requestsText({ plan }: TransferReport): string {
  if (plan === undefined || plan.requests.total === 0) return "";
  return `, by ${formatCount(plan.requests.total, "request")} (${requestsInWords(plan.requests)})`;
}

/** What a push or a sync removed. */
function goneText({ dryRun, removed }: TransferReport): string {
  const did = dryRun ? `would ${removing.plan}` : removing.past;
  return removed.objects === 0 ? "" : `, ${did} ${formatCount(removed.objects, "object")}`;
}

function sumJson(report: Report): JsonObject {
  const { dryRun, copied, skipped, removed, failed, elapsedMs, compared, unchanged, plan, jobId, leftOut } = report;
  return {
    type: "summary",
    dryRun,
    copied: { ...copied },
    skipped: { ...skipped },
    removed: { ...removed },
    unchanged: unchanged && { ...unchanged },
    leftOut,
    failed: failed.length,
    compared: compared && { ...compared },
    elapsedMs: Math.round(elapsedMs),
    plan: plan && { ...plan, requests: { ...plan.requests } },
    jobId,
  };
}
