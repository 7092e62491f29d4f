/** What packing and unpacking say of themselves: the same report as other transfers. */
import type { FileResult, Progress, TransferReport, Written } from "../../transfer/index.ts";
import type { Context } from "../context.ts";

interface ReportOptions {
  readonly dryRun?: boolean | undefined;
  readonly onFile?: ((file: FileResult) => void) | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** What a file is called, for those who are told of it. */
type Named = () => { readonly uri: string; readonly target: string };

/** Counts and tells; one for each call. */
export class ArchiveReport {
  readonly #context: Context;
  readonly #options: ReportOptions;
  readonly #uri: string;
  readonly #startMs: number;
  #objects = 0;
  #bytes = 0;
  #skipped = 0;
  #doneBytes = 0;
  #totalObjects: number | undefined;
  #totalBytes: number | undefined;

  constructor(context: Context, uri: string, options: ReportOptions) {
    this.#context = context;
    this.#uri = uri;
    this.#options = options;
    this.#startMs = context.now();
  }

  expect(objects: number | undefined, sizeBytes: number | undefined): void {
    this.#totalObjects = objects;
    this.#totalBytes = sizeBytes;
  }

  /** Counts from the start again, as an attempt that is repeated does. */
  reset(): void {
    this.#objects = 0;
    this.#bytes = 0;
    this.#skipped = 0;
    this.#doneBytes = 0;
  }

  bytes(count: number): void {
    this.#doneBytes += count;
    this.#tell();
  }

  file(named: Named, sizeBytes: number): void {
    this.#objects += 1;
    this.#bytes += sizeBytes;
    const status = this.#options.dryRun === true ? "planned" : "done";
    this.#options.onFile?.({ ...named(), action: "copy", status, sizeBytes, error: undefined });
    this.#tell();
  }

  skipped(named: Named, reason: string): void {
    this.#skipped += 1;
    const status = this.#options.dryRun === true ? "planned" : "done";
    this.#options.onFile?.({ ...named(), action: "skip", status, sizeBytes: 0, error: undefined, reason });
  }

  done(written?: Written): TransferReport {
    return {
      dryRun: this.#options.dryRun === true,
      written,
      copied: { objects: this.#objects, sizeBytes: this.#bytes },
      skipped: { objects: this.#skipped, sizeBytes: 0 },
      removed: { objects: 0, sizeBytes: 0 },
      failed: [],
      elapsedMs: this.#context.now() - this.#startMs,
    };
  }

  #tell(): void {
    this.#options.onProgress?.({
      uri: this.#uri,
      doneObjects: this.#objects,
      totalObjects: this.#totalObjects,
      doneBytes: this.#doneBytes,
      totalBytes: this.#totalBytes,
    });
  }
}
