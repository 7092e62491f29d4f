/** The server as a whole: a socket that listens, a storage, a script of faults, a log. Loopback unless told otherwise. */
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { ServerCredentials } from "./auth/credentials.ts";
import { checkCredentials, checkSettings } from "./check-settings.ts";
import { serveExchange } from "./connection/exchange.ts";
import { RequestIds } from "./connection/request-ids.ts";
import { Turns } from "./connection/turns.ts";
import { type ServerClock, systemSleep } from "./faults/clock.ts";
import type { Fault } from "./faults/fault.ts";
import { FaultScript } from "./faults/fault-script.ts";
import { resetSocket } from "./faults/send-spoiled.ts";
import { Handler } from "./handler.ts";
import { type BucketSetting, makeBuckets } from "./make-buckets.ts";
import { conductOf } from "./personality/conduct.ts";
import type { PersonalityName } from "./personality/description.ts";
import { personalityNamed } from "./personality/personalities.ts";
import { defaultRegion } from "./regions.ts";
import { hostRules } from "./request/address.ts";
import type { RecordedRequest } from "./request-log.ts";
import type { Storage } from "./storage/storage.ts";
import { createListener, type Listener, type TlsCertificate } from "./tls/listener.ts";

export interface S3ServerSettings {
  readonly storage: Storage;
  readonly credentials: readonly ServerCredentials[];
  /** Default `127.0.0.1`. */
  readonly host?: string | undefined;
  /** Default 0: a free one. */
  readonly port?: number | undefined;
  /** Let unsigned requests do everything. Default false: they may do what policies of buckets allow. */
  readonly anonymous?: boolean | undefined;
  /** Made at the start when they are not there. */
  readonly buckets?: readonly BucketSetting[] | undefined;
  /** Where buckets are made that name no region. Default `us-east-1`. */
  readonly region?: string | undefined;
  /** Refuse signatures for other regions, see `regions.ts`. Default false: a local server is in every region. */
  readonly strictRegion?: boolean | undefined;
  /** The S3-compatible store as which it behaves, with that one's refusals and oddities. Default `aws`. */
  readonly personality?: PersonalityName | undefined;
  /**
   * Names under which `BUCKET.name` is a bucket, and `s3.REGION.name` the endpoint of a region. Default `["localhost"]`.
   */
  readonly domains?: readonly string[] | undefined;
  /** Host names that are buckets of the same name, as by a CNAME. Default none. */
  readonly customDomains?: readonly string[] | undefined;
  /** Serve https: `true` makes a certificate for localhost and an authority that vouches for it. Default false. */
  readonly tls?: boolean | TlsCertificate | undefined;
  /** Milliseconds since 1970. Default that of `clock`. */
  readonly now?: (() => number) | undefined;
  /** What delays wait by. Default: real time. */
  readonly clock?: ServerClock | undefined;
  /** Of every chance in faults: the same seed and the same requests in the same order meet the same faults. A whole number. Default 1. */
  readonly seed?: number | undefined;
  /** Called with each request as it arrives; the record fills up until the answer is out. */
  readonly onRequest?: ((record: RecordedRequest) => void) | undefined;
  /** Called when it is known what it asks for: its signature was right. */
  readonly onOperation?: ((record: RecordedRequest) => void) | undefined;
  /** Called when a record is complete. */
  readonly onAnswer?: ((record: RecordedRequest) => void) | undefined;
  /** Told of failures that are this server's own, answered as InternalError. */
  readonly onInternalError?: ((error: unknown) => void) | undefined;
}

/** One that listens. */
export interface RunningS3Server {
  /** `http://127.0.0.1:PORT`. */
  readonly endpoint: string;
  readonly port: number;
  /** Its clock; milliseconds since 1970. */
  readonly now: () => number;
  /** The authority behind its certificate, in PEM form; undefined without TLS, or when clients know it already. */
  readonly ca: string | undefined;
  /** The one that requests find now. */
  readonly storage: Storage;
  /** Another one from the next request on; those under way end on the one they began with. */
  useStorage(storage: Storage): void;
  /** Spoils requests to come; text is one line as `parseFaults` reads it. Error: TypeError for a fault that could never do anything. */
  inject(...faults: readonly (Fault | string)[]): void;
  /** Faults that still wait for a request; see `S3Server.pendingFaults`. */
  readonly pendingFaults: readonly Fault[];
  /** Forgets all faults. */
  clearFaults(): void;
  /** Ends all connections, waits for changes under way. Twice is as good as once. */
  close(): Promise<void>;
}

const settingNames: ReadonlySet<keyof S3ServerSettings> = new Set([
  "storage",
  "credentials",
  "host",
  "port",
  "anonymous",
  "buckets",
  "region",
  "strictRegion",
  "personality",
  "domains",
  "customDomains",
  "tls",
  "now",
  "clock",
  "seed",
  "onRequest",
  "onOperation",
  "onAnswer",
  "onInternalError",
]);

/**
 * Rejects with what `listen` says, e.g. EADDRINUSE, and with TypeError for settings that make no sense. The storage is
 * the server's: closed with it, and when it cannot start.
 */
export async function startServer(settings: S3ServerSettings): Promise<RunningS3Server> {
  const { credentials: accepted, ...others } = settings;
  checkSettings("startServer()", others, settingNames);
  for (const one of accepted) checkCredentials("credentials of startServer()", one);
  if (new Set(accepted.map(({ accessKeyId }) => accessKeyId)).size < accepted.length) {
    throw new TypeError("no two credentials have the same accessKeyId: a user's is not that of the root");
  }
  const conduct = conductOf(personalityNamed(settings.personality ?? "aws"));
  const { region = defaultRegion, host = "127.0.0.1", domains = ["localhost"] } = settings;
  let { storage } = settings;
  /** As the operations find it. */
  let found = conduct?.stores(storage) ?? storage;
  const { clock } = settings;
  const now = settings.now ?? (clock === undefined ? Date.now : () => clock.now());
  const faults = new FaultScript(clock ?? { now, sleep: systemSleep }, settings.seed ?? 1);
  const auth = {
    credentials: settings.credentials,
    anonymous: settings.anonymous ?? false,
    region: undefined,
  };
  const hosts = hostRules(domains, settings.customDomains);
  const handler = new Handler({
    auth,
    conduct,
    get storage() {
      return found;
    },
    region,
    regions: { home: region, strict: settings.strictRegion ?? false, hosts },
    faults,
    onOperation: settings.onOperation ?? (() => undefined),
    onInternalError: settings.onInternalError ?? (() => undefined),
  });
  const turns = new Turns();
  let listener: Listener;
  try {
    listener = await createListener({ tls: settings.tls ?? false, host, domains });
    serveRequests(listener.server, handler, settings, now, turns);
    listener.server.on("connection", (socket) => {
      if (!faults.idle && faults.refusesConnection()) resetSocket(socket);
    });
    await makeBuckets(found, settings.buckets ?? [], { region, createdMs: now() });
    await listen(listener.server, settings.port ?? 0, host);
  } catch (error) {
    // A folder is of no server that does not run.
    await storage.close();
    throw error;
  }
  const { server: http, scheme, ca } = listener;
  const address = http.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  let closing: Promise<void> | undefined;
  return {
    endpoint: `${scheme}://${host.includes(":") ? `[${host}]` : host}:${port}`,
    port,
    now,
    ca,
    get storage() {
      return storage;
    },
    useStorage: (next) => {
      storage = next;
      found = conduct?.stores(next) ?? next;
    },
    inject: (...more) => faults.inject(more),
    clearFaults: () => faults.clear(),
    get pendingFaults() {
      return faults.pending;
    },
    close: () => {
      closing ??= closeServer(http, turns, storage);
      return closing;
    },
  };
}

function listen(http: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once("error", reject);
    http.listen(port, host, () => {
      http.off("error", reject);
      resolve();
    });
  });
}

function serveRequests(
  server: Server,
  handler: Handler,
  settings: S3ServerSettings,
  now: () => number,
  turns: Turns,
): void {
  // Node drops what is above its usual count without a word: a condition may be among them. The size is limit enough.
  server.maxHeadersCount = 0;
  const { onRequest, onAnswer } = settings;
  const common = { handler, now, ids: new RequestIds(), onRequest, onAnswer };
  const exchange = (request: IncomingMessage, response: ServerResponse, awaitsContinue: boolean) =>
    turns.take(request, async () => {
      try {
        await serveExchange(request, response, awaitsContinue, common);
      } catch (error) {
        settings.onInternalError?.(error);
        response.destroy();
      }
    });
  server.on("request", (request, response) => exchange(request, response, false));
  server.on("checkContinue", (request, response) => exchange(request, response, true));
  server.on("clientError", async (_error, socket) => {
    // It must not be taken for the answer to a sound request that came before.
    await turns.rest(socket);
    if (socket.writable) socket.end("HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
    else socket.destroy();
  });
}

async function closeServer(http: Server, turns: Turns, storage: Storage): Promise<void> {
  const closed = new Promise<void>((resolve) => http.close(() => resolve()));
  http.closeAllConnections();
  await closed;
  // A body that had come whole is still put away: nobody may take over the storage before.
  await turns.end();
  await storage.close();
}
