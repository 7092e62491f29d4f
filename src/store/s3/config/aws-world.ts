/** The world outside, as far as settings and credentials need it: given, so that a test can make one up. Nothing here acts by itself. */
import type { Transport } from "../../../net/index.ts";
import type { Clock } from "../../retry-policy.ts";

export interface AwsWorld {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The text of a file; `undefined` when there is none. */
  readFile(path: string): Promise<string | undefined>;
  /** Replaces a file as a whole, readable by its owner only. */
  writePrivateFile(path: string, text: string): Promise<void>;
  /** Runs a program without a shell, to its end or `timeoutMs`. Errors: not-found, timeout, limit-exceeded, io. */
  run(command: readonly string[], options: RunOptions): Promise<RunResult>;
  /** Where `~` is. Default: `HOME` or `USERPROFILE` of `env`. */
  readonly homeDir?: string | undefined;
  /** By which providers ask: its proxy, its trust and its switch are theirs. */
  readonly transport: Transport;
  readonly clock: Clock;
}

export interface RunOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs: number;
}

/** How a program ended. */
export interface RunResult {
  /** `undefined` when a signal ended it. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}
