/**
 * Token buckets, one for each prefix, bucket or key, reads and writes apart: S3 documents at least 3,500 writes and 5,500 reads
 * per second and partitioned prefix, and answers 503 SlowDown to what is above.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html
 */
import type { FaultRequest } from "./fault-request.ts";

export interface Rate {
  /** Requests, above 0. */
  readonly perSecond: number;
  /** How many may come at once. Default: those of one second, at least 1. */
  readonly burst?: number | undefined;
  /** What has a bucket of its own. Default `prefix`. */
  readonly per?: "prefix" | "bucket" | "key" | undefined;
  /** How many segments of the key are the prefix. Default 1: `a/` of `a/b/c`. */
  readonly prefixDepth?: number | undefined;
  /** Count only these. Default both, each by itself. GET and HEAD read. */
  readonly of?: "reads" | "writes" | undefined;
  /** Default 503. */
  readonly status?: 503 | 429 | undefined;
  /** Default: the usual one of the status, `SlowDown` or `TooManyRequests`. */
  readonly code?: string | undefined;
  /** Default: no Retry-After; S3 sends none. */
  readonly retryAfterSeconds?: number | undefined;
}

interface Level {
  tokens: number;
  atMs: number;
}

export class TokenBuckets {
  readonly #rate: Rate;
  readonly #levels = new Map<string, Level>();

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  /** Whether this request is within the rate; it has taken its token then. */
  admits(request: FaultRequest, nowMs: number): boolean {
    const { perSecond, burst = Math.max(1, perSecond) } = this.#rate;
    const name = this.#bucketOf(request);
    const level = this.#levels.get(name) ?? { tokens: burst, atMs: nowMs };
    this.#levels.set(name, level);
    const passedMs = Math.max(0, nowMs - level.atMs);
    level.tokens = Math.min(burst, level.tokens + (passedMs * perSecond) / 1000);
    level.atMs = nowMs;
    // A token that is whole but for the error of its sum is whole.
    if (level.tokens < 1 - 1e-9) return false;
    level.tokens -= 1;
    return true;
  }

  #bucketOf(request: FaultRequest): string {
    const { per = "prefix", prefixDepth = 1 } = this.#rate;
    const kind = isRead(request.method) ? "reads" : "writes";
    if (per === "bucket") return JSON.stringify([kind, request.bucket]);
    if (per === "key") return JSON.stringify([kind, request.bucket, request.key]);
    const key = request.key === "" ? (request.query("prefix") ?? "") : request.key;
    return JSON.stringify([kind, request.bucket, ...key.split("/").slice(0, -1).slice(0, prefixDepth)]);
  }
}

export function isRead(method: string): boolean {
  return method === "GET" || method === "HEAD";
}
