/** One object whole in memory, counted before it is there: it waits where there is no room for it yet. */
import { type BodySink, type Bytes, BytesSink, type ObjectInfo, type ResolvedRange } from "../../store/index.ts";
import type { Slot } from "./look-ahead.ts";

export class GatheringSink implements BodySink {
  readonly restartable = true;
  readonly #bytes: BytesSink;
  readonly #slot: Slot;
  #waiting: Promise<void> | undefined;

  /** `uri` is for messages. */
  constructor(uri: string, slot: Slot) {
    this.#bytes = new BytesSink(uri);
    this.#slot = slot;
  }

  get bytes(): Bytes {
    return this.#bytes.bytes;
  }

  start(info: ObjectInfo, range: ResolvedRange): void {
    const room = this.#slot.hold(range.end - range.start);
    if (room === undefined && this.#waiting === undefined) this.#bytes.start(info, range);
    else this.#startLater(info, range, room);
  }

  #startLater(info: ObjectInfo, range: ResolvedRange, room: Promise<void> | undefined): void {
    const ready = Promise.all([this.#waiting, room]).then(() => this.#bytes.start(info, range));
    this.#waiting = ready;
    const done = () => {
      if (this.#waiting === ready) this.#waiting = undefined;
    };
    ready.then(done, () => undefined);
  }

  write(chunk: Uint8Array): void | Promise<void> {
    if (this.#waiting === undefined) return this.#bytes.write(chunk);
    return this.#waiting.then(() => this.#bytes.write(chunk));
  }

  writeAt(offset: number, chunk: Uint8Array): void | Promise<void> {
    if (this.#waiting === undefined) return this.#bytes.writeAt(offset, chunk);
    return this.#waiting.then(() => this.#bytes.writeAt(offset, chunk));
  }
}
