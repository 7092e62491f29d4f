/** Bytes that tell by themselves whether they are one whole version of one object: a head that names both, and noise that follows from it. */
import { createCipheriv, hash } from "node:crypto";

const headBytes = 32;
const magic = 0x70726f66;

/** At least 32 bytes. @param {string} key @param {number} version @param {number} sizeBytes @returns {Uint8Array<ArrayBuffer>} */
export function makeContent(key, version, sizeBytes) {
  const bytes = new Uint8Array(Math.max(headBytes, sizeBytes));
  const head = Buffer.from(bytes.buffer, 0, headBytes);
  head.writeUInt32BE(magic, 0);
  head.writeUInt32BE(version, 4);
  head.writeUInt32BE(bytes.length, 8);
  head.write(hash("sha256", key).slice(0, 40), 12, "hex");
  const seed = Buffer.from(hash("sha256", head, "hex"), "hex");
  const noise = createCipheriv("aes-128-ctr", seed.subarray(0, 16), seed.subarray(16));
  noise.update(Buffer.alloc(bytes.length - headBytes)).copy(Buffer.from(bytes.buffer), headBytes);
  return bytes;
}

/** Which version they are, were they whole. @param {Uint8Array} bytes */
export function versionOf(bytes) {
  return bytes.length < headBytes ? -1 : Buffer.from(bytes.buffer, bytes.byteOffset, headBytes).readUInt32BE(4);
}

/**
 * What is wrong with bytes that should be one whole version of `key`, or of any object; `undefined`: nothing.
 *
 * @param {Uint8Array} bytes @param {string} [key]
 */
export function flawOf(bytes, key) {
  if (bytes.length < headBytes) return `${bytes.length} bytes`;
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, headBytes);
  if (head.readUInt32BE(0) !== magic) return "no object's first bytes";
  const [version, size, name] = [head.readUInt32BE(4), head.readUInt32BE(8), head.toString("hex", 12)];
  if (key !== undefined && name !== hash("sha256", key).slice(0, 40)) return "another object's bytes";
  if (size !== bytes.length) return `${bytes.length} bytes of ${size}`;
  const seed = Buffer.from(hash("sha256", head, "hex"), "hex");
  const noise = createCipheriv("aes-128-ctr", seed.subarray(0, 16), seed.subarray(16));
  const rest = noise.update(Buffer.alloc(size - headBytes));
  const given = Buffer.from(bytes.buffer, bytes.byteOffset + headBytes, size - headBytes);
  return rest.equals(given)
    ? undefined
    : `not version ${version} alone: differs from byte ${firstDifference(rest, given)} on`;
}

/** @param {Uint8Array} a @param {Uint8Array} b */
function firstDifference(a, b) {
  let at = 0;
  while (a[at] === b[at]) at += 1;
  return at + headBytes;
}

/** What a file of the user's own holds. @param {string} path */
export const localText = (path) => `${path}\n`.repeat(200);
