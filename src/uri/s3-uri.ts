/**
 * `s3://bucket/key?versionId=ID` ↔ value. Nothing is percent-decoded and no slash or dot in a key means anything; only a
 * final `?versionId=` is parsed. `parseS3Rest` and `formatS3` are exact inverses.
 */
import { EntrepotError } from "../error/index.ts";
import { checkBucket, checkKey, checkVersionId, quoted } from "./legal-name.ts";
import type { S3Location } from "./location.ts";

const marker = "?versionId=";

/**
 * Access points, object lambdas and outposts, each part divided by `/` or `:`. A multi-region access point has no region.
 * `$1` is the name of the access point and all before it.
 */
const accessPoint =
  /^(arn:aws[a-z0-9-]*:(?:(?:s3|s3-object-lambda):[a-z0-9-]*:\d{12}:|s3-outposts:[a-z0-9-]+:\d{12}:outpost[/:][A-Za-z0-9-]{1,63}[/:])accesspoint[/:][A-Za-z0-9._-]{1,255})(?=\/|$)/;

/** Reads what follows `s3://`. Error: invalid-address. */
export function parseS3Rest(rest: string): S3Location {
  if (rest === "") return { scheme: "s3", bucket: "", key: "", versionId: undefined };
  const bucket = bucketOf(rest);
  if (rest.length === bucket.length) return { scheme: "s3", bucket, key: "", versionId: undefined };
  const tail = rest.slice(bucket.length + 1);
  const at = versionStart(tail);
  const key = at === -1 ? tail : tail.slice(0, at);
  const versionId = at === -1 ? "" : tail.slice(at + marker.length);
  return s3Location(bucket, key, versionId === "" ? undefined : versionId);
}

/** The URI of a location; the bucket alone is `s3://bucket/`. Error: invalid-address. */
export function formatS3(location: S3Location): string {
  const { bucket, key, versionId } = location;
  if (bucket === "" && key === "" && versionId === undefined) return "s3://";
  s3Location(bucket, key, versionId);
  // A key that ends like a version would be read as one: an empty version after it says that it is not.
  const ending = versionId === undefined ? (versionStart(key) === -1 ? "" : marker) : marker + versionId;
  return `s3://${bucket}/${key}${ending}`;
}

/** The checked value. Error: invalid-address. */
export function s3Location(bucket: string, key: string, versionId: string | undefined): S3Location {
  if (isArn(bucket)) {
    if (accessPoint.exec(bucket)?.[1] !== bucket) throw notAnAccessPoint(bucket);
  } else checkBucket(bucket);
  checkKey(key);
  if (versionId !== undefined) checkVersionId(versionId, key);
  return { scheme: "s3", bucket, key, versionId };
}

function bucketOf(rest: string): string {
  if (!isArn(rest)) {
    const slash = rest.indexOf("/");
    return checkBucket(slash === -1 ? rest : rest.slice(0, slash));
  }
  const name = accessPoint.exec(rest)?.[1];
  if (name === undefined) throw notAnAccessPoint(rest);
  return name;
}

function isArn(text: string): boolean {
  return text.startsWith("arn:");
}

/** Where a final `?versionId=` begins, or -1. What follows it holds no `/` and no `?`, else it is not final. */
function versionStart(tail: string): number {
  const at = tail.lastIndexOf(marker);
  if (at === -1) return -1;
  const after = tail.slice(at + marker.length);
  return after.includes("/") || after.includes("?") ? -1 : at;
}

function notAnAccessPoint(text: string): EntrepotError {
  const plain = /^arn:[^:]*:s3:::/.exec(text);
  return new EntrepotError("invalid-address", `${quoted(text)} is not the ARN of an access point`, {
    hint:
      plain === null
        ? "write s3://arn:aws:s3:REGION:ACCOUNT:accesspoint/NAME/key, or a bucket's name"
        : `write s3://${text.slice(plain[0].length)}`,
  });
}
