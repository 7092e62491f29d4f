/**
 * A request body as pieces that are handed over one after the other, so that a transport knows whether the whole body is out
 * and since when nothing moved.
 */

/** Bodies up to this size go out in one write, bytes. */
export const wholeBodyBytes: number = 64 * 1024;

const pieceBytes = 256 * 1024;
/** The last piece is small: when it is asked for, all but this much has left for the kernel. */
const lastPieceBytes = 16 * 1024;

/** What a transport does as the body moves. */
export interface BodyProgress {
  /** A piece is about to be written. */
  onPiece(): void;
  /** The last piece was taken. */
  onEnd(): void;
  /** The source threw. */
  onBroken(reason: unknown): void;
}

/** The pieces of a body, each one reported. Stops the source when the consumer stops. */
export async function* piecesOf(
  body: Uint8Array | AsyncIterable<Uint8Array>,
  progress: BodyProgress,
): AsyncGenerator<Uint8Array, void, void> {
  try {
    for await (const piece of body instanceof Uint8Array ? slices(body) : body) {
      progress.onPiece();
      yield piece;
    }
  } catch (reason) {
    // The client would report a broken connection.
    progress.onBroken(reason);
    throw reason;
  }
  progress.onEnd();
}

function* slices(bytes: Uint8Array): Generator<Uint8Array, void, void> {
  const tail = Math.max(0, bytes.byteLength - lastPieceBytes);
  for (let at = 0; at < tail; at += pieceBytes) yield bytes.subarray(at, Math.min(tail, at + pieceBytes));
  if (tail < bytes.byteLength) yield bytes.subarray(tail);
}
