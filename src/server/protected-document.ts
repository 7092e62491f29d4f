/** Documents that S3 takes only with a digest: half of one would do harm. */
import { s3Error } from "./errors.ts";
import type { Call } from "./operation.ts";
import { documentText, receivePayload } from "./payload.ts";

/** The whole document. Errors: InvalidRequest without Content-MD5 and checksum, MalformedXML above `maxBytes`. */
export async function receiveProtectedText({ request, caller, allows }: Call, maxBytes: number): Promise<string> {
  const pieces: Uint8Array[] = [];
  let held = 0;
  const received = await receivePayload(request, caller, (chunk) => {
    held += chunk.length;
    if (held > maxBytes) throw s3Error("MalformedXML");
    pieces.push(Uint8Array.from(chunk));
  });
  const isProtected = received.checksumWasSent || request.header("content-md5") !== undefined;
  if (!isProtected && allows?.has("unprotected-documents") !== true) {
    throw s3Error("InvalidRequest", { message: "Missing required header for this request: Content-MD5" });
  }
  return documentText(pieces);
}
