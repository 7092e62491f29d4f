/**
 * Signature Version 4 in the fields of a form: it covers the policy, as it was sent. S3's words are recorded in localstack's
 * tests/aws/services/s3/test_s3.py (TestS3PresignedPost) and in the issues that are named beside them.
 */
import { type ErrorParts, type S3Error, s3Error } from "../errors.ts";
import type { Caller } from "./caller.ts";
import type { AuthSettings } from "./credentials.ts";
import { version2 } from "./other-schemes.ts";
import { readScope } from "./scope.ts";
import { hmac, sameSignature } from "./signing.ts";
import { hexBytes, type KeyRing, knownCredentials, parseAmzDate } from "./verify.ts";

/** For so long a signing key is good, and with it a form: docs.aws.amazon.com, bucket-policy-s3-sigv4-conditions. */
const maxAgeMs = 7 * 24 * 60 * 60 * 1000;

const signatureFields = ["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Signature"] as const;

export interface FormSigner {
  readonly caller: Caller;
  /** Base64, as it was signed. */
  readonly policy: string;
  /** When even an unexpired policy ends; milliseconds since 1970. */
  readonly goodUntilMs: number;
}

/**
 * Who signed the form; undefined when nobody did. `field` takes names in lower case. Errors: InvalidArgument,
 * InvalidRequest for version 2, InvalidAccessKeyId, InvalidToken, ExpiredToken, SignatureDoesNotMatch.
 */
export function verifyForm(
  field: (name: string) => string | undefined,
  settings: AuthSettings,
  keys: KeyRing,
  nowMs: number,
): FormSigner | undefined {
  if (field("awsaccesskeyid") !== undefined || field("signature") !== undefined) throw version2("form");
  if (signatureFields.every((name) => field(name.toLowerCase()) === undefined)) return undefined;
  const [algorithm, credential, date, provided, policy] = [...signatureFields, "Policy"].map((name) =>
    requiredField(field, name),
  ) as [string, string, string, string, string];
  if (algorithm !== "AWS4-HMAC-SHA256") {
    throw invalid("X-Amz-Algorithm", algorithm, "Only AWS4-HMAC-SHA256 is supported");
  }
  // "formated", as in github.com/michaeldyrynda/s3upload/issues/1.
  const signedMs = parseAmzDate(date);
  if (signedMs === undefined) throw invalid("X-Amz-Date", date, "X-Amz-Date must be formated via ISO8601 Long format");
  // github.com/aws/aws-sdk-js/issues/2529.
  const scope = readScope(credential, settings, (why, parts) => invalid("X-Amz-Credential", credential, why, parts));
  if (!date.startsWith(scope.date)) {
    throw invalid("X-Amz-Credential", credential, "Invalid credential date. Date is not the same as X-Amz-Date.");
  }
  const known = knownCredentials(settings, scope.accessKeyId, field("x-amz-security-token"), nowMs);
  if (!sameSignature(hmac(keys.get(known, scope), policy).toString("hex"), provided)) {
    throw s3Error("SignatureDoesNotMatch", {
      details: {
        AWSAccessKeyId: scope.accessKeyId,
        StringToSign: policy,
        SignatureProvided: provided,
        StringToSignBytes: hexBytes(policy),
      },
    });
  }
  const caller = { accessKeyId: scope.accessKeyId, payload: { kind: "form" }, seed: undefined } as const;
  return { caller, policy, goodUntilMs: signedMs + maxAgeMs };
}

/** Error: InvalidArgument, in S3's words: github.com/grafana/k6/issues/1382. */
export function requiredField(field: (name: string) => string | undefined, name: string): string {
  const value = field(name.toLowerCase());
  if (value !== undefined) return value;
  const message = `Bucket POST must contain a field named '${name}'.  If it is specified, please check the order of the fields.`;
  throw invalid(name, "", message);
}

function invalid(name: string, value: string, message: string, { details, ...parts }: ErrorParts = {}): S3Error {
  const named = { ArgumentName: name, ArgumentValue: value, ...details };
  return s3Error("InvalidArgument", { ...parts, message, details: named });
}
