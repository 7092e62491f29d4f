/** Writes a request's body to a socket, as fast as that takes it and no faster, and tells how it goes. */
import type { Socket } from "node:net";
import type { BodyProgress } from "../request-body.ts";

/** At most so much is handed over at once, bytes: an abort need not wait for more, and others get their turn. */
const pieceBytes = 256 * 1024;

export interface SendProgress extends BodyProgress {
  /** Nobody wants the rest. */
  readonly stopped: boolean;
  /** The system does not take it all at once. */
  onWait(): void;
}

/**
 * Sends `head` with the first piece, and the others. Resolves when the system has all of it, or when it was stopped: the source is
 * told then, too. Never rejects.
 */
export async function sendBody(
  socket: Socket,
  head: string,
  body: Uint8Array | AsyncIterable<Uint8Array>,
  announcedBytes: number,
  progress: SendProgress,
): Promise<void> {
  let left = announcedBytes;
  let isBegun = false;
  try {
    for await (const part of body instanceof Uint8Array ? [body] : body) {
      left -= part.byteLength;
      if (left < 0) throw otherLength(announcedBytes);
      for (let at = 0; at < part.byteLength; at += pieceBytes) {
        if (progress.stopped) return;
        progress.onPiece();
        const piece = part.subarray(at, at + pieceBytes);
        const room = isBegun ? socket.write(piece) : begin(socket, head, piece);
        isBegun = true;
        if (room || socket.writableLength === 0) continue;
        progress.onWait();
        await drained(socket);
      }
    }
    if (left !== 0) throw otherLength(announcedBytes);
    if (!isBegun) socket.write(head, "latin1");
  } catch (reason) {
    progress.onBroken(reason);
    return;
  }
  if (!progress.stopped) progress.onEnd();
}

/** In one packet, where they fit. */
function begin(socket: Socket, head: string, piece: Uint8Array): boolean {
  socket.cork();
  socket.write(head, "latin1");
  const room = socket.write(piece);
  socket.uncork();
  return room;
}

/** Resolves when the socket takes more, or nothing any more. */
function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      // An earlier piece, which was taken at once, is reported late.
      if (socket.writableLength > 0 && !socket.destroyed) return;
      socket.off("drain", look).off("close", look);
      resolve();
    };
    socket.on("drain", look).on("close", look);
  });
}

function otherLength(announcedBytes: number): TypeError {
  return new TypeError(`The body has not the ${announcedBytes} bytes that its content-length says`);
}
