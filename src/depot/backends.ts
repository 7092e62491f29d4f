/**
 * From a location to the store that holds it, with the cache in front of what is remote. Each service, bucket and
 * wrapped store is made once per settings.
 */
import type { CachedStore, OutboxUse } from "../cache/index.ts";
import { EntrepotError } from "../error/index.ts";
import { withNetworkSwitch } from "../net/index.ts";
import {
  type BucketStore,
  type HttpStoreOptions,
  type ObjectStore,
  openHttpStore,
  openS3Service,
  type S3Event,
  type S3Service,
} from "../store/index.ts";
import type { HttpLocation, Location, S3Location } from "../uri/index.ts";
import { formatUri } from "../uri/index.ts";
import { type BoundService, boundService } from "./bound-service.ts";
import type { Place } from "./context.ts";
import { lateTransport } from "./late-transport.ts";
import type { S3Options } from "./options.ts";
import { readerOf } from "./reader-of.ts";
import { noteFailure } from "./reads/seen-failure.ts";
import { keptUri } from "./reads/seen-object.ts";
import type { Naming } from "./reads/watched-calls.ts";
import { watchedCache, watchedFiles, watchedStore } from "./reads/watched-store.ts";
import { bucketOptions, caFileOf, s3Access } from "./s3-settings.ts";
import type { Session } from "./session.ts";
import type { Settings } from "./settings.ts";

/** Requests for one large object at once. */
const partsInFlight = 8;

interface Wrapped {
  readonly store: ObjectStore;
  readonly bucket: BucketStore | undefined;
  readonly cached: CachedStore | undefined;
  readonly service?: BoundService | undefined;
  readonly origin?: string | undefined;
}

export class Backends {
  readonly #session: Session;
  readonly #settings: Settings;
  readonly #warn: (error: EntrepotError) => void;
  readonly #opening = new Map<string, Promise<Wrapped>>();
  readonly #open = new Map<string, Wrapped>();
  readonly #files: Wrapped;
  readonly #memory: Wrapped;

  constructor(session: Session, settings: Settings, warn: (error: EntrepotError) => void) {
    this.#session = session;
    this.#settings = settings;
    this.#warn = warn;
    this.#files = bare(watchedFiles(session.files));
    const origin = session.memoryName;
    const memory = watchedStore(session.memory, { uriOf: (key) => formatUri({ scheme: "memory", key }), origin });
    this.#memory = { ...bare(memory), origin };
  }

  /** At once where the store is open already: small reads are counted in microseconds. */
  place(location: Location): Place | Promise<Place> {
    this.#session.assertOpen();
    switch (location.scheme) {
      case "file":
        return new PlaceAt(location, this.#files, location.path.slice(1), undefined);
      case "memory":
        return new PlaceAt(location, this.#memory, location.key, undefined);
      case "s3": {
        const { bucket, key, versionId } = location;
        if (bucket === "") throw accountOnly();
        const opened = this.#open.get(bucket);
        if (opened !== undefined) return new PlaceAt(location, opened, key, versionId);
        return this.#once(bucket, () => this.#s3(location)).then(
          (wrapped) => new PlaceAt(location, wrapped, key, versionId),
          (error: unknown) => {
            noteFailure(formatUri(location), undefined, error);
            throw error;
          },
        );
      }
      case "http":
      case "https": {
        const { origin, key } = splitUrl(location);
        return this.#once(origin, () => this.#http(origin)).then(
          (wrapped) => new PlaceAt(location, wrapped, key, undefined),
        );
      }
    }
  }

  async originOf(locations: readonly Location[]): Promise<string | undefined> {
    const origins = await Promise.all(
      locations.map(async (location) => {
        if (location.scheme !== "s3" || location.bucket !== "") return (await this.place(location)).origin;
        return boundService(await this.#service(this.#settings.s3), "", this.#settings.s3).origin;
      }),
    );
    const named = [...new Set(origins.filter((origin) => origin !== undefined))];
    return named.length === 0 ? undefined : named.join(" and ");
  }

  async buckets(
    signal: AbortSignal | undefined,
  ): Promise<readonly { readonly name: string; readonly createdMs: number }[]> {
    return (await this.#service(this.#settings.s3)).listBuckets({ signal });
  }

  /** A failed opening is not remembered, so that a corrected profile works at the next call. */
  #once(name: string, open: () => Promise<Wrapped>): Promise<Wrapped> {
    let wrapped = this.#opening.get(name);
    if (wrapped === undefined) {
      wrapped = open();
      this.#opening.set(name, wrapped);
      wrapped.then(
        (opened) => this.#open.set(name, opened),
        () => this.#opening.delete(name),
      );
    }
    return wrapped;
  }

  async #s3(location: S3Location): Promise<Wrapped> {
    const options = bucketOptions(this.#settings, location.bucket);
    const service = await this.#service(options);
    const bucket = service.bucket(location.bucket);
    const bound = boundService(service, location.bucket, options);
    const who = readerOf(options, this.#settings, service.anonymous);
    const outbox = this.#outbox(bound);
    const cached = this.#inFront(bucket, bound.identity, bound.endpoint, who, outbox);
    const uriOf = (key: string, versionId?: string) =>
      formatUri({ scheme: "s3", bucket: location.bucket, key, versionId });
    const { origin } = bound;
    return { ...watched(bucket, cached, { uriOf, origin }), bucket, service: bound, origin };
  }

  async #http(origin: string): Promise<Wrapped> {
    const { retry, onEvent } = this.#settings;
    // a query may be a signature, so events go without
    const tell = (event: HttpEvent) =>
      this.#tell(event, event.type === "retry" ? event.uri : `${origin}/${event.key.split("?", 1)[0]}`);
    const { clock } = this.#session;
    const { redirects } = this.#settings.reach;
    const transport = this.#transport();
    const store = openHttpStore({ origin, transport, clock, retry, redirects, onEvent: onEvent && tell });
    const cached = this.#inFront(store, ["http", origin], origin, "anyone");
    return { ...watched(store, cached, { uriOf: (key) => keptUri(`${origin}/${key}`) }), bucket: undefined };
  }

  #outbox({ terms, hasCustomerKey }: BoundService): OutboxUse {
    const { outbox: queues, onEvent } = this.#settings;
    return { queues, terms, hasCustomerKey, onQueued: (notice) => onEvent?.({ type: "queued", ...notice }) };
  }

  #inFront(
    store: ObjectStore,
    identity: readonly string[],
    origin: string,
    reader: string | undefined,
    outbox?: OutboxUse,
  ): CachedStore | undefined {
    const cache = this.#session.cache(this.#settings, this.#warn);
    const { cache: settings, network, onEvent } = this.#settings;
    if (cache === undefined || settings === false) return undefined;
    return cache.wrap(store, {
      identity,
      reader,
      network,
      maxAgeMs: settings.maxAgeMs,
      outbox,
      circuit: this.#session.circuit(origin).heardBy((change) => {
        if (change.state === "unreachable") onEvent?.({ type: "unreachable", uri: undefined, origin });
        else onEvent?.({ type: "reachable", uri: undefined, origin, awayMs: change.awayMs });
      }),
      onStale: ({ uri, ageMs }) => onEvent?.({ type: "stale", uri, ageMs }),
    });
  }

  #service(options: S3Options): Promise<S3Service> {
    const { retry, onEvent, network, concurrency, memoryBytes, reach } = this.#settings;
    const { credentials, ...named } = options;
    // what holds for all depots of a session, such as its environment, need not be named
    const name = JSON.stringify([named, retry, network, concurrency, memoryBytes, reach]);
    return this.#session.service(name, [onEvent, credentials], () => this.#openService(options));
  }

  async #openService(options: S3Options): Promise<S3Service> {
    const { disk, clock } = this.#session;
    let transport = this.#transport();
    // Whoever gives credentials is reached as the bucket is; only the files tell which certificates that takes.
    const late = lateTransport(() => transport);
    const access = await s3Access(options, this.#settings, { disk, transport: late, clock });
    transport = this.#transport(caFileOf(access, this.#settings));
    const { retry, onEvent, concurrency, memoryBytes } = this.#settings;
    const buffers = this.#session.budget.within(memoryBytes);
    return openS3Service({
      ...access,
      transport,
      clock,
      retry,
      requesterPays: options.requesterPays,
      partsInFlight: Math.min(partsInFlight, concurrency),
      memory: buffers,
      expectedBucketOwner: options.expectedBucketOwner,
      sse: options.sse,
      payloadSigning: options.payloadSigning,
      allowInsecureEndpoint: options.allowInsecureEndpoint,
      uploads: { budget: buffers },
      onEvent: onEvent && ((event) => this.#tell(event, requestUri(event))),
    });
  }

  #transport(caFile = this.#settings.reach.caFile) {
    const { network, onEvent } = this.#settings;
    const transport = this.#session.transport(this.#settings, caFile).heardBy((change) => {
      const { origin, concurrency } = change;
      if (change.state === "slowed") onEvent?.({ type: "slowed", uri: undefined, origin, concurrency });
      else onEvent?.({ type: "recovered", uri: undefined, origin, concurrency, slowMs: change.slowMs });
    });
    return withNetworkSwitch(transport, network);
  }

  #tell(event: S3Event | HttpEvent, uri: string): void {
    const { onEvent } = this.#settings;
    if (event.type === "retry") {
      onEvent?.({ type: "retry", uri: event.uri, attempt: event.attempt, delayMs: event.delayMs });
      return;
    }
    const { method, origin, attempt, status = 0, failure, startedMs, ms, sentBytes, receivedBytes } = event;
    const told = { method, origin, attempt, status, failure, startedMs, ms, sentBytes, receivedBytes };
    onEvent?.({ type: "request", uri, ...told });
  }
}

type HttpEvent = Parameters<NonNullable<HttpStoreOptions["onEvent"]>>[0];

/** The object of an S3 request; encoded keys come from our own encoder, so they decode. */
function requestUri(event: S3Event): string {
  if (event.type === "retry") return event.uri;
  return event.bucket === undefined ? "s3://" : `s3://${event.bucket}/${decodeURIComponent(event.key)}`;
}

function accountOnly(): EntrepotError {
  return new EntrepotError("invalid-address", "s3:// names no bucket", {
    uri: "s3://",
    hint: 'write s3://bucket/key; s3:// itself can only be listed, with kind: "folder"',
  });
}

function watched(
  store: ObjectStore,
  cached: CachedStore | undefined,
  naming: Naming,
): Pick<Wrapped, "store" | "cached"> {
  return { store: watchedStore(store, naming), cached: cached && watchedCache(cached, naming) };
}

function bare(store: ObjectStore): Wrapped {
  return { store, bucket: undefined, cached: undefined };
}

/** The address is written out only when somebody wants to read it. */
class PlaceAt implements Place {
  readonly location: Location;
  readonly store: ObjectStore;
  readonly bucket: BucketStore | undefined;
  readonly cached: CachedStore | undefined;
  readonly key: string;
  readonly versionId: string | undefined;
  readonly service: BoundService | undefined;
  readonly origin: string | undefined;

  constructor(
    location: Location,
    { store, bucket, cached, service, origin }: Wrapped,
    key: string,
    versionId: string | undefined,
  ) {
    this.location = location;
    this.store = store;
    this.bucket = bucket;
    this.cached = cached;
    this.key = key;
    this.versionId = versionId;
    this.service = service;
    this.origin = origin;
  }

  get uri(): string {
    return formatUri(this.location);
  }
}

function splitUrl({ url }: HttpLocation): { readonly origin: string; readonly key: string } {
  const { origin } = new URL(url);
  return { origin, key: url.slice(origin.length + 1) };
}
