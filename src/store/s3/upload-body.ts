/**
 * A body on its way up, with what lets the server refuse it when a byte is wrong, as the service's cover says. Bytes at hand get
 * their checksum in a header; a source goes to AWS in one pass with its checksum behind it, and is read once more before for other
 * servers, which often know no trailers.
 */
import { createHash, hash } from "node:crypto";
import { checksumOf, startChecksum } from "../../checksum/index.ts";
import { type BodyContext, bodyChunks } from "../body-chunks.ts";
import type { SizedSource } from "../object-store.ts";
import { chunkedBody } from "./chunked-body.ts";
import type { RequestSender, S3Request } from "./request.ts";
import { emptyPayloadHash, unsignedPayload } from "./sign.ts";
import { checksumHeaderOf, type UploadChecksum } from "./upload-cover.ts";

/** What a request needs of it. */
export interface UploadBody {
  readonly headers: Readonly<Record<string, string>>;
  readonly payloadHash: string;
  /** Opened anew for each try. */
  readonly open: NonNullable<S3Request["body"]>;
}

/** Prepares it. `contentEncoding` is the object's own, which shares a header with the framing. */
export async function uploadBody(
  sender: Pick<RequestSender, "identity" | "endpoint" | "cover">,
  body: Uint8Array | SizedSource,
  context: BodyContext,
  contentEncoding: string | undefined,
): Promise<UploadBody> {
  if (sender.identity.anonymous) return anonymousBody(body, context, sender.cover.checksum);
  if (body instanceof Uint8Array) return bytesBody(body, sender.cover);
  const { checksum, signsPayload } = sender.cover;
  if (checksum !== undefined && sender.endpoint.aws && body.sizeBytes > 0) {
    const { headers, payloadHash, frame } = chunkedBody(body.sizeBytes, checksum, signsPayload, contentEncoding);
    return { headers, payloadHash, open: (signer) => frame(bodyChunks(body, context), signer?.()) };
  }
  const read = await digestsOf(body, context, checksum, signsPayload ? "sha256" : undefined);
  return {
    headers: { "content-length": String(body.sizeBytes), ...checksumHeader(checksum, read.checksum) },
    payloadHash: read.digest?.toString("hex") ?? unsignedPayload,
    open: () => bodyChunks(body, context),
  };
}

function bytesBody(body: Uint8Array, { checksum, signsPayload }: RequestSender["cover"]): UploadBody {
  const sum = checksum === undefined ? undefined : checksumOf(checksum, body);
  const signedHash = body.byteLength === 0 ? emptyPayloadHash : signsPayload ? hash("sha256", body) : unsignedPayload;
  return { headers: checksumHeader(checksum, sum), payloadHash: signedHash, open: () => body };
}

/** Without a signature to cover them; MD5 is the one checksum that every server has known from the beginning. */
async function anonymousBody(
  body: Uint8Array | SizedSource,
  context: BodyContext,
  checksum: UploadChecksum | undefined,
): Promise<UploadBody> {
  const read = await digestsOf(body, context, checksum, "md5");
  return {
    headers: {
      ...(body instanceof Uint8Array ? undefined : { "content-length": String(body.sizeBytes) }),
      "content-md5": read.digest?.toString("base64") ?? "",
      ...checksumHeader(checksum, read.checksum),
    },
    payloadHash: unsignedPayload,
    open: () => (body instanceof Uint8Array ? body : bodyChunks(body, context)),
  };
}

function checksumHeader(
  algorithm: UploadChecksum | undefined,
  sum: Uint8Array | undefined,
): Readonly<Record<string, string>> {
  if (algorithm === undefined || sum === undefined) return {};
  return { [checksumHeaderOf(algorithm)]: Buffer.from(sum).toString("base64") };
}

/** Both in one pass. */
async function digestsOf(
  body: Uint8Array | SizedSource,
  context: BodyContext,
  checksum: UploadChecksum | undefined,
  digest: "md5" | "sha256" | undefined,
): Promise<{ readonly checksum: Uint8Array | undefined; readonly digest: Buffer | undefined }> {
  if (checksum === undefined && digest === undefined) return { checksum: undefined, digest: undefined };
  const sum = checksum === undefined ? undefined : startChecksum(checksum);
  const running = digest === undefined ? undefined : createHash(digest);
  for await (const piece of bodyChunks(body, context)) {
    sum?.update(piece);
    running?.update(piece);
  }
  return { checksum: sum?.digest(), digest: running?.digest() };
}
