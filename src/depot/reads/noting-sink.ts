/** A sink that tells which version its bytes are of, when they begin, and their checksum where all of them came in order. */
import { createHash, type Hash } from "node:crypto";
import type { BodySink, ObjectInfo, ResolvedRange } from "../../store/index.ts";

export class NotingSink implements BodySink {
  readonly restartable: boolean;
  readonly writeAt: BodySink["writeAt"];
  readonly #sink: BodySink;
  readonly #started: (info: ObjectInfo) => void;
  #hash: Hash | undefined;

  constructor(sink: BodySink, started: (info: ObjectInfo) => void) {
    this.#sink = sink;
    this.#started = started;
    this.restartable = sink.restartable === true;
    const { writeAt } = sink;
    this.writeAt =
      writeAt &&
      ((offset, chunk) => {
        // large objects come in parts, side by side; hashing them would take a second look at every byte
        this.#hash = undefined;
        return writeAt.call(sink, offset, chunk);
      });
  }

  start(info: ObjectInfo, range: ResolvedRange): void {
    this.#sink.start(info, range);
    this.#hash = range.start === 0 && range.end === info.sizeBytes ? createHash("sha256") : undefined;
    this.#started(info);
  }

  write(chunk: Uint8Array): void | Promise<void> {
    this.#hash?.update(chunk);
    return this.#sink.write(chunk);
  }

  /** Once, after the last byte. */
  checksum(): string | undefined {
    return this.#hash === undefined ? undefined : `sha256:${this.#hash.digest("hex")}`;
  }
}
