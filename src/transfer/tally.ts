/**
 * Counts what a transfer does and tells those who asked. One tally per transfer.
 */
import type { Usage } from "../cache/index.ts";
import { EntrepotError } from "../error/index.ts";
import type { FileResult, Progress, TransferReport, Written } from "./report.ts";

export interface TallyOptions {
  readonly dryRun?: boolean | undefined;
  readonly onFile?: ((file: FileResult) => void) | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly onError?: "throw" | "warn" | "ignore" | undefined;
  /** Where warnings go when `onError` is `"warn"`. */
  readonly warn: (error: EntrepotError) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export class Tally {
  readonly #options: TallyOptions;
  readonly #startMs: number;
  readonly #failed: FileResult[] = [];
  readonly #sums = { copy: zero(), skip: zero(), remove: zero() };
  readonly #written: Written[] = [];
  /** Bytes of objects that are on their way. */
  readonly #moving = new Map<string, number>();
  #doneObjects = 0;
  #doneBytes = 0;
  #totalObjects: number | undefined;
  #totalBytes: number | undefined;

  constructor(options: TallyOptions) {
    this.#options = options;
    this.#startMs = options.now();
  }

  /** Objects that have failed so far. */
  get failures(): number {
    return this.#failed.length;
  }

  /** True where there was none. */
  everyFailure(test: (error: EntrepotError | undefined) => boolean): boolean {
    return this.#failed.every(({ error }) => test(error));
  }

  /** What is to come, once it is known. */
  expect(total: Usage): void {
    this.#totalObjects = total.objects;
    this.#totalBytes = total.sizeBytes;
  }

  /** Counts an object's bytes while they move; a second try starts again from its own zero. */
  meter(uri: string): (doneBytes: number) => void {
    return (doneBytes) => {
      this.#doneBytes += doneBytes - (this.#moving.get(uri) ?? 0);
      this.#moving.set(uri, doneBytes);
      this.#tell(uri);
    };
  }

  /** One object is done, skipped, planned or has failed. */
  add(file: FileResult, written?: Written): void {
    if (file.status === "failed") this.#failed.push(file);
    else {
      const sum = this.#sums[file.action];
      sum.objects += 1;
      sum.sizeBytes += file.sizeBytes;
    }
    if (written !== undefined && this.#written.length < 2) this.#written.push(written);
    this.#doneObjects += 1;
    this.#doneBytes += file.sizeBytes - (this.#moving.get(file.uri) ?? 0);
    this.#moving.delete(file.uri);
    if (file.error !== undefined && this.#options.onError === "warn") this.#options.warn(file.error);
    this.#options.onFile?.(file);
    this.#tell(file.uri);
  }

  #tell(uri: string): void {
    this.#options.onProgress?.({
      uri,
      doneObjects: this.#doneObjects,
      totalObjects: this.#totalObjects,
      doneBytes: this.#doneBytes,
      totalBytes: this.#totalBytes,
    });
  }

  /** The error of a transfer that ends here, whatever is left of it. */
  stopped(why: EntrepotError): EntrepotError {
    const left = this.#totalObjects === undefined ? undefined : this.#totalObjects - this.#doneObjects;
    if (left === undefined || left <= 0) return summary(why, this.#failed, this.#doneObjects, undefined);
    const { code, message, uri, hint } = why;
    const failures = this.#failed.flatMap(({ error }) => (error === undefined ? [] : [error]));
    const rest = `${left.toLocaleString("en-US")} objects were not tried`;
    return new EntrepotError(code, `${message}; ${rest}`, { uri, hint, cause: why, failures });
  }

  /** The report, or the error that stands for all failures unless the caller wants them as values. */
  finish(planned: Pick<TransferReport, "plan" | "jobId"> = {}): TransferReport {
    const first = this.#failed[0]?.error;
    const throws = this.#options.onError === undefined || this.#options.onError === "throw";
    if (first !== undefined && throws) throw summary(first, this.#failed, this.#doneObjects, planned.jobId);
    return {
      dryRun: this.#options.dryRun ?? false,
      written: this.#written.length === 1 ? this.#written[0] : undefined,
      copied: { ...this.#sums.copy },
      skipped: { ...this.#sums.skip },
      removed: { ...this.#sums.remove },
      failed: this.#failed,
      elapsedMs: this.#options.now() - this.#startMs,
      ...planned,
    };
  }
}

function zero(): { objects: number; sizeBytes: number } {
  return { objects: 0, sizeBytes: 0 };
}

function summary(first: EntrepotError, failed: readonly FileResult[], objects: number, jobId?: string): EntrepotError {
  const message =
    objects === 1 ? first.message : `${failed.length} of ${objects} objects failed; the first: ${first.message}`;
  return new EntrepotError(first.code, message, {
    uri: first.uri,
    hint: jobId === undefined ? first.hint : `${first.hint}${goOn(first.hint, jobId)}`,
    cause: first,
    retryable: first.retryable,
    failures: failed.flatMap((file) => (file.error === undefined ? [] : [file.error])),
  });
}

/** What is done is kept; who says the same again goes on. */
function goOn(hint: string, jobId: string): string {
  const end = /[.!?]$/.test(hint) ? "" : ".";
  return `${end} The same call again tries only the rest, and so does: entrepot jobs resume ${jobId}`;
}
