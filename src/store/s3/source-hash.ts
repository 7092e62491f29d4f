/** The hex SHA-256 of a source, read once for it: in clear text the signature must cover the body. */
import { createHash } from "node:crypto";
import { type BodyContext, bodyChunks } from "../body-chunks.ts";
import type { SizedSource } from "../object-store.ts";

export async function sourceHash(source: SizedSource, context: BodyContext): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of bodyChunks(source, context)) hash.update(piece);
  return hash.digest("hex");
}
