/** The two questions to STS: for a role with credentials, and for a role with a token of somebody else's. */
import { hash } from "node:crypto";
import { EntrepotError, type ErrorCode } from "../../../../error/index.ts";
import { encodeQuery } from "../../encode.ts";
import { type Credentials, Signer } from "../../sign.ts";
import { readXml } from "../../xml.ts";
import { ask, momentMs, refused } from "./ask.ts";
import { serviceEndpoint } from "./service-endpoint.ts";
import type { WayContext } from "./way.ts";

export interface StsQuestion {
  readonly action: "AssumeRole" | "AssumeRoleWithWebIdentity";
  readonly parameters: Readonly<Record<string, string | undefined>>;
  /** Signs the question; one with a token needs no other signature. */
  readonly credentials: Credentials | undefined;
  readonly hints: Partial<Record<ErrorCode, string>>;
}

const byWord: Readonly<Record<string, ErrorCode>> = {
  AccessDenied: "forbidden",
  AccessDeniedException: "forbidden",
  ExpiredToken: "unauthenticated",
  ExpiredTokenException: "unauthenticated",
  InvalidClientTokenId: "unauthenticated",
  UnrecognizedClientException: "unauthenticated",
  SignatureDoesNotMatch: "unauthenticated",
  IncompleteSignature: "unauthenticated",
  MissingAuthenticationToken: "unauthenticated",
  RequestExpired: "unauthenticated",
  InvalidIdentityToken: "unauthenticated",
  IDPRejectedClaim: "unauthenticated",
  IDPCommunicationError: "server-error",
  RegionDisabledException: "misconfigured",
  ValidationError: "misconfigured",
  Throttling: "throttled",
  ThrottlingException: "throttled",
  RequestLimitExceeded: "throttled",
};

/** Errors: unauthenticated, forbidden, misconfigured, throttled, server-error, protocol, and those of the transport. */
export async function askSts(context: WayContext, question: StsQuestion): Promise<Credentials> {
  const { action, parameters, credentials, hints } = question;
  const { url, region } = serviceEndpoint(context, "sts", context.region);
  const body = Buffer.from(encodeQuery({ Action: action, Version: "2011-06-15", ...parameters }));
  const headers = { "content-type": "application/x-www-form-urlencoded; charset=utf-8" };
  const signed =
    credentials === undefined
      ? headers
      : new Signer(credentials, region, "sts").sign(
          {
            method: "POST",
            host: url.host,
            path: url.pathname,
            query: "",
            headers,
            payloadHash: hash("sha256", body),
          },
          context.world.clock.now(),
        );
  const service = `STS at ${url.origin}`;
  const { status, text } = await ask(context.world, { service, method: "POST", url, headers: signed, body });
  const fields = fieldsOf(text);
  if (status !== 200) {
    const { Code: word = "", Message: message = "" } = fields;
    const { secretAccessKey = "", sessionToken = "" } = credentials ?? {};
    const secrets = [secretAccessKey, sessionToken, parameters["WebIdentityToken"] ?? ""];
    const code = Object.hasOwn(byWord, word) ? byWord[word] : undefined;
    throw refused({ service, status, word, message, secrets }, code, hints);
  }
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = fields;
  const expiresMs = momentMs(fields["Expiration"] ?? "");
  if (!accessKeyId || !secretAccessKey || !sessionToken || expiresMs === undefined) {
    throw new EntrepotError("protocol", `${service} answered without credentials`, {
      hint: "What answers there is not STS: check AWS_ENDPOINT_URL_STS and the profile's endpoint_url.",
    });
  }
  return { accessKeyId, secretAccessKey, sessionToken, expiresMs };
}

/** What a role's session is called where nobody said: letters, digits and a moment. */
export function sessionName(nowMs: number): string {
  return `entrepot-session-${Math.floor(nowMs / 1000)}`;
}

/** The elements of either answer by name; none of what is no XML. */
function fieldsOf(text: string): Readonly<Record<string, string>> {
  const fields: Record<string, string> = Object.create(null);
  try {
    readXml(text, {
      close(name, value) {
        fields[name] = value;
      },
    });
  } catch {
    return {};
  }
  return fields;
}
