/** A source in front of a source: what decorators of writes have in common. It can do all that the caller's can. */
import type { ObjectStore } from "../object-store.ts";

/** What `write` takes. */
export type WriteBody = Parameters<ObjectStore["write"]>[1];
/** What is opened. */
export type Source = Exclude<WriteBody, Uint8Array>;

/** Sources of known size may give parts of themselves. */
interface RangedSource {
  readonly openRange?: ((start: number, end: number) => AsyncIterable<Uint8Array>) | undefined;
}

/** The same source, each pass over it seen by `around`. */
export function passingSource(
  body: Source,
  around: (chunks: () => AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>,
): Source {
  const ranged = body as Source & RangedSource;
  return {
    sizeBytes: body.sizeBytes,
    open: () => around(() => body.open()),
    ...(ranged.openRange === undefined
      ? undefined
      : {
          openRange: (start: number, end: number) => around(() => ranged.openRange?.(start, end) ?? body.open()),
        }),
  } as Source;
}

/** Whether it can be read again when a try fails; one of unknown length cannot. */
export function opensAgain(body: WriteBody): boolean {
  return body instanceof Uint8Array || body.sizeBytes !== undefined;
}
