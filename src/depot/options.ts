/**
 * What a caller may say: when a depot is made, for a depot derived from it, and for one call. All closed and readonly;
 * every one may be passed on as `undefined`, except `ifMatch`, where that would overwrite silently.
 */
import type { EntrepotError, ErrorCode } from "../error/index.ts";
import type { ServerSideEncryption } from "../store/index.ts";
import type { FileResult, Progress, TransferPlan } from "../transfer/index.ts";
import type { CacheLimits } from "./cache/limits.ts";
import type { ByteSize, Duration } from "./units.ts";

/** A file or folder of this machine, from the working directory, never under a root. A `URL` must be `file:`. */
export type LocalPath = string | URL;
export type Awaitable<T> = T | PromiseLike<T>;

/** Keys of an identity. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  /** When they end, milliseconds since 1970; renewed before that when given as a function. */
  readonly expiresMs?: number | undefined;
}

/** One of anonymous, profile or credentials; two do not compile. None: whoever the AWS CLI would find. */
export type Identity =
  | { readonly anonymous: true; readonly profile?: never; readonly credentials?: never }
  | { readonly anonymous?: false | undefined; readonly profile?: string | undefined; readonly credentials?: undefined }
  | {
      readonly anonymous?: false | undefined;
      readonly profile?: undefined;
      readonly credentials: Credentials | (() => Promise<Credentials>);
    };

/** How an S3 store is reached. */
export type S3Options = Identity & {
  /** Default: environment, then profile, then `us-east-1`. */
  readonly region?: string | undefined;
  /** `https://…`, or `http://` on loopback. Default: AWS. */
  readonly endpoint?: string | undefined;
  /** Default: `"path"` with an endpoint of your own, else `"virtual"`. */
  readonly addressing?: "path" | "virtual" | undefined;
  /** Agree to pay for requests to others' buckets. Default false. */
  readonly requesterPays?: boolean | undefined;
  /** How what is written is encrypted: by S3's or KMS's keys, or (SSE-C) by a key that every read needs again. Default: as the bucket says. */
  readonly sse?: ServerSideEncryption | undefined;
  /** The account, 12 digits, that must own the bucket: another's is forbidden. Default: any. RangeError. */
  readonly expectedBucketOwner?: string | undefined;
  /**
   * What uploads carry for the server to check, and to keep for readers. `"auto"` (default): one on AWS, none elsewhere, where the
   * signature covers the bytes. Default also from `AWS_REQUEST_CHECKSUM_CALCULATION` and the profile.
   */
  readonly checksums?: "auto" | "off" | "CRC32" | "CRC32C" | "CRC64NVME" | "SHA1" | "SHA256" | undefined;
  /** Whether signatures cover the bytes. `"auto"` (default): everywhere but on AWS, where TLS and a checksum do. */
  readonly payloadSigning?: "auto" | "always" | "never" | undefined;
  /** Allow `http://` to other machines: credentials are signed, data is not encrypted. Default false. */
  readonly allowInsecureEndpoint?: boolean | undefined;
  /** AWS's hosts that have IPv6 addresses, too; misconfigured with an endpoint of your own. Default: `AWS_USE_DUALSTACK_ENDPOINT`, then profile, then false. */
  readonly dualStack?: boolean | undefined;
  /** AWS's hosts with certified cryptography; misconfigured with an endpoint of your own. Default: `AWS_USE_FIPS_ENDPOINT`, then profile, then false. */
  readonly fips?: boolean | undefined;
};

/** Limits are kept to after what a depot adds: sizes and numbers at once, ages when a server has answered and once an hour. Default: none. */
export interface CacheOptions extends CacheLimits {
  /** Default `ENTREPOT_CACHE_DIR`, else `$XDG_CACHE_HOME/entrepot`, else `~/.cache/entrepot`. */
  readonly dir?: LocalPath | undefined;
  /** Permission bits of the files, `0o400` to `0o777`; folders get x where r is. Default `0o600`; a team's cache `0o660`. RangeError. */
  readonly mode?: number | undefined;
  /** For how long a copy is trusted without asking the server. Default 0: one conditional request per read. */
  readonly maxAge?: Duration | undefined;
}

/** Where bare names lie: a URI or local folder, or one for reading and one for writing. */
export type Root = string | URL | { readonly read: string | URL; readonly write: string | URL };

export interface Runtime {
  /** `false`: nothing is kept on this disk. */
  readonly cache?: CacheOptions | false | undefined;
  /** `"auto"` (default) falls back on local copies when the network is gone, `"online"` never does, `"offline"` sends no packet. */
  readonly network?: "auto" | "online" | "offline" | undefined;
  /**
   * Whether writes and removals of single S3 objects wait on this disk while the server is out of reach: all with `network: "offline"`,
   * those that find nobody with `"auto"`, none with `"online"`. `offline.push()` sends them, each only where the server still has what
   * its writer knew. They wait in the cache's folder, so not with `cache: false`. Default `ENTREPOT_OUTBOX`, else false.
   */
  readonly outbox?: boolean | undefined;
  /**
   * `http://host:port` or `https://host:port` of a proxy, with `user:password@` before the host where it wants them; `false`: none.
   * Never asked for this machine or for what `NO_PROXY` names. Default: `https_proxy`, `HTTPS_PROXY`, `all_proxy`, `ALL_PROXY` for
   * https and `http_proxy`, `HTTP_PROXY`, `all_proxy`, `ALL_PROXY` for http, the first that is set. Error: misconfigured.
   */
  readonly proxy?: string | false | undefined;
  /**
   * A file with certificates in PEM form that are trusted beside Node's own. Default: `AWS_CA_BUNDLE`, then `ca_bundle` of the
   * profile. Read before the first request: misconfigured when it is missing or holds no certificate.
   */
  readonly caFile?: LocalPath | undefined;
  /** Where redirects of `http:` and `https:` addresses may lead: the same scheme, host and port, or anywhere but from https to http. Default `ENTREPOT_REDIRECTS`, else `"same-host"`. */
  readonly redirects?: "same-host" | "any" | undefined;
  /** Tries of a request in all, from 1 (default 10), and the time from the first try to the start of the last (default `"3m"`). RangeError. */
  readonly retries?: { readonly attempts?: number | undefined; readonly budget?: Duration | undefined } | undefined;
  /**
   * Requests in flight per origin, 1 to 99,999; a server that answers SlowDown (503, 429) gets fewer until it bears more. Default
   * `ENTREPOT_CONCURRENCY`, else 32. RangeError.
   */
  readonly concurrency?: number | undefined;
  /**
   * What large bodies on their way up, large reads that want their bytes in order (streams) and files that are read piece by piece may
   * hold together, shared by derived depots. Beyond it a body goes up one part of 8 MiB at a time, a read has one connection, and files
   * come in pieces of 64 KiB; nothing waits. Not counted: values that a call
   * gives or takes whole, and small copies, which hold up to 1 MiB per object in flight. Default `ENTREPOT_MEMORY`, else `"96MiB"`.
   */
  readonly memory?: ByteSize | undefined;
  /** Told of requests, retries, stale copies, queued changes and warnings as they happen. Default: warnings go once each to `process.emitWarning`. */
  readonly onEvent?: ((event: DepotEvent) => void) | undefined;
}

export type EntrepotOptions<L extends string = string> = S3Options &
  Runtime & {
    /** Where bare names lie, by location. Default: `ENTREPOT_ROOT_<NAME>`; without a root, the working folder. */
    readonly roots?: Readonly<Record<L, Root>> | undefined;
    /** Which root bare names lie under. Default `ENTREPOT_LOCATION`, else `local`. */
    readonly location?: NoInfer<L> | undefined;
    /** Settings of single buckets; `*` in a name stands for anything: `{ "noaa-*": { anonymous: true } }`. */
    readonly buckets?: Readonly<Record<string, S3Options>> | undefined;
    /** Default `process.env`; read once. */
    readonly env?: Readonly<Record<string, string | undefined>> | undefined;
    /** Default `ENTREPOT_ENV_FILE`, else `~/.entrepot.env` where it exists. */
    readonly envFile?: LocalPath | false | undefined;
  };

/** What `with` may change; `signal` is joined to that of each call. */
export type Overrides<L extends string> = S3Options &
  Runtime & {
    /** Another of the roots. Error: misconfigured. */
    readonly location?: L | undefined;
    /** A root for this depot alone; stands before those of the locations. */
    readonly root?: Root | undefined;
    /** Ends every call of this depot. */
    readonly signal?: AbortSignal | undefined;
  };

/**
 * What happens inside, told as it happens, in the async context of the call that it belongs to. Narrow it by `type`. A listener that
 * throws breaks nothing: it is a process warning, once.
 */
export type DepotEvent = {
  readonly uri: string | undefined;
} /** What was known was given because nothing could be asked: a copy, what a record says, a pinned listing. */ & (
  | { readonly type: "stale"; readonly ageMs: number }
  | {
      readonly type: "queued";
      /** As `offline.outbox()` names it. */
      readonly id: string;
      /** What waits from now on; `"read"`: a read was given what waits, which is not what the server has. */
      readonly operation: "write" | "remove" | "read";
    }
  /** A server does not answer any more, and what is known stands in for it. `origin` as in `request`, for AWS the name of its partition. */
  | { readonly type: "unreachable"; readonly origin: string }
  /** It answers again, so everything is asked again; `awayMs` since the first try that failed. */
  | { readonly type: "reachable"; readonly origin: string; readonly awayMs: number }
  /** A server said that it is asked too much: from now on at most `concurrency` requests are on their way to it. `origin` as in `request`. */
  | { readonly type: "slowed"; readonly origin: string; readonly concurrency: number }
  /** It bears as many as ever; `slowMs` since it first said so. */
  | { readonly type: "recovered"; readonly origin: string; readonly concurrency: number; readonly slowMs: number }
  | { readonly type: "warning"; readonly error: EntrepotError }
  | { readonly type: "retry"; readonly attempt: number; readonly delayMs: number }
  | {
      readonly type: "request";
      readonly method: string;
      /** `https://host[:port]` of the server that was asked. */
      readonly origin: string;
      /** Which try of its call this was, from 1. */
      readonly attempt: number;
      /** 0 when no answer came. */
      readonly status: number;
      /** Why no whole answer came; absent for answers, refusals included. `aborted` by a signal, `other` by the caller's own code. */
      readonly failure: ErrorCode | "aborted" | "other" | undefined;
      /** When it began, milliseconds since 1970. */
      readonly startedMs: number;
      /** From the first byte sent to the end of the answer. */
      readonly ms: number;
      readonly sentBytes: number;
      readonly receivedBytes: number;
    }
);

/** For every call that waits. */
export interface SignalOptions {
  /** Aborting it rejects the call with `signal.reason`. Joined with that of `with({ signal })`. */
  readonly signal?: AbortSignal | undefined;
}

/** For every call that moves bytes. */
export interface CallOptions extends SignalOptions {
  /** Told after every step that moved bytes and when an object is done; counts from 0 again when an attempt starts over. Must not throw. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** What becomes of a failure: `"allow-missing"` gives `undefined` for absence only, `"warn"` and `"ignore"` for every failure. */
export type OnError = "throw" | "allow-missing" | "warn" | "ignore";
/** A write has nothing to miss. */
export type OnWriteError = Exclude<OnError, "allow-missing">;
/** What a call gives instead of its value, by its `onError`. */
export interface Otherwise {
  readonly throw: never;
  readonly "allow-missing": undefined;
  readonly warn: undefined;
  readonly ignore: undefined;
}

/** For calls that ask for an object and move no bytes themselves. */
export interface AskOptions<E extends OnError = OnError> extends SignalOptions {
  /** Default `"throw"`. A caller's mistake, invalid-address, misconfigured and an abort are thrown whatever it says. */
  readonly onError?: E | undefined;
  /** `"use"` (default): the local copy if the server confirms it; `"bypass"`: neither read nor fill the cache; `"refresh"`: fetch again and keep. */
  readonly cache?: "use" | "bypass" | "refresh" | undefined;
}

/** For calls that read bytes. */
export interface ReadOptions<E extends OnError = OnError> extends AskOptions<E>, CallOptions {}

export type Compression = "gzip" | "bzip2" | "xz" | "zstd";

/** How stored bytes become what the caller wants. */
export interface DecompressOptions {
  /** `"by-suffix"`: what the name says (`.gz .bz2 .xz .zst`), else `Content-Encoding: gzip`. Default: by suffix for values and lines, `false` for bytes and streams. */
  readonly decompress?: Compression | "by-suffix" | false | undefined;
  /** The most bytes out per byte in, above the first 1 MiB: limit-exceeded. From 1, default 1,000; `Infinity` for what you trust. */
  readonly maxRatio?: number | undefined;
  /** The most bytes that may come out of the compression: limit-exceeded. Default: 2 GiB for whole values, no limit for streams. */
  readonly maxDecompressedBytes?: ByteSize | undefined;
}

/** How bytes become text. */
export interface TextOptions extends DecompressOptions {
  /** Default `"utf-8"`: fatal, one BOM dropped. */
  readonly encoding?: "utf-8" | "utf-16le" | "latin1" | "windows-1252" | undefined;
}

/** For verbs that give stored bytes unless told to decode them. */
export interface BytesReadOptions<E extends OnError = OnError> extends ReadOptions<E>, DecompressOptions {}

export interface VersionReadOptions<E extends OnError = OnError> extends BytesReadOptions<E> {
  /** The ETag that it must have, else precondition-failed. Default: whatever is there. */
  readonly ifMatch?: string | undefined;
}

/** For text-like verbs, which decode by suffix. */
export interface DecodeOptions<E extends OnError = OnError> extends ReadOptions<E>, TextOptions {}

/** `ifMatch: undefined` would silently overwrite, so it is a TypeError. */
export type WriteCondition =
  | { readonly ifMatch?: string; readonly ifNoneMatch?: never }
  | { readonly ifMatch?: never; readonly ifNoneMatch?: "*" | undefined };

export interface WriteSettings<E extends OnWriteError = OnWriteError> extends CallOptions {
  /** Default `"throw"`. */
  readonly onError?: E | undefined;
  /** The media type that is stored with the object, where the store keeps one. Default: by suffix, e.g. `.json`. */
  readonly contentType?: string | undefined;
  /** How caches and browsers treat the object, e.g. `"max-age=3600"`. S3 alone keeps this and the next four. */
  readonly cacheControl?: string | undefined;
  readonly contentDisposition?: string | undefined;
  readonly contentLanguage?: string | undefined;
  /** E.g. `"STANDARD_IA"`, `"GLACIER_IR"`: S3's words. Default: the bucket's own. */
  readonly storageClass?: string | undefined;
  /** At most 10: RangeError. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** Stored with the object as `x-amz-meta-…`; names without regard to case, at most 2 KiB in all on S3. TypeError for a name that no header can bear. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}
export type WriteOptions<E extends OnWriteError = OnWriteError> = WriteSettings<E> & WriteCondition;
export type EncodeOptions<E extends OnWriteError = OnWriteError> = WriteOptions<E> & {
  /** A compression adds its suffix to the name, once; `"by-suffix"`: what the name says. Default: by suffix for values, `false` for bytes, streams and files. */
  readonly compress?: Compression | "by-suffix" | false | undefined;
};

export interface TransferOptions extends CallOptions {
  /** Say what would happen, change nothing. Default false. */
  readonly dryRun?: boolean | undefined;
  /** Only objects whose path below the source matches; linear time, so no look-around and no back-references. Default: all. */
  readonly match?: RegExp | undefined;
  /**
   * Requests that the whole may make, counted before the first byte moves: limit-exceeded, with the plan's numbers, and nothing is done.
   * From 0; what the planning asks counts, tries that fail do not. Default: any number.
   */
  readonly maxRequests?: number | undefined;
  /** Bytes that it may copy, likewise. Default: any number. */
  readonly maxBytes?: ByteSize | undefined;
  /** Told once all is counted and before anything is done, which waits for it. What it throws ends the call, with nothing done. */
  readonly onPlan?: ((plan: TransferPlan) => void | Promise<void>) | undefined;
  /** Told the id of the journal when one is begun: by it `jobs` goes on with what is interrupted, or gives it up. */
  readonly onJob?: ((jobId: string) => void) | undefined;
  /** Told once per object when it is done, planned, skipped or has failed, in the order in which that happens. Must not throw. */
  readonly onFile?: ((file: FileResult) => void) | undefined;
  /** `"throw"` (default): tries every object, then rejects with all `failures`; `"warn"` and `"ignore"` leave them in `failed` of the report. */
  readonly onError?: "throw" | "warn" | "ignore" | undefined;
}
