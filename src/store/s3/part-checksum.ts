/**
 * The CRC-32 of each part, taken as it is sent, and of the whole, put together from them: what S3 keeps with the object and gives to
 * every later reader. Where it is not wanted, or not understood, parts go as single bodies do.
 */
import { combineCrc32, crc32 } from "../../checksum/index.ts";
import { EntrepotError } from "../../error/index.ts";
import type { ResponseHeaders } from "../../net/index.ts";
import type { SizedSource } from "../object-store.ts";
import { Refused } from "../remote/answer.ts";
import type { RequestSender } from "./request.ts";
import type { UploadedPart } from "./uploads.ts";

const header = "x-amz-checksum-crc32";
const lack = "CreateMultipartUpload with checksums";

/** Whether uploads to this service are begun with a checksum. */
export function isChecksummed({ endpoint, lacking }: RequestSender): boolean {
  return endpoint.aws && !lacking.has(lack);
}

/** What an upload is begun with. */
export const announcedChecksum: Readonly<Record<string, string>> = {
  "x-amz-checksum-algorithm": "CRC32",
  "x-amz-checksum-type": "FULL_OBJECT",
};

/** Whether it is the checksum that a service refuses; it is not asked for one again. */
export function refusesChecksum({ lacking }: RequestSender, failure: unknown): boolean {
  if (!(failure instanceof Refused)) return false;
  const { status, serverCode, serverMessage } = failure.refusal;
  const isNamed = /checksum|mp-object-size/i.test(serverMessage);
  const refused = serverCode === "NotImplemented" || (isNamed && /^Invalid(Argument|Request)$/.test(serverCode));
  if (!refused || (status !== 400 && status !== 501)) return false;
  lacking.add(lack);
  return true;
}

/** A part whose checksum is known when it was read to its end. */
export class SummedPart {
  readonly body: Uint8Array | SizedSource;
  #crc: number | undefined;

  constructor(body: Uint8Array | SizedSource) {
    if (body instanceof Uint8Array) {
      this.body = body;
      this.#crc = crc32(body);
    } else this.body = { sizeBytes: body.sizeBytes, open: () => this.#read(body) };
  }

  /** Base64, as S3 writes it. */
  get value(): string | undefined {
    return this.#crc === undefined ? undefined : encoded(this.#crc);
  }

  /** The header that brings it, unless `given` do already. */
  headers(given: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    const { value } = this;
    const isThere = Object.keys(given).some((name) => name === "x-amz-trailer" || name.startsWith("x-amz-checksum-"));
    return value === undefined || isThere ? {} : { [header]: value };
  }

  /** Error: integrity, when the server has computed another. */
  check(answered: ResponseHeaders, uri: string): void {
    const theirs = answered[header];
    if (theirs === undefined || this.value === undefined || theirs === this.value) return;
    throw new EntrepotError("integrity", `${uri}: a part arrived with another checksum than it was sent with`, { uri });
  }

  async *#read(source: SizedSource): AsyncGenerator<Uint8Array, void, undefined> {
    let crc = 0;
    for await (const chunk of source.open()) {
      crc = crc32(chunk, crc);
      yield chunk;
    }
    this.#crc = crc;
  }
}

/** What the completion says of the whole; nothing where a part has no checksum. */
export function wholeChecksum(
  parts: readonly (UploadedPart & { readonly sizeBytes: number })[],
): Readonly<Record<string, string>> {
  let crc = 0;
  let total = 0;
  for (const { checksum, sizeBytes } of parts) {
    if (checksum === undefined) return {};
    crc = combineCrc32(crc, Buffer.from(checksum.value, "base64").readUInt32BE(), sizeBytes);
    total += sizeBytes;
  }
  return {
    [header]: encoded(crc),
    "x-amz-checksum-type": "FULL_OBJECT",
    "x-amz-mp-object-size": String(total),
  };
}

function encoded(crc: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc);
  return bytes.toString("base64");
}
