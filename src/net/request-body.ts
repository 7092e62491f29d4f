/**
 * A request body as pieces that are handed over one after the other, so that a transport knows whether the whole body is out
 * and since when nothing moved.
 */

/** Bodies up to this size go out in one write, bytes: what 1,000 bytes a second carry within the usual time to the first byte. */
export const wholeBodyBytes: number = 24 * 1024;

/**
 * One piece must be gone within the idle bound, so that pieces are small: 30 s for one are 546 bytes a second. Larger ones would
 * hardly be cheaper, and take a slow line, or one that many share, for a dead one.
 */
const pieceBytes = 16 * 1024;

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
    for await (const part of body instanceof Uint8Array ? [body] : body) {
      for (let at = 0; at < part.byteLength; at += pieceBytes) {
        progress.onPiece();
        yield part.subarray(at, at + pieceBytes);
      }
    }
  } catch (reason) {
    // The client would report a broken connection.
    progress.onBroken(reason);
    throw reason;
  }
  progress.onEnd();
}
