/** The bytes of a large object: random, no two blocks alike, made once and compared with what each client wrote. */
import { randomBytes } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync, writeSync } from "node:fs";

const blockBytes = 8 * 2 ** 20;

/** @param {string} path @param {number} mib */
export function writeObject(path, mib) {
  const block = randomBytes(blockBytes);
  const file = openSync(path, "wx", 0o644);
  try {
    for (let at = 0; at < mib * 2 ** 20; at += blockBytes) {
      for (let n = 0; n < blockBytes; n += 4096) block.writeDoubleLE(at + n, n);
      writeSync(file, block, 0, Math.min(blockBytes, mib * 2 ** 20 - at));
    }
  } finally {
    closeSync(file);
  }
}

/** Throws when the two files differ. @param {string} path @param {string} source */
export function assertSame(path, source) {
  const [one, other] = [openSync(path, "r"), openSync(source, "r")];
  try {
    const [bytes, due] = [Buffer.alloc(blockBytes), Buffer.alloc(blockBytes)];
    const { size } = fstatSync(other);
    if (fstatSync(one).size !== size) throw new Error(`${path}: ${fstatSync(one).size} bytes and not ${size}`);
    for (let at = 0; at < size; at += blockBytes) {
      const count = readSync(other, due, 0, blockBytes, at);
      if (readSync(one, bytes, 0, blockBytes, at) !== count || bytes.compare(due, 0, count, 0, count) !== 0) {
        throw new Error(`${path} differs from the object between bytes ${at} and ${at + count}`);
      }
    }
  } finally {
    closeSync(one);
    closeSync(other);
  }
}
