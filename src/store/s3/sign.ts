/**
 * AWS Signature Version 4, in headers and in presigned URLs. A signature costs about 2 µs: the key of the day and the parts of
 * the text that do not change are kept, and an HMAC is two one-shot hashes. Says nothing about what is worth signing.
 */
import { createHmac, hash } from "node:crypto";
import { encodeQuery } from "./encode.ts";

/** Who signs. `expiresMs` (since 1970) is when these stop working. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  readonly expiresMs?: number | undefined;
}

/** The parts of a request that a signature covers. */
interface SignableRequest {
  readonly method: string;
  /** As sent: with the port, if it is not the scheme's own. */
  readonly host: string;
  /** Encoded, without the query. */
  readonly path: string;
  /** Encoded and sorted (`encodeQuery`). */
  readonly query: string;
  /** Names in lower case. All are signed. */
  readonly headers: Readonly<Record<string, string>>;
  /** Hex SHA-256 of the body, or `UNSIGNED-PAYLOAD`. */
  readonly payloadHash: string;
}

/** The hash of nothing. */
export const emptyPayloadHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
export const unsignedPayload = "UNSIGNED-PAYLOAD";

const algorithm = "AWS4-HMAC-SHA256";
const blockBytes = 64;
const digestBytes = 32;

/** `20130524T000000Z`, kept for the second in which it holds. */
const formatAmzDate = (() => {
  let second = Number.NaN;
  let text = "";
  return (nowMs: number): string => {
    const current = Math.floor(nowMs / 1000);
    if (current !== second) {
      text = `${new Date(current * 1000).toISOString().slice(0, 19).replace(/[-:]/g, "")}Z`;
      second = current;
    }
    return text;
  };
})();

/** Signs what a body is made of, in order; digests are SHA-256 in hex. */
export interface ChunkSigner {
  chunk(digest: string): string;
  trailer(digest: string): string;
}

/** Everything that stays the same from one midnight (UTC) to the next. */
interface Day {
  readonly date: string;
  readonly scope: string;
  readonly key: Buffer;
  /** `key ^ ipad`, then the string to sign, whose changing parts are overwritten. */
  readonly inner: Buffer;
  readonly timeAt: number;
  readonly hashAt: number;
  /** `key ^ opad`, then the inner digest. */
  readonly outer: Buffer;
}

/** Signs for one identity, region and service. */
export class Signer {
  readonly credentials: Credentials;
  readonly region: string;
  readonly #service: string;
  #day: Day | undefined;

  constructor(credentials: Credentials, region: string, service = "s3") {
    this.credentials = credentials;
    this.region = region;
    this.#service = service;
  }

  /** The headers to send: those of the request, the date, the payload's hash, the session's token and the signature. */
  sign(request: SignableRequest, nowMs: number): Record<string, string> {
    const amzDate = formatAmzDate(nowMs);
    const day = this.#dayOf(amzDate);
    const { sessionToken, accessKeyId } = this.credentials;
    const { method, host, path, query, headers, payloadHash } = request;
    const names = sortedNames(headers, sessionToken === undefined ? ownNames : ownNamesWithToken);
    let canonical = `${method}\n${path}\n${query}\n`;
    for (const name of names) {
      if (name === "host") canonical += `host:${host}\n`;
      else if (name === "x-amz-content-sha256") canonical += `x-amz-content-sha256:${payloadHash}\n`;
      else if (name === "x-amz-date") canonical += `x-amz-date:${amzDate}\n`;
      else if (name === "x-amz-security-token") canonical += `x-amz-security-token:${sessionToken}\n`;
      else canonical += `${name}:${trimmed(headers[name] ?? "")}\n`;
    }
    const signedNames = names.join(";");
    const signature = signText(day, amzDate, `${canonical}\n${signedNames}\n${payloadHash}`);
    const signed: Record<string, string> = {
      authorization: `${algorithm} Credential=${accessKeyId}/${day.scope}, SignedHeaders=${signedNames}, Signature=${signature}`,
      "x-amz-content-sha256": payloadHash,
      "x-amz-date": amzDate,
    };
    if (sessionToken !== undefined) signed["x-amz-security-token"] = sessionToken;
    for (const name in headers) signed[name] = headers[name] ?? "";
    return signed;
  }

  /** Signs the chunks of a body, each chained to the one before, from the headers that `sign` gave for its request. */
  chunks(headers: Readonly<Record<string, string>>): ChunkSigner {
    const amzDate = headers["x-amz-date"] ?? "";
    const { key, scope } = this.#dayOf(amzDate);
    let previous = headers["authorization"]?.slice(-64) ?? "";
    const next = (kind: string, rest: string): string => {
      previous = createHmac("sha256", key)
        .update(`${algorithm}-${kind}\n${amzDate}\n${scope}\n${previous}\n${rest}`)
        .digest("hex");
      return previous;
    };
    return {
      chunk: (digest) => next("PAYLOAD", `${emptyPayloadHash}\n${digest}`),
      trailer: (digest) => next("TRAILER", digest),
    };
  }

  /** The query of a URL that works for `expiresSeconds` from `nowMs`. The host and `request.headers` must be sent as signed. */
  presign(
    request: Omit<SignableRequest, "query"> & { readonly parameters: Readonly<Record<string, string | undefined>> },
    nowMs: number,
    expiresSeconds: number,
  ): string {
    const amzDate = formatAmzDate(nowMs);
    const day = this.#dayOf(amzDate);
    const names = [...Object.keys(request.headers), "host"].sort();
    const query = encodeQuery({
      ...request.parameters,
      "X-Amz-Algorithm": algorithm,
      "X-Amz-Credential": `${this.credentials.accessKeyId}/${day.scope}`,
      "X-Amz-Date": amzDate,
      "X-Amz-Expires": String(expiresSeconds),
      "X-Amz-Security-Token": this.credentials.sessionToken,
      "X-Amz-SignedHeaders": names.join(";"),
    });
    const lines = names.map(
      (name) => `${name}:${name === "host" ? request.host : trimmed(request.headers[name] ?? "")}\n`,
    );
    const canonical = `${request.method}\n${request.path}\n${query}\n${lines.join("")}\n${names.join(";")}\n${request.payloadHash}`;
    return `${query}&X-Amz-Signature=${signText(day, amzDate, canonical)}`;
  }

  #dayOf(amzDate: string): Day {
    const day = this.#day;
    if (day !== undefined && amzDate.startsWith(day.date)) return day;
    const date = amzDate.slice(0, 8);
    const fresh = startDay(this.credentials.secretAccessKey, date, this.region, this.#service);
    this.#day = fresh;
    return fresh;
  }
}

function startDay(secret: string, date: string, region: string, service: string): Day {
  let key: Buffer | string = `AWS4${secret}`;
  for (const part of [date, region, service, "aws4_request"]) key = createHmac("sha256", key).update(part).digest();
  const scope = `${date}/${region}/${service}/aws4_request`;
  const text = `${algorithm}\n00000000T000000Z\n${scope}\n${"0".repeat(2 * digestBytes)}`;
  const inner = Buffer.alloc(blockBytes + text.length, 0x36);
  const outer = Buffer.alloc(blockBytes + digestBytes, 0x5c);
  for (const [at, byte] of (key as Buffer).entries()) {
    inner[at] = byte ^ 0x36;
    outer[at] = byte ^ 0x5c;
  }
  inner.write(text, blockBytes, "latin1");
  return {
    date,
    scope,
    key: key as Buffer,
    inner,
    outer,
    timeAt: blockBytes + algorithm.length + 1,
    hashAt: inner.length - 2 * digestBytes,
  };
}

function signText(day: Day, amzDate: string, canonical: string): string {
  day.inner.write(amzDate, day.timeAt, "latin1");
  day.inner.write(hash("sha256", canonical), day.hashAt, "latin1");
  day.outer.write(hash("sha256", day.inner, "binary"), blockBytes, "latin1");
  return hash("sha256", day.outer);
}

const ownNames: readonly string[] = ["host", "x-amz-content-sha256", "x-amz-date"];
const ownNamesWithToken: readonly string[] = [...ownNames, "x-amz-security-token"];

/** The given names among our own, in order: by insertion, because they are few. */
function sortedNames(headers: Readonly<Record<string, string>>, own: readonly string[]): string[] {
  const names = own.slice();
  for (const name in headers) {
    let at = names.length;
    while (at > 0 && (names[at - 1] ?? "") > name) at--;
    names.splice(at, 0, name);
  }
  return names;
}

function trimmed(value: string): string {
  return value.includes(" ") ? value.trim().replace(/ {2,}/g, " ") : value;
}
