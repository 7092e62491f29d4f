/** What `entrepot serve` starts. */
import { checkCredentials, checkSettings } from "./check-settings.ts";
import type { PersonalityName } from "./personality/description.ts";
import type { RecordedRequest } from "./request-log.ts";
import { type RunningS3Server, startServer } from "./s3-server.ts";
import { openStorage } from "./storage/open-storage.ts";

export interface ServeOptions {
  /** Default `127.0.0.1`. */
  readonly host?: string | undefined;
  /** Default 0: a free one. */
  readonly port?: number | undefined;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Keep everything in this folder; default: in memory. */
  readonly dir?: string | undefined;
  /** Serve unsigned requests, too. Default false. */
  readonly anonymous?: boolean | undefined;
  /** The S3-compatible store as which it behaves. Default `aws`. */
  readonly personality?: PersonalityName | undefined;
  /** Made at the start when they are not there. */
  readonly buckets?: readonly string[] | undefined;
  /** Called with each request when it has been answered. */
  readonly log?: ((record: RecordedRequest) => void) | undefined;
  /** Told of failures that are this server's own. */
  readonly onInternalError?: ((error: unknown) => void) | undefined;
}

const optionNames: ReadonlySet<string> = new Set<keyof ServeOptions>([
  ...(["host", "port", "accessKeyId", "secretAccessKey", "dir", "anonymous", "personality", "buckets"] as const),
  ...(["log", "onInternalError"] as const),
]);

/**
 * Starts it; ends with `close()`. Rejects with what `listen` says, e.g. EADDRINUSE, with the disk's errors, and with
 * TypeError for options that make no sense.
 */
export async function serve(options: ServeOptions): Promise<RunningS3Server> {
  checkSettings("serve()", options, optionNames);
  const { accessKeyId, secretAccessKey, dir, log, ...rest } = options;
  checkCredentials("the options of serve()", { accessKeyId, secretAccessKey });
  return await startServer({
    ...rest,
    storage: await openStorage(dir),
    credentials: [{ accessKeyId, secretAccessKey }],
    onAnswer: log,
  });
}
