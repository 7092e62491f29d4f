/**
 * Names of versions: 32 characters as AWS has them, opaque and never given twice. The place of the version among those of its
 * key is sealed in: a listing can go on behind a version that has been removed meanwhile.
 */
import { hash, randomBytes } from "node:crypto";

const wellFormed = /^[A-Za-z0-9._]{32}$/;
/** Bytes: 6 of the place and 6 zeros, masked by what the 12 random ones yield. */
const hidden = 12;

/** Whether it could be the name of a version; `null` is not of this kind. */
export function isVersionId(text: string): boolean {
  return wellFormed.test(text);
}

/** A new name for the version at this place. */
export function makeVersionId(sequence: number): string {
  const bytes = Buffer.alloc(hidden);
  bytes.writeUIntBE(sequence, 0, 6);
  const random = randomBytes(12);
  const text = Buffer.concat([masked(bytes, random), random]).toString("base64");
  return text.replaceAll("+", ".").replaceAll("/", "_");
}

/** The place that is sealed in; undefined when `makeVersionId` has not made it. */
export function sequenceOf(versionId: string): number | undefined {
  if (!isVersionId(versionId)) return undefined;
  const bytes = Buffer.from(versionId.replaceAll(".", "+").replaceAll("_", "/"), "base64");
  const clear = masked(bytes.subarray(0, hidden), bytes.subarray(hidden));
  return clear.readUIntBE(6, 6) === 0 ? clear.readUIntBE(0, 6) : undefined;
}

function masked(bytes: Buffer, random: Buffer): Buffer {
  const mask = hash("sha256", Buffer.concat([Buffer.from("entrepot version"), random]), "buffer");
  return Buffer.from(bytes.map((byte, i) => byte ^ (mask[i] ?? 0)));
}
