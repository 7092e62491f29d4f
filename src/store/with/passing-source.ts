/** A source in front of a source: what decorators of writes have in common. It can do all that the caller's can. */
import type { SizedSource, UnsizedSource, WriteBody } from "../object-store.ts";

/** What is opened. */
export type Source = SizedSource | UnsizedSource;

/** The same source, each pass over it seen by `around`. */
export function passingSource(
  body: Source,
  around: (chunks: () => AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>,
): Source {
  const open = () => around(() => body.open());
  if (body.sizeBytes === undefined) return { sizeBytes: undefined, open };
  const openRange = body.openRange?.bind(body);
  return {
    sizeBytes: body.sizeBytes,
    open,
    openRange: openRange && ((start, end) => around(() => openRange(start, end))),
  };
}

/** Whether it can be read again when a try fails; one of unknown length cannot. */
export function opensAgain(body: WriteBody): boolean {
  return body instanceof Uint8Array || body.sizeBytes !== undefined;
}
