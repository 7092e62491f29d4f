/** A body that comes from elsewhere: held to the length it announced, and hashed where the signature needs that. */
import { createHash } from "node:crypto";
import { EntrepotError } from "../../error/index.ts";
import type { SizedSource } from "../object-store.ts";

/** The source's pieces. Error: truncated when it ends early or goes on too long; not retryable, since it is the source's doing. */
export async function* counted(source: SizedSource, uri: string): AsyncGenerator<Uint8Array, void, void> {
  let bytes = 0;
  for await (const piece of source.open()) {
    bytes += piece.byteLength;
    if (bytes > source.sizeBytes) throw wrongLength(source, "more", uri);
    if (piece.byteLength > 0) yield piece;
  }
  if (bytes < source.sizeBytes) throw wrongLength(source, `only ${bytes}`, uri);
}

/** The hex SHA-256 of the source, read once for it. */
export async function sourceHash(source: SizedSource, uri: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of counted(source, uri)) hash.update(piece);
  return hash.digest("hex");
}

function wrongLength(source: SizedSource, had: string, uri: string): EntrepotError {
  return new EntrepotError(
    "truncated",
    `writing ${uri}: the source announced ${source.sizeBytes} bytes and had ${had}`,
    {
      uri,
      retryable: false,
    },
  );
}
