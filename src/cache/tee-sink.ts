/**
 * One download, two takers: the spool that will become the entry, and the reader who caused it. A reader who is slower
 * than those who wait for the entry is left behind, and gets the rest from the finished copy.
 */
import { isEntrepotError } from "../error/index.ts";
import type { BodySink, ObjectInfo, ResolvedRange } from "../store/index.ts";
import type { Flight } from "./single-flight.ts";
import type { Spool, Spooled } from "./spool.ts";

/** The bytes can neither be kept nor does anybody read them as they come. */
export class NobodyTakes extends Error {}

export interface TeeOptions {
  readonly flight: Flight;
  /** Who reads the bytes as they come; nobody when only the entry is wanted. */
  readonly reader: BodySink | undefined;
  /** `undefined` for a version that is not to be kept. */
  readonly spool: (info: ObjectInfo) => Spool | undefined;
  /** The disk failed; the download goes on if somebody reads it. */
  readonly warn: (error: unknown) => void;
  readonly check: (info: ObjectInfo) => void;
  /** What comes is not kept, or not any more. */
  readonly onUnkept?: (() => void) | undefined;
}

export class TeeSink implements BodySink {
  /** What came last in `start`. */
  info: ObjectInfo | undefined;
  /** Bytes of it that came. */
  received = 0;
  /** Bytes of it that the reader was given. */
  delivered = 0;
  /** Settles when the reader has taken all that it was given. */
  taken: Promise<void> | undefined;
  readonly #options: TeeOptions;
  #spool: Spool | undefined;
  #leftBehind = false;
  #heldUp = false;

  constructor(options: TeeOptions) {
    this.#options = options;
  }

  get restartable(): boolean {
    return !this.#isReading || (this.#options.reader?.restartable === true && !this.#leftBehind);
  }

  /** Whether the reader was given everything there is. */
  get complete(): boolean {
    return this.#isReading && this.info !== undefined && this.delivered === this.info.sizeBytes;
  }

  /** Whether the download waits for the reader. */
  get isHeldUp(): boolean {
    return this.#heldUp;
  }

  start(info: ObjectInfo, range: ResolvedRange): void {
    const { reader, spool, check } = this.#options;
    check(info);
    void this.#spool?.discard();
    this.info = info;
    this.received = 0;
    this.delivered = 0;
    this.#spool = spool(info);
    if (this.#isReading) this.#asReader(() => reader?.start(info, range));
    if (this.#spool === undefined) this.#withoutSpool();
  }

  write(chunk: Uint8Array): void | Promise<void> {
    this.received += chunk.byteLength;
    const kept = this.#keep((spool) => spool.write(chunk));
    const read = this.#isReading && !this.#leftBehind ? this.#give(chunk) : undefined;
    if (kept === undefined) return read;
    return read === undefined ? kept : Promise.all([kept, read]).then(() => undefined);
  }

  /** Only where all who take the bytes can take them so; nobody is left behind then. */
  get writeAt(): BodySink["writeAt"] {
    return this.#isReading && this.#options.reader?.writeAt === undefined
      ? undefined
      : (offset, chunk) => this.#writeAt(offset, chunk);
  }

  /** Everything that came, when it is to be kept. */
  finish(): Spooled | undefined {
    try {
      return this.#spool?.finish();
    } catch (error) {
      this.#giveUpSpool(error);
      return undefined;
    }
  }

  async discard(): Promise<void> {
    await this.#spool?.discard();
  }

  #writeAt(offset: number, chunk: Uint8Array): void | Promise<void> {
    this.received += chunk.byteLength;
    const kept = this.#keep((spool) => spool.writeAt(offset, chunk));
    const read = this.#isReading ? this.#asReader(() => this.#options.reader?.writeAt?.(offset, chunk)) : undefined;
    // Before the last piece there is no byte up to which all were given.
    if (this.received === this.info?.sizeBytes) this.delivered = this.received;
    const taken = read?.catch((error) => this.#loseReader(error));
    if (kept === undefined) return taken;
    return taken === undefined ? kept : Promise.all([kept, taken]).then(() => undefined);
  }

  get #isReading(): boolean {
    return this.#options.reader !== undefined && this.#options.flight.led;
  }

  #keep(put: (spool: Spool) => void | Promise<void>): Promise<void> | undefined {
    const spool = this.#spool;
    try {
      return spool === undefined ? undefined : put(spool)?.catch((error) => this.#giveUpSpool(error));
    } catch (error) {
      this.#giveUpSpool(error);
      return undefined;
    }
  }

  #give(chunk: Uint8Array): void | Promise<void> {
    const { flight, reader } = this.#options;
    // Copied, because a reader who is left behind still holds its piece when the download goes on.
    const taken = this.#asReader(() => reader?.write(chunk.slice()));
    this.delivered += chunk.byteLength;
    if (taken === undefined) return;
    this.taken = taken.catch((error) => this.#loseReader(error));
    // Nobody may be waiting for it any more when it fails.
    this.taken.catch(() => undefined);
    if (flight.crowded && this.#spool !== undefined) {
      this.#leftBehind = true;
      return;
    }
    return this.#untilTakenOrCrowded(this.taken);
  }

  #untilTakenOrCrowded(taken: Promise<void>): Promise<void> {
    const { flight } = this.#options;
    this.#heldUp = true;
    return new Promise((resolve, reject) => {
      let waiting = true;
      flight.onCrowd = () => {
        if (!waiting || this.#spool === undefined) return;
        this.#leftBehind = true;
        this.#heldUp = false;
        resolve();
      };
      taken.then(resolve, reject).finally(() => {
        waiting = false;
        this.#heldUp = false;
      });
    });
  }

  #asReader<T>(call: () => T): T | undefined {
    try {
      return call();
    } catch (error) {
      this.#loseReader(error);
      return undefined;
    }
  }

  #loseReader(error: unknown): void {
    this.#options.flight.failLeader(error);
    if (!this.#options.flight.crowded) throw error;
  }

  #giveUpSpool(error: unknown): void {
    // More or fewer bytes than announced are the store's failure, not the disk's.
    if (!isEntrepotError(error, "truncated")) this.#options.warn(error);
    void this.#spool?.discard();
    this.#spool = undefined;
    this.#withoutSpool();
  }

  #withoutSpool(): void {
    this.#options.onUnkept?.();
    if (!this.#isReading || this.#leftBehind) throw new NobodyTakes();
    this.#options.flight.disband();
  }
}
