/** A sink in front of a sink: what decorators of reads, and whoever counts what passes, have in common. */
import type { BodySink, ObjectInfo, ResolvedRange } from "../object-store.ts";

export interface SinkHooks {
  /** What the caller's sink is told of the object. Default: what the store says. */
  readonly info?: ((info: ObjectInfo) => ObjectInfo) | undefined;
  /** After the sink was started, with what is to come; again after a restart. */
  readonly onStarted?: ((range: ResolvedRange) => void) | undefined;
  /** After each piece was taken; what it gives holds the source back. */
  readonly onBytes?: ((sizeBytes: number) => void | Promise<void>) | undefined;
}

/** Hands everything on to `sink`, which is restartable or not as it was. */
export function passingSink(sink: BodySink, hooks: SinkHooks): BodySink {
  const { info: infoFor, onStarted, onBytes } = hooks;
  const counted = (taken: void | Promise<void>, sizeBytes: number): void | Promise<void> => {
    if (onBytes === undefined) return taken;
    return taken === undefined ? onBytes(sizeBytes) : taken.then(() => onBytes(sizeBytes));
  };
  const writeAt = sink.writeAt?.bind(sink);
  return {
    restartable: sink.restartable,
    start(info, range) {
      sink.start(infoFor === undefined ? info : infoFor(info), range);
      onStarted?.(range);
    },
    write(chunk) {
      // The piece may be gone when the sink is done with it.
      const { byteLength } = chunk;
      return counted(sink.write(chunk), byteLength);
    },
    writeAt:
      writeAt &&
      ((offset, chunk) => {
        const { byteLength } = chunk;
        return counted(writeAt(offset, chunk), byteLength);
      }),
  };
}
