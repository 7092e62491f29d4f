/** What waits to be sent, as types. */
import type { OutboxEntry } from "../cache/index.ts";
import type { FileResult, TransferReport, Usage } from "../transfer/index.ts";
import type { CallOptions, LocalPath, SignalOptions } from "./options.ts";

export interface PushOptions extends CallOptions {
  /** Say what would be sent, send nothing. Default false. */
  readonly dryRun?: boolean | undefined;
  /** Told once per change, in their order. Must not throw. */
  readonly onFile?: ((file: FileResult) => void) | undefined;
  /** `"throw"` (default): tries all that can be tried, then rejects with all `failures`; `"warn"` and `"ignore"` leave them in `failed`. */
  readonly onError?: "throw" | "warn" | "ignore" | undefined;
  /** Send only this one, by its id, in the place of exactly the version that its last push found and told. Error: precondition-failed. */
  readonly overwrite?: string | undefined;
}

/** Part of `data.offline`; there whatever the option `outbox` says, so that what was queued with it can be sent without. */
export interface OutboxVerbs {
  /** What waits, in the order in which it will be sent. Reads its bytes, to say what is damaged. */
  outbox(options?: SignalOptions): Promise<readonly OutboxEntry[]>;
  /**
   * Sends what waits, each change under its condition: what the server holds otherwise is a conflict (precondition-failed) and stays,
   * with all that waits behind it, and is never overwritten. `copied`: writes; `skipped`: what was not tried. Interrupted, it can be
   * repeated. What was queued for another endpoint, signed or anonymous unlike this depot, or under another `sse` or
   * `expectedBucketOwner` is skipped, with its `reason`; access keys are not told apart. Also: integrity, unreachable.
   */
  push(options?: PushOptions): Promise<TransferReport>;
  /** Takes one back. Errors: not-found, busy while it is being sent. */
  discard(id: string, options?: SignalOptions): Promise<void>;
  /** Writes the bytes of one to a file that is not there yet. Errors: not-found, already-exists, integrity, unsupported. */
  save(id: string, path: LocalPath, options?: SignalOptions): Promise<Usage>;
}
