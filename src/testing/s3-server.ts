/**
 * The strict S3 server for tests: one line starts it in this process on a free port of 127.0.0.1, its log is there to
 * assert on, its faults are scripted. In memory unless a folder is given.
 */
import {
  type BucketSetting,
  checkSettings,
  defaultRegion,
  type Fault,
  loadFixtures,
  loadFolder,
  MemoryStorage,
  openStorage,
  type PersonalityName,
  type RecordedRequest,
  type RunningS3Server,
  type S3Fixtures,
  type ServerClock,
  type ServerCredentials,
  startServer,
  type TlsCertificate,
  writeCaFile,
} from "../server/index.ts";
import { type RequestLog, requestLog } from "./request-log.ts";
import type { RequestSelector } from "./request-match.ts";
import { RequestWatch, type WaitOptions } from "./request-watch.ts";
import { type StoredObject, storedObjects } from "./stored-object.ts";

export interface S3ServerOptions {
  /** Default 0: a free one. */
  readonly port?: number | undefined;
  /** Keep everything in this folder. Default: in memory. */
  readonly dir?: string | undefined;
  /** Made at the start; in `region`, or in one of their own: `{ name, region }`. */
  readonly buckets?: readonly BucketSetting[] | undefined;
  /** Objects to begin with: by address, or the path of a folder with one folder for each bucket. */
  readonly fixtures?: S3Fixtures | string | undefined;
  /** Whom it knows. Default: `test` with the secret `test`. */
  readonly credentials?: ServerCredentials | undefined;
  /**
   * Users of the account, besides `credentials`, which are those of its root. They may do what policies of buckets allow, and
   * are named there by `arn:aws:iam::123456789012:user/NAME`.
   */
  readonly users?: readonly S3ServerUser[] | undefined;
  /** Let unsigned requests do everything. Default false: they may do what policies of buckets allow. */
  readonly anonymous?: boolean | undefined;
  /** Where buckets are made, and what `options` say. Default `us-east-1`. */
  readonly region?: string | undefined;
  /**
   * Refuse signatures for other regions, and send requests for buckets elsewhere on, with 301 and the region, as AWS does. A
   * host like `s3.eu-west-1.localhost` is the endpoint of that region, any other takes the server's region and the bucket's.
   * Default false.
   */
  readonly strictRegion?: boolean | undefined;
  /** The S3-compatible store as which it behaves: the same calls, that one's refusals and oddities. Default `aws`. */
  readonly personality?: PersonalityName | undefined;
  /** Serve https: `true` makes a certificate for localhost, and `options` trust it. Or one of your own. Default false. */
  readonly tls?: boolean | TlsCertificate | undefined;
  /** The server's clock, milliseconds since 1970. Default that of `clock`. */
  readonly now?: (() => number) | undefined;
  /** What the delays of faults wait by, e.g. a `virtualClock()`. Default: real time. */
  readonly clock?: ServerClock | undefined;
  /** Of every chance in faults: the same seed and the same requests in the same order meet the same faults. A whole number. Default 1. */
  readonly seed?: number | undefined;
}

/** A user whom policies may let in. */
export interface S3ServerUser {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** At most 64 letters, digits and `+=,.@_-`. */
  readonly user: string;
}

/** What a client needs to be told; spread it into `entrepot()`. */
export interface S3ClientOptions {
  readonly endpoint: string;
  readonly region: string;
  readonly addressing: "path";
  /** What a client knows of them: not when they end, nor whose they are. */
  readonly credentials: Pick<ServerCredentials, "accessKeyId" | "secretAccessKey" | "sessionToken">;
  /** Over TLS: a file with the authority to trust. */
  readonly caFile?: string | undefined;
}

/** The queries are over every request since the start, the last `clearRequests` or the last `reset`. */
export interface S3Server extends AsyncDisposable, RequestLog {
  /** `http://127.0.0.1:PORT`; with `https:` under `tls`. */
  readonly endpoint: string;
  readonly credentials: ServerCredentials;
  readonly options: S3ClientOptions;
  /** Under `tls`: the certificate of the authority to trust, in PEM form, for clients that take it as text. */
  readonly ca: string | undefined;
  /**
   * Stores more objects, past the network and the log, under the checks of a PUT. One folder: see `S3ServerOptions.fixtures`. Rejects
   * with TypeError for what S3 would refuse, and with the errors of the disk.
   */
  load(fixtures: S3Fixtures | string): Promise<void>;
  /** Stores the files of a folder below `bucket/prefix` (`s3://` may stand before it). Links in it are a TypeError. */
  load(address: string, folder: string): Promise<void>;
  /** What a bucket holds now, by key, in the keys' order. Error: RangeError when there is no such bucket. */
  objects(bucket: string): ReadonlyMap<string, StoredObject>;
  /** What is stored now is what `reset` goes back to. Error: TypeError for a server with a folder. */
  snapshot(): void;
  /**
   * Back to the last `snapshot`, else to the start with its fixtures: objects, uploads and buckets; log and faults are
   * emptied. Requests under way change nothing any more. Error: TypeError for a server with a folder.
   */
  reset(): void;
  /** The requests that came while `run` ran. Rejects as it does. */
  during(run: () => unknown): Promise<RequestLog>;
  /**
   * The first request that matches, or the one that makes their number `times`: from the log at once, else as soon as it
   * comes, without polling; one with a status as soon as that is answered. Rejects with the signal's reason, and with
   * an Error when the server closes. Without a signal it waits as long as the test runs.
   */
  waitFor(selector: RequestSelector, options?: WaitOptions): Promise<RecordedRequest>;
  /** Empties `requests`. */
  clearRequests(): void;
  /** Failures of the server itself, each answered as InternalError: always empty unless it has a defect. */
  readonly internalErrors: readonly unknown[];
  /**
   * Spoils requests to come; see `Fault`, or write a line: `inject("GET data/** 503 SlowDown x3")`. Error: TypeError for a
   * fault that could never do anything, e.g. for a misspelt one; none of the call's faults is taken then.
   */
  inject(...faults: readonly (Fault | string)[]): void;
  /**
   * The injected faults that no request has met as often as they ask for: a test that means its faults asserts that this
   * is empty. One with `times: Infinity` leaves it with the first request that it spoils; rates, and what is left to chance
   * for good, are never in it. A fault leaves it with its request even when the answer was too short for it, e.g. when it
   * cuts after the last byte.
   */
  readonly pendingFaults: readonly Fault[];
  /** Ends all connections at once. */
  close(): Promise<void>;
}

const optionNames: ReadonlySet<string> = new Set<keyof S3ServerOptions>([
  "port",
  "dir",
  "buckets",
  "fixtures",
  "credentials",
  "users",
  "anonymous",
  "region",
  "strictRegion",
  "personality",
  "tls",
  "now",
  "clock",
  "seed",
]);

function clientsPart({
  accessKeyId,
  secretAccessKey,
  sessionToken,
}: ServerCredentials): S3ClientOptions["credentials"] {
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}

/**
 * Starts one; resolves when it listens. Rejects with TypeError for options that make no sense, with what `listen` says,
 * e.g. EADDRINUSE, and with the errors of the folder.
 */
export async function startS3Server(options: S3ServerOptions = {}): Promise<S3Server> {
  checkSettings("startS3Server()", options, optionNames);
  const credentials = options.credentials ?? { accessKeyId: "test", secretAccessKey: "test" };
  const region = options.region ?? defaultRegion;
  const internalErrors: unknown[] = [];
  const watch = new RequestWatch();
  const storage = options.dir === undefined ? new MemoryStorage() : await openStorage(options.dir);
  const server = await startServer({
    storage,
    credentials: [credentials, ...(options.users ?? [])],
    port: options.port,
    buckets: options.buckets,
    anonymous: options.anonymous,
    strictRegion: options.strictRegion,
    personality: options.personality,
    tls: options.tls,
    now: options.now,
    clock: options.clock,
    seed: options.seed,
    region,
    onRequest: (record) => watch.add(record),
    onOperation: (record) => watch.changed(record),
    onAnswer: (record) => watch.changed(record),
    onInternalError: (error) => internalErrors.push(error),
  });
  const target = () => ({ storage: server.storage, region, now: server.now });
  const caFile = await prepare(server, async () => {
    if (options.fixtures !== undefined) await loadFixtures(target(), "fixtures of startS3Server()", options.fixtures);
    return server.ca === undefined ? undefined : await writeCaFile(server.ca);
  });
  let kept = storage instanceof MemoryStorage ? storage.fork() : undefined;
  const close = async () => {
    watch.end();
    await server.close();
    await caFile?.remove();
  };
  return {
    endpoint: server.endpoint,
    credentials,
    options: {
      endpoint: server.endpoint,
      region,
      addressing: "path",
      credentials: clientsPart(credentials),
      ...(caFile === undefined ? {} : { caFile: caFile.path }),
    },
    ca: server.ca,
    ...requestLog(watch.requests),
    during: (run) => watch.during(run),
    waitFor: (selector, waiting) => watch.waitFor(selector, waiting),
    internalErrors,
    clearRequests: () => watch.clear(),
    load: (given: S3Fixtures | string, folder?: string) =>
      folder === undefined
        ? loadFixtures(target(), "the fixtures of load()", given)
        : loadFolder(target(), "load()", given as string, folder),
    objects: (bucket) => storedObjects(server.storage, bucket),
    snapshot: () => {
      kept = inMemory(server, "snapshot").fork();
    },
    reset: () => {
      inMemory(server, "reset");
      if (kept !== undefined) server.useStorage(kept.fork());
      server.clearFaults();
      watch.clear();
    },
    inject: server.inject,
    get pendingFaults() {
      return server.pendingFaults;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** A server that cannot be prepared does not stay. */
async function prepare<T>(server: RunningS3Server, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    await server.close();
    throw error;
  }
}

function inMemory({ storage }: RunningS3Server, call: string): MemoryStorage {
  if (storage instanceof MemoryStorage) return storage;
  throw new TypeError(
    `${call}() is for a server in memory: leave \`dir\` out, or start another server for the next test`,
  );
}
