/** What `entrepot serve` starts. */
import type { ServerCredentials } from "./auth/credentials.ts";
import { checkCredentials, checkSettings } from "./check-settings.ts";
import type { Fault } from "./faults/fault.ts";
import type { S3Fixtures } from "./fixtures/fixture.ts";
import { loadFixtures } from "./fixtures/load-fixtures.ts";
import type { PersonalityName } from "./personality/description.ts";
import { defaultRegion } from "./regions.ts";
import type { RecordedRequest } from "./request-log.ts";
import { type RunningS3Server, startServer } from "./s3-server.ts";
import { openStorage } from "./storage/open-storage.ts";
import { type CaFile, writeCaFile } from "./tls/ca-file.ts";
import type { TlsCertificate } from "./tls/listener.ts";

export interface ServeOptions {
  /** Default `127.0.0.1`. */
  readonly host?: string | undefined;
  /** Default 0: a free one. */
  readonly port?: number | undefined;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Users of the account, who may do what policies of buckets allow; each has a name, `user`. */
  readonly users?: readonly ServerCredentials[] | undefined;
  /** Keep everything in this folder; default: in memory. */
  readonly dir?: string | undefined;
  /** Serve unsigned requests, too. Default false. */
  readonly anonymous?: boolean | undefined;
  /** The S3-compatible store as which it behaves. Default `aws`. */
  readonly personality?: PersonalityName | undefined;
  /** Made at the start when they are not there. */
  readonly buckets?: readonly string[] | undefined;
  /** Objects to begin with: by address, or the path of a folder with one folder for each bucket. */
  readonly fixtures?: S3Fixtures | string | undefined;
  /** Where buckets are made that name no region. Default `us-east-1`. */
  readonly region?: string | undefined;
  /** Refuse signatures for other regions. Default false. */
  readonly strictRegion?: boolean | undefined;
  /** Names under which `BUCKET.name` is a bucket. Default `["localhost"]`. */
  readonly domains?: readonly string[] | undefined;
  /** Serve https: `true` makes a certificate for localhost. Default false. */
  readonly tls?: boolean | TlsCertificate | undefined;
  /** Spoil requests from the first one on; values or lines. */
  readonly faults?: readonly (Fault | string)[] | undefined;
  /** Of every chance in faults. A whole number. Default 1. */
  readonly seed?: number | undefined;
  /** Called with each request when it has been answered. */
  readonly log?: ((record: RecordedRequest) => void) | undefined;
  /** Told of failures that are this server's own. */
  readonly onInternalError?: ((error: unknown) => void) | undefined;
}

const optionNames: ReadonlySet<string> = new Set<keyof ServeOptions>([
  "host",
  "port",
  "accessKeyId",
  "secretAccessKey",
  "users",
  "dir",
  "anonymous",
  "personality",
  "buckets",
  "fixtures",
  "region",
  "strictRegion",
  "domains",
  "tls",
  "faults",
  "seed",
  "log",
  "onInternalError",
]);

/** One with all that a client needs to be told. */
export interface ServedS3Server extends Pick<RunningS3Server, "endpoint" | "port" | "storage" | "inject" | "close"> {
  /** A file with the authority to trust: `ca.pem` in `dir`, else a temporary one, gone after `close`. Undefined without TLS. */
  readonly caFile: string | undefined;
}

/**
 * Starts it; ends with `close()`. Rejects with what `listen` says, e.g. EADDRINUSE, with the disk's errors, and with
 * TypeError for options that make no sense.
 */
export async function serve(options: ServeOptions): Promise<ServedS3Server> {
  checkSettings("serve()", options, optionNames);
  const { accessKeyId, secretAccessKey, users = [], dir, fixtures, faults = [], log, ...rest } = options;
  checkCredentials("the options of serve()", { accessKeyId, secretAccessKey });
  const server = await startServer({
    ...rest,
    storage: await openStorage(dir),
    credentials: [{ accessKeyId, secretAccessKey }, ...users],
    onAnswer: log,
  });
  let caFile: CaFile | undefined;
  const close = async () => {
    await server.close();
    await caFile?.remove();
  };
  try {
    const target = { storage: server.storage, region: options.region ?? defaultRegion, now: server.now };
    if (fixtures !== undefined) await loadFixtures(target, "fixtures", fixtures);
    server.inject(...faults);
    if (server.ca !== undefined) caFile = await writeCaFile(server.ca, dir);
  } catch (error) {
    await close();
    throw error;
  }
  const { endpoint, port, storage, inject } = server;
  return { endpoint, port, storage, inject, close, caFile: caFile?.path };
}
