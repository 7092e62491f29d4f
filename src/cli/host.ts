/** What a command line needs of the process that runs it, so that a test can be one. */
import type { Sink } from "./sink.ts";

/** The process, as far as a command sees it. */
export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly workingFolder: string;
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** How long a command that was interrupted may take to end, milliseconds. Default 1,500. */
  readonly allowEnding?: ((ms: number) => void) | undefined;
}
