/**
 * The strict S3 server for tests: one line starts it in this process on a free port of 127.0.0.1, its log is there to
 * assert on, its faults are scripted. In memory unless a folder is given.
 */
import {
  checkSettings,
  type Fault,
  openStorage,
  type PersonalityName,
  type RecordedRequest,
  type ServerCredentials,
  startServer,
} from "../server/index.ts";

export interface S3ServerOptions {
  /** Default 0: a free one. */
  readonly port?: number | undefined;
  /** Keep everything in this folder. Default: in memory. */
  readonly dir?: string | undefined;
  /** Made at the start. */
  readonly buckets?: readonly string[] | undefined;
  /** Whom it knows. Default: `test` with the secret `test`. */
  readonly credentials?: ServerCredentials | undefined;
  /** Serve unsigned requests, too. Default false. */
  readonly anonymous?: boolean | undefined;
  /** Where buckets are made, and what `options` say. Default `us-east-1`. */
  readonly region?: string | undefined;
  /** Refuse signatures for other regions. Default false. */
  readonly strictRegion?: boolean | undefined;
  /** The S3-compatible store as which it behaves: the same calls, that one's refusals and oddities. Default `aws`. */
  readonly personality?: PersonalityName | undefined;
  /** The server's clock, milliseconds since 1970. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/** What a client needs to be told; spread it into `entrepot()`. */
export interface S3ClientOptions {
  readonly endpoint: string;
  readonly region: string;
  readonly addressing: "path";
  readonly credentials: ServerCredentials;
}

export interface S3Server extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`. */
  readonly endpoint: string;
  readonly credentials: ServerCredentials;
  readonly options: S3ClientOptions;
  /** Every request since the start or the last `clearRequests`, in the order of arrival. */
  readonly requests: readonly RecordedRequest[];
  /** Empties `requests`. */
  clearRequests(): void;
  /** Failures of the server itself, each answered as InternalError: always empty unless it has a defect. */
  readonly internalErrors: readonly unknown[];
  /**
   * Spoils requests to come; see `Fault`. Error: TypeError for a fault that could never do anything, e.g. for a misspelt
   * one; none of the call's faults is taken then.
   */
  inject(...faults: readonly Fault[]): void;
  /**
   * The injected faults that no request has met as often as they ask for: a test that means its faults asserts that this
   * is empty. One with `times: Infinity` leaves it with the first request that it spoils. A fault leaves it with its
   * request even when the answer was too short for it, e.g. when it cuts after the last byte.
   */
  readonly pendingFaults: readonly Fault[];
  /** Ends all connections at once. */
  close(): Promise<void>;
}

const optionNames: ReadonlySet<string> = new Set<keyof S3ServerOptions>([
  ...(["port", "dir", "buckets", "credentials", "anonymous", "region", "strictRegion", "personality", "now"] as const),
]);

/**
 * Starts one; resolves when it listens. Rejects with TypeError for options that make no sense, with what `listen` says,
 * e.g. EADDRINUSE, and with the errors of the folder.
 */
export async function startS3Server(options: S3ServerOptions = {}): Promise<S3Server> {
  checkSettings("startS3Server()", options, optionNames);
  const credentials = options.credentials ?? { accessKeyId: "test", secretAccessKey: "test" };
  const region = options.region ?? "us-east-1";
  const requests: RecordedRequest[] = [];
  const internalErrors: unknown[] = [];
  const server = await startServer({
    storage: await openStorage(options.dir),
    credentials: [credentials],
    port: options.port,
    buckets: options.buckets,
    anonymous: options.anonymous,
    strictRegion: options.strictRegion,
    personality: options.personality,
    now: options.now,
    region,
    onRequest: (record) => requests.push(record),
    onInternalError: (error) => internalErrors.push(error),
  });
  return {
    endpoint: server.endpoint,
    credentials,
    options: { endpoint: server.endpoint, region, addressing: "path", credentials },
    requests,
    internalErrors,
    clearRequests: () => {
      requests.length = 0;
    },
    inject: server.inject,
    get pendingFaults() {
      return server.pendingFaults;
    },
    close: server.close,
    [Symbol.asyncDispose]: server.close,
  };
}
