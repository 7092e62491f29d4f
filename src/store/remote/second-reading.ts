/**
 * A version once more, for its digest alone: whether a checksum that was only a guess was wrong, or the bytes were.
 */
import type { BodySink, ObjectInfo } from "../object-store.ts";
import type { ExpectedChecksum } from "./checksum.ts";
import type { Reading } from "./reading.ts";

/** The first reading's request, pinned to its version and with nothing to verify. */
export class SecondReading implements Reading {
  readonly range = undefined;
  readonly ifNoneMatch = undefined;
  readonly untilStarted = undefined;
  readonly findings = undefined;
  readonly layout = undefined;
  readonly parallel = undefined;
  readonly ifMatch: string;
  readonly #first: Reading;

  constructor(first: Reading, { etag }: ObjectInfo) {
    this.#first = first;
    this.ifMatch = etag;
  }

  get key(): string {
    return this.#first.key;
  }
  get uri(): string {
    return this.#first.uri;
  }
  get headers(): Reading["headers"] {
    return this.#first.headers;
  }
  get method(): string {
    return this.#first.method;
  }
  get clock(): Reading["clock"] {
    return this.#first.clock;
  }
  get policy(): Reading["policy"] {
    return this.#first.policy;
  }
  get identity(): Reading["identity"] {
    return this.#first.identity;
  }
  get signal(): AbortSignal | undefined {
    return this.#first.signal;
  }
  get onRetry(): Reading["onRetry"] {
    return this.#first.onRetry;
  }

  learn(...given: Parameters<NonNullable<Reading["learn"]>>): boolean {
    return this.#first.learn?.(...given) === true;
  }

  send(...given: Parameters<Reading["send"]>): Promise<void> {
    return this.#first.send(...given);
  }

  stat(): Promise<ObjectInfo> {
    return this.#first.stat();
  }
}

/** Digests a version as the first reading did. */
export class DigestSink implements BodySink {
  readonly #checksum: ExpectedChecksum;

  constructor(first: ExpectedChecksum) {
    this.#checksum = first.again();
  }

  start(): void {}

  write(chunk: Uint8Array): void {
    this.#checksum.update(chunk);
  }

  computed(): string {
    return this.#checksum.computed();
  }
}
