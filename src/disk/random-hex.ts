/** Digits that nobody can guess, drawn by the hundred: one call to the system for each name costs more than all else about it. */
import { randomBytes } from "node:crypto";

const nameBytes = 16;
const names = 256;

/** Gives 32 hexadecimal digits at each call, never the same twice. */
export function randomHexes(draw: (bytes: number) => Buffer = randomBytes): () => string {
  let drawn: Buffer = Buffer.alloc(0);
  let at = 0;
  return () => {
    if (at === drawn.byteLength) {
      drawn = draw(nameBytes * names);
      at = 0;
    }
    at += nameBytes;
    return drawn.toString("hex", at - nameBytes, at);
  };
}
