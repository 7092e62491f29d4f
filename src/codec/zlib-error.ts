/** What zlib's words, and those of our own decoders, mean: cut off, damaged, or not compressed at all. */
import { EntrepotError } from "../error/index.ts";
import { CodecFault } from "./codec-fault.ts";
import type { Compression } from "./compression.ts";

/**
 * truncated (never retryable: the stored bytes are short) when the data ends too early, integrity when its own checksum or
 * length disagrees, malformed for everything else that is wrong with it. Other errors are given back as they are.
 */
export function zlibError(error: unknown, compression: Compression, uri: string | undefined): unknown {
  if (error instanceof CodecFault) return faultError(error, compression, uri);
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return error;
  const details = { uri, cause: error, retryable: false };
  const hint = "read it without decompressing, or write it again";
  if (error.code === "Z_BUF_ERROR") {
    return new EntrepotError("truncated", `the ${compression} data ends too early`, { ...details, hint });
  }
  if (error.code === "Z_DATA_ERROR" && / check$/.test(error.message) && !error.message.includes("header")) {
    return new EntrepotError("integrity", `the ${compression} data does not match its own checksum`, {
      ...details,
      hint,
    });
  }
  if (!/^(?:Z_|ZSTD_)/.test(error.code)) return error;
  return new EntrepotError("malformed", `this is not ${compression} data, or not all of it: ${error.message}`, {
    ...details,
    hint: "is the suffix of its name right? Read it without decompressing to see",
  });
}

const faultHints = {
  truncated: "read it without decompressing, or write it again",
  integrity: "read it without decompressing, or write it again",
  malformed: "is the suffix of its name right? Read it without decompressing to see",
  unsupported: "decompress it with another program, or read the stored bytes",
  "limit-exceeded": "decompress it with another program, or read the stored bytes",
} as const;

/** What a fault of our own decoders is for the reader. */
export function faultError(
  fault: CodecFault,
  compression: Compression | "lzma",
  uri: string | undefined,
): EntrepotError {
  const { kind, message } = fault;
  const hint = faultHints[kind];
  return new EntrepotError(kind, `the ${compression} data cannot be read: ${message}`, { uri, hint, retryable: false });
}
