/** Requests as a client would sign them, right or wrong, for the tests of who may pass. */
import { S3Error } from "../errors.ts";
import { HeaderLines, type IncomingRequest, incomingRequest } from "../request/incoming-request.ts";
import { encodePart } from "../request/percent.ts";
import { authenticate } from "./authenticate.ts";
import type { AuthSettings, ServerCredentials } from "./credentials.ts";
import { canonicalRequest, deriveKey, hmac, stringToSign } from "./signing.ts";
import { KeyRing } from "./verify.ts";

export const momentMs: number = Date.UTC(2026, 0, 2, 3, 4, 5);
export const amzDate = "20260102T030405Z";

export interface SignedExample {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  /** Beside `host`, and signed with it. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Lines that come on top, unsigned. */
  readonly unsigned?: readonly (readonly [name: string, value: string])[] | undefined;
  /** Default `test/20260102/us-east-1/s3/aws4_request`. */
  readonly credential?: string | undefined;
  readonly secretAccessKey?: string | undefined;
  /** What the finished header, or URL, is turned into. */
  readonly spoil?: ((signed: string) => string) | undefined;
  readonly nowMs?: number | undefined;
}

const credentials: readonly ServerCredentials[] = [
  { accessKeyId: "test", secretAccessKey: "secret" },
  { accessKeyId: "session", secretAccessKey: "secret", sessionToken: "token", expiresAtMs: momentMs + 1000 },
];

export const authSettings: AuthSettings = { credentials, anonymous: false, region: "us-east-1" };

/** Signed in its Authorization header, which `spoil` may change. */
export function headerSigned(example: SignedExample = {}): IncomingRequest {
  const { url = "/b/k" } = example;
  const headers = {
    host: "localhost:9000",
    "x-amz-content-sha256": "UNSIGNED-PAYLOAD",
    "x-amz-date": amzDate,
    ...example.headers,
  };
  const names = Object.keys(headers).sort();
  const signature = sign(example, url, headers, headers["x-amz-content-sha256"], headers["x-amz-date"]);
  const authorization = `AWS4-HMAC-SHA256 Credential=${credentialOf(example)}, SignedHeaders=${names.join(";")}, Signature=${signature}`;
  const spoilt = example.spoil?.(authorization) ?? authorization;
  return request(example, url, [...Object.entries(headers), ["authorization", spoilt]]);
}

/** Signed in its query: a presigned URL, which `spoil` may change. `query` replaces the parameters of the signature. */
export function presigned(example: SignedExample = {}, query: Readonly<Record<string, string>> = {}): IncomingRequest {
  const headers = { host: "localhost:9000", ...example.headers };
  const parameters = {
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": credentialOf(example),
    "X-Amz-Date": amzDate,
    "X-Amz-Expires": "900",
    "X-Amz-SignedHeaders": Object.keys(headers).sort().join(";"),
    ...query,
  };
  const { url: path = "/b/k" } = example;
  const pairs = Object.entries(parameters).map(([name, value]) => `${name}=${encodePart(value)}`);
  const unsigned = `${path}${path.includes("?") ? "&" : "?"}${pairs.join("&")}`;
  const url = `${unsigned}&X-Amz-Signature=${sign(example, unsigned, headers, "UNSIGNED-PAYLOAD", parameters["X-Amz-Date"])}`;
  return request(example, example.spoil?.(url) ?? url, Object.entries(headers));
}

/** `accepted`, or the code and the message of the refusal. */
export function verdict(made: IncomingRequest, settings: AuthSettings = authSettings): string {
  return refusalOf(made, settings)?.join(": ") ?? "accepted";
}

/** Code and message; undefined when it was accepted. */
export function refusalOf(made: IncomingRequest, settings: AuthSettings = authSettings): [string, string] | undefined {
  try {
    authenticate(made, settings, new KeyRing());
    return undefined;
  } catch (error) {
    if (error instanceof S3Error) return [error.code, error.message];
    throw error;
  }
}

function credentialOf({ credential = "test/20260102/us-east-1/s3/aws4_request" }: SignedExample): string {
  return credential;
}

function sign(
  example: SignedExample,
  url: string,
  headers: Readonly<Record<string, string>>,
  payloadHash: string,
  date: string,
): string {
  const parts = credentialOf(example).split("/");
  const [accessKeyId = "", day = "", region = "", service = ""] = parts;
  const scope = { accessKeyId, date: day, region, service };
  const { target } = request(example, url, [["host", headers["host"] ?? ""]]);
  const canonical = canonicalRequest({
    method: example.method ?? "GET",
    path: target.path,
    query: target.query.pairs,
    signedHeaders: Object.keys(headers).sort(),
    headerValues: (name) => [headers[name] ?? ""],
    payloadHash,
  });
  const key = deriveKey(example.secretAccessKey ?? "secret", scope);
  return hmac(key, stringToSign(date, scope, canonical)).toString("hex");
}

function request(
  { method = "GET", nowMs = momentMs, unsigned = [] }: SignedExample,
  url: string,
  headers: readonly (readonly [string, string])[],
): IncomingRequest {
  const lines = new HeaderLines([...headers, ...unsigned].flat());
  return incomingRequest({
    method,
    url,
    headers: lines,
    nowMs,
    domains: [],
    secure: false,
    body: async function* () {},
  });
}
