/**
 * How large bodies are cut into parts, and how much of them is held in memory. S3 takes at most 10,000 parts of 5 MiB to 5 GiB,
 * of which only the last may be smaller: 48.8 TiB, its largest object. Pure.
 */
import { EntrepotError } from "../../error/index.ts";
import type { BufferBudget } from "../buffer-budget.ts";

const mebibyte = 1024 ** 2;
const gibibyte = 1024 ** 3;

/** How the bodies of large objects go up. RangeError for what is no count. */
export interface UploadOptions {
  /** Bodies of up to this size go in one request, bytes. Default 16 MiB; 5 GiB at most. */
  readonly singleBytes?: number | undefined;
  /** The smallest part but the last, bytes. Default 8 MiB; S3 refuses less than 5 MiB. */
  readonly partBytes?: number | undefined;
  /** The largest part, bytes. Default 5 GiB. */
  readonly maxPartBytes?: number | undefined;
  /** Parts of one object at most. Default 10,000. */
  readonly maxParts?: number | undefined;
  /**
   * Whether all parts but the last are of one length, as Cloudflare R2 wants them. Default: at R2's own hosts. Streams of unknown
   * length, whose parts otherwise grow, then end at `partBytes` times `maxParts`: 78 GiB by default.
   */
  readonly equalParts?: boolean | undefined;
  /** Parts of one object in flight. Default 8. */
  readonly parallelParts?: number | undefined;
  /** What the buffers of one upload hold, unless a single part is larger, bytes. Default 48 MiB. */
  readonly bufferBytes?: number | undefined;
  /** What the buffers of all uploads hold. Default: `bufferBytes`. An upload gets memory for one part in any case. */
  readonly budget?: BufferBudget | undefined;
}

const largestRequestBytes = 5 * gibibyte;
const mostParts = 10_000;

/** The same with nothing left open. */
export interface UploadLimits {
  readonly singleBytes: number;
  readonly partBytes: number;
  readonly maxPartBytes: number;
  readonly maxParts: number;
  readonly equalParts: boolean;
  readonly parallelParts: number;
  readonly bufferBytes: number;
  readonly budget: BufferBudget;
}

/** The options with their defaults. RangeError for a number that is no count. */
export function uploadLimits(options: UploadOptions = {}): UploadLimits {
  for (const [name, value] of Object.entries(options)) {
    if (typeof value !== "number") continue;
    const least = name === "singleBytes" || name === "bufferBytes" ? 0 : 1;
    if (!Number.isSafeInteger(value) || value < least) throw new RangeError(`uploads.${name} is ${value}, no count`);
  }
  const bufferBytes = options.bufferBytes ?? 48 * mebibyte;
  return {
    singleBytes: Math.min(options.singleBytes ?? 16 * mebibyte, largestRequestBytes),
    partBytes: options.partBytes ?? 8 * mebibyte,
    maxPartBytes: options.maxPartBytes ?? largestRequestBytes,
    maxParts: options.maxParts ?? mostParts,
    equalParts: options.equalParts ?? false,
    parallelParts: options.parallelParts ?? 8,
    bufferBytes,
    budget: options.budget ?? ownBudget(bufferBytes),
  };
}

function ownBudget(limitBytes: number): BufferBudget {
  let usedBytes = 0;
  return {
    take(bytes) {
      if (usedBytes + bytes > limitBytes) return false;
      usedBytes += bytes;
      return true;
    },
    insist(bytes) {
      usedBytes += bytes;
    },
    give(bytes) {
      usedBytes -= bytes;
    },
  };
}

/** What parts may be like; what is left open is as S3 has it. */
interface PartSizes {
  readonly partBytes: number;
  readonly maxPartBytes?: number | undefined;
  readonly maxParts?: number | undefined;
}

/** The size of the parts of an object of known size, in whole MiB. Error: limit-exceeded for one that no store can hold. */
export function partBytesOf(
  sizeBytes: number,
  { partBytes, maxPartBytes = largestRequestBytes, maxParts = mostParts }: PartSizes,
  uri: string,
): number {
  const step = Math.min(mebibyte, partBytes);
  const needed = Math.ceil(sizeBytes / maxParts / step) * step;
  const chosen = Math.min(Math.max(partBytes, needed), maxPartBytes);
  if (chosen * maxParts < sizeBytes) throw tooLarge(uri, `${sizeBytes} bytes`, maxPartBytes * maxParts);
  return chosen;
}

/** A part of unknown length is held whole, so beyond the bound it grows only to this, bytes. */
const largestHeldBytes = gibibyte;

/**
 * The size of part `number` (from 1) of an object whose end nobody knows: doubled with each tenth of the parts until one fills the
 * buffers, which by default is as far as 330 GiB; only the last tenth goes beyond, to 1 TiB. Error: limit-exceeded.
 */
export function growingPartBytes(number: number, limits: UploadLimits, uri: string): number {
  const { partBytes, maxPartBytes, maxParts, bufferBytes } = limits;
  if (number > maxParts) throw tooLarge(uri, `a stream of unknown length, of which ${maxParts} parts were sent,`);
  if (limits.equalParts) return Math.min(maxPartBytes, partBytes);
  const full = Math.max(partBytes, bufferBytes);
  const hundredth = Math.floor(((number - 1) * 100) / maxParts);
  if (hundredth < 90) return Math.min(maxPartBytes, full, partBytes * 2 ** Math.floor(hundredth / 10));
  return Math.min(maxPartBytes, Math.max(full, Math.min(largestHeldBytes, full * 2 ** (hundredth - 89))));
}

function tooLarge(uri: string, what: string, mostBytes?: number): EntrepotError {
  const message = `${uri}: ${what} are more than an object can hold`;
  if (mostBytes === undefined) {
    const hint = "Write it to a file first: with its size known, larger parts are chosen from the beginning.";
    return new EntrepotError("limit-exceeded", message.replace(" are ", " is "), { uri, hint });
  }
  const hint = `S3 takes up to ${mostBytes} bytes: store it as several objects.`;
  return new EntrepotError("limit-exceeded", message, { uri, hint });
}
