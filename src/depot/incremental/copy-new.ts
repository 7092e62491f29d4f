/**
 * Copies what a source has now and had not the last time: one listing, and no request for what is the same. A file counts as taken
 * when it lies in the target and, where somebody wants it handed over, when that has ended well.
 */
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import type { FileResult, TransferReport } from "../../transfer/index.ts";
import { type Address, compareKeys } from "../../uri/index.ts";
import { Asked } from "../asked.ts";
import { signalOf } from "../calls.ts";
import type { Context } from "../context.ts";
import type { ObjectEntry } from "../entries.ts";
import { filterOf } from "../filters/filter.ts";
import { joinSignals } from "../join-signals.ts";
import { walkEntries } from "../listing.ts";
import { copyOf } from "../moving.ts";
import { candidatesOf } from "./candidates.ts";
import type { Candidate, Verdict } from "./gate.ts";
import { HandOver } from "./hand-over.ts";
import { listedAfter } from "./listing-after.ts";
import { type Pull, pullOf } from "./pull.ts";
import { verdictsBy } from "./rules.ts";
import type { CompleteWhen, CopyNewOptions, IncompleteFile, NewFile, NewReport } from "./types.ts";

export async function copyNewOf(
  context: Context,
  from: Address,
  to: Address,
  options: CopyNewOptions = {},
): Promise<NewReport> {
  const startMs = context.now();
  checkOrder(options);
  const verdicts = verdictsBy(context, options.completeWhen, options);
  const pull = await pullOf(context, from, to, options);
  try {
    const report = await new Run(context, pull, options).carryOut(verdicts);
    return { ...report, elapsedMs: context.now() - startMs };
  } finally {
    await pull.close();
  }
}

/** A marker that sorts before its file may lie before the place where a listing begins. */
function checkOrder({
  inOrder,
  completeWhen = {},
}: {
  readonly inOrder?: boolean | undefined;
  readonly completeWhen?: Partial<CompleteWhen> | undefined;
}): void {
  const { marker = "{name}", file, manifest } = completeWhen;
  if (inOrder === true && (!marker.startsWith("{name}") || file !== undefined || manifest !== undefined))
    throw new TypeError("inOrder goes with a marker that begins with {name}, with stableFor, or alone");
}

class Run {
  readonly #context: Context;
  readonly #pull: Pull;
  readonly #options: CopyNewOptions;
  readonly #asked = new Asked();
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal | undefined;
  readonly #unchanged = { objects: 0, sizeBytes: 0 };
  readonly #incomplete: IncompleteFile[] = [];
  readonly #planned: NewFile[] = [];
  /** On their way, by their address. */
  readonly #wanted = new Map<string, Candidate>();
  readonly #handOver: HandOver;
  #lastPath: string | undefined;
  /** The first path that has to come again. */
  #firstLeft: string | undefined;

  constructor(context: Context, pull: Pull, options: CopyNewOptions) {
    this.#context = context;
    this.#pull = pull;
    this.#options = options;
    this.#signal = joinSignals(signalOf(context, options), this.#stop.signal);
    this.#handOver = new HandOver(
      options.onNew,
      (file) => pull.taken.add(file),
      (error) => this.#stop.abort(error),
    );
  }

  async carryOut(verdicts: (candidates: AsyncIterable<Candidate>) => AsyncIterable<Verdict>): Promise<NewReport> {
    const complete = this.#complete(verdicts(this.#candidates()));
    const first = await complete.next();
    const report = first.done === true ? undefined : await this.#copy(resumed(first.value, complete));
    const { failed = [], ...rest } = report ?? nothingDone(this.#options.dryRun ?? false);
    const { onError = "throw" } = this.#options;
    const real = failed.filter(({ error }) => !isGone(error));
    if (onError === "throw" && real.length > 0) throw failureOf(real);
    await this.#rememberPlace();
    const newFiles = this.#options.dryRun === true ? this.#planned : this.#handOver.done;
    return {
      ...rest,
      failed: real,
      newFiles: newFiles.sort((a, b) => compareKeys(a.path, b.path)),
      incomplete: this.#incomplete.sort((a, b) => compareKeys(a.uri, b.uri)),
      unchanged: this.#unchanged,
    };
  }

  async #copy(entries: AsyncIterable<ObjectEntry>): Promise<TransferReport> {
    const { dryRun, maxRequests, maxBytes, onPlan, onProgress, names, durable, onError } = this.#options;
    // filters were applied to what was listed
    const settings = {
      ...{ dryRun, maxRequests, maxBytes, onPlan, onProgress, names, durable },
      signal: this.#signal,
      asked: this.#asked,
      pinned: true,
      // What was taken is remembered beside it, and a job that is resumed would hand nothing over.
      isBegunAnew: true,
      onError: onError === "warn" ? ("warn" as const) : ("ignore" as const),
      onFile: (file: FileResult) => this.#onFile(file),
    };
    try {
      const report = await copyOf(this.#context, entries, this.#pull.targetUri, settings);
      await this.#handOver.end();
      return report;
    } catch (error) {
      // what was copied before it went wrong is handed over all the same
      await this.#handOver.end();
      throw error;
    }
  }

  #onFile(file: FileResult): void {
    const candidate = this.#wanted.get(file.uri);
    this.#wanted.delete(file.uri);
    if (candidate !== undefined && file.status !== "failed") {
      const { uri, path, etag, sizeBytes } = candidate.entry;
      const { reason = "new" } = candidate;
      const made: NewFile = { uri, path, target: file.target ?? "", etag, sizeBytes, reason };
      if (file.status === "planned") this.#planned.push(made);
      else this.#handOver.add(made);
    }
    const path = candidate?.entry.path;
    if (path !== undefined && isGone(file.error))
      this.#incomplete.push({ uri: file.uri, path, reason: "was replaced or removed meanwhile" });
    if (path !== undefined && file.status === "failed") this.#left(path);
    this.#options.onFile?.(file);
  }

  async *#candidates(): AsyncGenerator<Candidate> {
    const { place, prefix } = this.#pull;
    const filter = await filterOf(this.#options, this.#context.now());
    const after = this.#options.inOrder === true ? await this.#pull.taken.after() : "";
    const from = listedAfter(this.#asked.counted(place), after === "" ? "" : prefix + after);
    const listed = walkEntries(this.#context, from, prefix, {
      kind: "object",
      signal: this.#signal,
    }) as AsyncGenerator<ObjectEntry>;
    const onKnown = ({ sizeBytes }: ObjectEntry) => {
      this.#unchanged.objects += 1;
      this.#unchanged.sizeBytes += sizeBytes;
    };
    for await (const candidate of candidatesOf(listed, this.#pull.taken.known(), onKnown)) {
      this.#lastPath = candidate.entry.path;
      // what is not meant may still mark what is
      yield filter.passes(candidate.entry) ? candidate : { ...candidate, reason: undefined };
    }
  }

  #left(path: string): void {
    if (this.#firstLeft === undefined || compareKeys(path, this.#firstLeft) < 0) this.#firstLeft = path;
  }

  /** Everything up to there was taken. */
  async #rememberPlace(): Promise<void> {
    const { inOrder = false, dryRun = false } = this.#options;
    const last = this.#firstLeft === undefined ? this.#lastPath : before(this.#firstLeft);
    if (inOrder && !dryRun && last !== undefined) await this.#pull.taken.setAfter(last);
  }

  async *#complete(verdicts: AsyncIterable<Verdict>): AsyncGenerator<ObjectEntry> {
    for await (const verdict of verdicts) {
      if ("incomplete" in verdict) {
        this.#incomplete.push(verdict.incomplete);
        this.#left(verdict.incomplete.path);
        continue;
      }
      const { entry } = verdict.complete;
      this.#wanted.set(entry.uri, verdict.complete);
      yield entry;
    }
  }
}

async function* resumed<T>(first: T, rest: AsyncIterable<T>): AsyncGenerator<T> {
  yield first;
  yield* rest;
}

/** A path that sorts before this one, and after most that do. */
function before(path: string): string {
  return [...path].slice(0, -1).join("");
}

/** It will be looked at anew the next time, if it is there then. */
function isGone(error: EntrepotError | undefined): boolean {
  return isEntrepotError(error, "changed", "not-found");
}

function nothingDone(dryRun: boolean): TransferReport {
  const none = { objects: 0, sizeBytes: 0 };
  return { dryRun, written: undefined, copied: none, skipped: none, removed: none, failed: [], elapsedMs: 0 };
}

/** As a transfer's own. */
function failureOf(failed: readonly FileResult[]): EntrepotError {
  const failures = failed.flatMap(({ error }) => (error === undefined ? [] : [error]));
  const [first] = failures as [EntrepotError];
  const { code, uri, hint, retryable } = first;
  const message =
    failures.length === 1 ? first.message : `${failures.length} objects failed; the first: ${first.message}`;
  return new EntrepotError(code, message, { uri, hint, retryable, cause: first, failures });
}
