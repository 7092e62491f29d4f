/**
 * The services that give credentials, all on one loopback port: STS, single sign-on, container and machine. The secret of every
 * key that they give is `secret-of-KEY`, and STS checks the signature of whoever asks.
 */
import { createHash, createHmac, verify } from "node:crypto";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

export interface AskedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Services extends AsyncDisposable {
  readonly origin: string;
  readonly requests: AskedRequest[];
  /** When credentials end that are given from now on; milliseconds since 1970. */
  expiresMs: number;
  /** Answers instead, where it gives an answer. */
  override: ((request: AskedRequest) => Answer | undefined) | undefined;
}

export const noon: number = Date.UTC(2030, 0, 1, 12);

export async function startServices(): Promise<Services> {
  const server = createServer((incoming, outgoing) => {
    const pieces: Buffer[] = [];
    incoming.on("data", (piece: Buffer) => pieces.push(piece));
    incoming.on("end", () => {
      const { method = "", url = "", headers } = incoming;
      const request = { method, path: url, headers, body: Buffer.concat(pieces).toString() };
      services.requests.push(request);
      const { status, body, headers: own } = services.override?.(request) ?? answerTo(request, services.expiresMs);
      outgoing.writeHead(status, own).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const services: Services = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    expiresMs: noon + 3_600_000,
    override: undefined,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return services;
}

function answerTo(request: AskedRequest, expiresMs: number): Answer {
  const { method, path, headers, body } = request;
  const { pathname, searchParams } = new URL(path, "http://x");
  if (method === "POST" && pathname === "/") return sts(request, expiresMs);
  if (method === "POST" && pathname === "/token") return oidc(JSON.parse(body));
  if (method === "POST" && pathname === "/v1/token") return signIn(headers, JSON.parse(body));
  if (pathname === "/federation/credentials") {
    const role = searchParams.get("role_name");
    const token = headers["x-amz-sso_bearer_token"];
    if (token !== "sso-good" && token !== "sso-renewed") return json(401, { message: `Session token ${token}` });
    if (role === "stranger") return json(403, { message: "No access" });
    const { key, secret } = pair(`SSO-${role}`);
    const roleCredentials = { accessKeyId: key, secretAccessKey: secret, sessionToken: `token-of-${key}` };
    return json(200, { roleCredentials: { ...roleCredentials, expiration: expiresMs } });
  }
  if (pathname.startsWith("/container")) {
    if (pathname.endsWith("/private") && headers.authorization !== "container-token")
      return json(401, { message: "who?" });
    return json(200, metadata("CONTAINER", expiresMs));
  }
  if (pathname === "/latest/api/token") return { status: method === "PUT" ? 200 : 405, body: "imds-token" };
  if (pathname.startsWith("/latest/meta-data/iam/security-credentials/")) {
    if (headers["x-aws-ec2-metadata-token"] !== "imds-token") return { status: 401, body: "" };
    return pathname.endsWith("/") ? { status: 200, body: "machine" } : json(200, metadata("MACHINE", expiresMs));
  }
  return json(404, { message: "nothing here" });
}

function sts({ headers, body }: AskedRequest, expiresMs: number): Answer {
  const form = new URLSearchParams(body);
  const role = (form.get("RoleArn") ?? "").replace(/^.*\//, "");
  const refuse = (status: number, code: string, message: string) => ({
    status,
    body: `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
  });
  if (form.get("Action") === "AssumeRole") {
    const caller = signedBy(headers, body);
    if (caller === undefined) return refuse(403, "SignatureDoesNotMatch", "The signature does not match.");
    if (caller === "ENDED") return refuse(403, "ExpiredToken", "The security token has expired: secret-of-ENDED");
    if (caller === "UNKNOWN") return refuse(403, "InvalidClientTokenId", "The security token is invalid.");
    if (role === "external" && form.get("ExternalId") !== "agreed") return refuse(403, "AccessDenied", "external id");
  } else {
    const token = form.get("WebIdentityToken");
    if (token === "jwt-ended") return refuse(400, "ExpiredTokenException", `Token expired: ${token}`);
    if (token !== "jwt-good" && token !== "jwt-next") return refuse(400, "InvalidIdentityToken", "No provider found");
  }
  if (role === "denied") return refuse(403, "AccessDenied", "User is not authorized to perform: sts:AssumeRole");
  if (role === "busy") return refuse(503, "ServiceUnavailable", "later");
  const { key, secret } = pair(`ROLE-${role}`);
  return {
    status: 200,
    body: `<R xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${form.get("Action")}Result><Credentials><AccessKeyId>${key}</AccessKeyId><SecretAccessKey>${secret}</SecretAccessKey><SessionToken>token-of-${key}</SessionToken><Expiration>${new Date(expiresMs).toISOString()}</Expiration></Credentials></${form.get("Action")}Result></R>`,
  };
}

/** The key that signed, if its signature is right: written anew, so that it cannot share the signer's mistakes. */
function signedBy(headers: IncomingHttpHeaders, body: string): string | undefined {
  const match = /Credential=([^/]+)\/(\d+)\/([^/]+)\/sts\/aws4_request, SignedHeaders=([^,]+), Signature=(\w+)/.exec(
    headers.authorization ?? "",
  );
  if (match === null) return undefined;
  const [, key = "", day = "", region = "", names = "", signature] = match;
  const sha = (text: string) => createHash("sha256").update(text).digest("hex");
  const lines = names.split(";").map((name) => `${name}:${headers[name]}\n`);
  const canonical = `POST\n/\n\n${lines.join("")}\n${names}\n${sha(body)}`;
  const toSign = `AWS4-HMAC-SHA256\n${headers["x-amz-date"]}\n${day}/${region}/sts/aws4_request\n${sha(canonical)}`;
  let signing: Buffer | string = `AWS4secret-of-${key}`;
  for (const part of [day, region, "sts", "aws4_request"])
    signing = createHmac("sha256", signing).update(part).digest();
  return createHmac("sha256", signing).update(toSign).digest("hex") === signature ? key : undefined;
}

function oidc(asked: Readonly<Record<string, string>>): Answer {
  if (asked["clientSecret"] !== "client-secret") return json(401, { error: "invalid_client" });
  if (asked["refreshToken"] === "refresh-busy") return json(503, { error: "busy" });
  if (asked["refreshToken"] !== "refresh-good") return json(400, { error: "invalid_grant" });
  return json(200, {
    accessToken: "sso-renewed",
    expiresIn: 28_800,
    refreshToken: "refresh-next",
    tokenType: "Bearer",
  });
}

function signIn(headers: IncomingHttpHeaders, asked: Readonly<Record<string, string>>): Answer {
  const [header = "", claims = "", signature = ""] = String(headers["dpop"]).split(".");
  const { jwk } = JSON.parse(Buffer.from(header, "base64url").toString());
  const key = { key: jwk, format: "jwk", dsaEncoding: "ieee-p1363" } as const;
  const proven = verify("sha256", Buffer.from(`${header}.${claims}`), key, Buffer.from(signature, "base64url"));
  if (!proven || asked["refreshToken"] !== "login-refresh") return json(403, { error: "TOKEN_EXPIRED" });
  const { key: accessKeyId, secret: secretAccessKey } = pair("LOGIN-renewed");
  return json(200, {
    accessToken: { accessKeyId, secretAccessKey, sessionToken: "token-of-LOGIN-renewed" },
    expiresIn: 900,
    refreshToken: "login-refresh-next",
  });
}

function metadata(name: string, expiresMs: number): object {
  const { key, secret } = pair(name);
  const Expiration = `${new Date(expiresMs).toISOString().slice(0, 19)}Z`;
  return { Code: "Success", AccessKeyId: key, SecretAccessKey: secret, Token: `token-of-${key}`, Expiration };
}

function pair(key: string): { readonly key: string; readonly secret: string } {
  return { key, secret: `secret-of-${key}` };
}

function json(status: number, body: object): Answer {
  return { status, body: JSON.stringify(body), headers: { "content-type": "application/json" } };
}
