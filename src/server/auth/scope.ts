/** Reads the credential that a signature names, `AKID/20260101/us-east-1/s3/aws4_request`, and says what is wrong with it. */
import type { ErrorParts, S3Error } from "../errors.ts";
import type { IncomingRequest } from "../request/incoming-request.ts";
import type { AuthSettings } from "./credentials.ts";
import type { CredentialScope } from "./signing.ts";

/** Makes the refusal: each way of signing has its own code and its own beginning of the sentence. */
export type ScopeRefusal = (why: string, parts?: ErrorParts) => S3Error;

/** Throws what `refusal` makes. */
export function readScope(
  credential: string,
  { region, bucketRegion }: Pick<AuthSettings, "region" | "bucketRegion">,
  refusal: ScopeRefusal,
): CredentialScope {
  const scope = splitCredential(credential);
  if (scope === undefined) {
    throw refusal(`the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".`);
  }
  const { accessKeyId, date, service, terminator } = scope;
  if (accessKeyId === "") throw refusal("a non-empty Access Key (AKID) must be provided in the credential.");
  if (service !== "s3") throw refusal(`incorrect service "${service}". This endpoint belongs to "s3".`);
  if (terminator !== "aws4_request") {
    throw refusal(`incorrect terminal "${terminator}". This endpoint uses "aws4_request".`);
  }
  if (!isDay(date)) {
    throw refusal(`incorrect date format "${date}". This date in the credential must be in the format "yyyyMMdd".`);
  }
  if (region !== undefined && scope.region !== region) {
    throw refusal(`the region '${scope.region}' is wrong; expecting '${region}'`, {
      details: { Region: region },
      headers: bucketRegion === undefined ? {} : { "x-amz-bucket-region": bucketRegion },
    });
  }
  return { accessKeyId, date, region: scope.region, service };
}

/** Whom a request says it is from, and signed for which region, before anything of it is checked; undefined when it says neither. */
export function claimedScope(
  request: IncomingRequest,
): { readonly accessKeyId: string; readonly region: string } | undefined {
  const inHeader = /Credential=([^,\s]+)/.exec(request.header("authorization") ?? "")?.[1];
  const credential = inHeader ?? request.target.query.get("X-Amz-Credential");
  return credential === undefined ? undefined : splitCredential(credential);
}

function splitCredential(credential: string): (CredentialScope & { readonly terminator: string }) | undefined {
  const parts = credential.split("/");
  const [terminator, service, region, date] = parts.toReversed();
  if (terminator === undefined || service === undefined || region === undefined || date === undefined) return undefined;
  // An access key with slashes is none of AWS's, but of servers of one's own.
  if (parts.length < 5 || (parts.length > 5 && terminator !== "aws4_request")) return undefined;
  return { accessKeyId: parts.slice(0, -4).join("/"), date, region, service, terminator };
}

function isDay(text: string): boolean {
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)$/.exec(text) ?? [];
  return year !== undefined && !Number.isNaN(Date.parse(`${year}-${month}-${day}T00:00:00Z`));
}
