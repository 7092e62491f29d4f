/**
 * The checksum of each part, taken as it is sent, and that of the whole, put together from them: what S3 keeps with the object and
 * gives to every later reader. Where the service's cover has none, or the server knows none, parts go as single bodies do.
 */
import { startChecksum } from "../../checksum/index.ts";
import { EntrepotError } from "../../error/index.ts";
import type { ResponseHeaders } from "../../net/index.ts";
import type { SizedSource } from "../object-store.ts";
import { Refused } from "../remote/answer.ts";
import { toBase64 } from "../remote/checksum.ts";
import { combineDigests, isCombinable } from "../remote/combine-digests.ts";
import type { RequestSender } from "./request.ts";
import type { S3Calls } from "./s3-calls.ts";
import { checksumHeaderOf, type UploadChecksum } from "./upload-cover.ts";
import type { UploadedPart } from "./uploads.ts";

type Headers = Readonly<Record<string, string>>;

/** The checksum that uploads to this service are begun with. */
export function partChecksum({ sender, findings }: S3Calls): UploadChecksum | undefined {
  return findings.takesPartChecksums ? sender.cover.checksum : undefined;
}

/** How its parts are covered: by the signature where the checksum is not understood. */
export function partSender({ sender, findings }: S3Calls): Pick<RequestSender, "identity" | "endpoint" | "cover"> {
  if (findings.takesPartChecksums) return sender;
  const { identity, endpoint } = sender;
  return { identity, endpoint, cover: { checksum: undefined, isChosen: false, signsPayload: true } };
}

/** What an upload is begun with. */
export function algorithmHeaders(algorithm: UploadChecksum): Headers {
  return { "x-amz-checksum-algorithm": algorithm, "x-amz-checksum-type": typeOf(algorithm) };
}

/** Whether it is a checksum nobody insisted on that the service refuses; it is not asked for one again. */
export function refusesChecksum({ sender, findings }: S3Calls, failure: unknown): boolean {
  if (sender.cover.isChosen || !(failure instanceof Refused)) return false;
  const { status, serverCode, serverMessage } = failure.refusal;
  const isNamed = /checksum|mp-object-size/i.test(serverMessage);
  const refused = serverCode === "NotImplemented" || (isNamed && /^Invalid(Argument|Request)$/.test(serverCode));
  if (!refused || (status !== 400 && status !== 501)) return false;
  findings.takesPartChecksums = false;
  return true;
}

/** A part whose checksum is known at the latest when it was sent. */
export class SummedPart {
  readonly body: Uint8Array | SizedSource;
  readonly algorithm: UploadChecksum;
  /** Base64, as S3 writes it. */
  #value: string | undefined;

  constructor(body: Uint8Array | SizedSource, algorithm: UploadChecksum) {
    this.algorithm = algorithm;
    this.body = body instanceof Uint8Array ? body : { sizeBytes: body.sizeBytes, open: () => this.#read(body) };
  }

  /** Learns it from the headers that bring it, where they do. */
  learn(headers: Headers): void {
    this.#value ??= headers[checksumHeaderOf(this.algorithm)];
  }

  /** Error: integrity, when the server has computed another. */
  check(answered: ResponseHeaders, uri: string): void {
    const theirs = answered[checksumHeaderOf(this.algorithm)];
    if (theirs === undefined || this.#value === undefined || theirs === this.#value) return;
    throw new EntrepotError("integrity", `${uri}: a part arrived with another checksum than it was sent with`, { uri });
  }

  /** For the completion. */
  get checksum(): UploadedPart["checksum"] {
    return this.#value === undefined ? undefined : { name: `Checksum${this.algorithm}`, value: this.#value };
  }

  async *#read(source: SizedSource): AsyncGenerator<Uint8Array, void, undefined> {
    const running = startChecksum(this.algorithm);
    for await (const chunk of source.open()) {
      running.update(chunk);
      yield chunk;
    }
    this.#value = Buffer.from(running.digest()).toString("base64");
  }
}

/** What the completion says of the whole; nothing where a part has no checksum. SHAs of parts say nothing of the whole. */
export function wholeChecksum(
  algorithm: UploadChecksum | undefined,
  parts: readonly (UploadedPart & { readonly sizeBytes: number })[],
): Headers {
  if (algorithm === undefined || parts.some(({ checksum }) => checksum === undefined)) return {};
  const size = parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const headers = { "x-amz-checksum-type": typeOf(algorithm), "x-amz-mp-object-size": String(size) };
  const whole = combined(algorithm, parts);
  return whole === undefined ? headers : { ...headers, [checksumHeaderOf(algorithm)]: whole };
}

function combined(
  algorithm: UploadChecksum,
  parts: readonly (UploadedPart & { readonly sizeBytes: number })[],
): string | undefined {
  if (!isCombinable(algorithm)) return undefined;
  const whole = parts
    .map(({ checksum, sizeBytes }) => ({
      digest: Uint8Array.from(Buffer.from(checksum?.value ?? "", "base64")),
      sizeBytes,
    }))
    .reduce(
      (all, { digest, sizeBytes }) => combineDigests(algorithm, all, digest, sizeBytes),
      startChecksum(algorithm).digest(),
    );
  return toBase64(whole);
}

function typeOf(algorithm: UploadChecksum): "FULL_OBJECT" | "COMPOSITE" {
  return algorithm.startsWith("CRC") ? "FULL_OBJECT" : "COMPOSITE";
}
