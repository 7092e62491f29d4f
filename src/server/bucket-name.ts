/** What may be the name of a bucket: of one that a client makes S3's rules, of one that is there from the start little more than a file's. */
import { s3Error } from "./errors.ts";
import { shown } from "./shown.ts";

/** What is wrong with a name, in words; `undefined` when nothing is. Shorter ones than S3's are fine in tests. */
export function bucketNameMistake(name: string): string | undefined {
  if (/^[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?$/.test(name) && !name.includes("..")) return undefined;
  const rule = "lower-case letters, digits, - and single dots, at most 63, a letter or digit at both ends";
  return `${shown(name)} cannot be the name of a bucket: ${rule}`;
}

/** Error: InvalidBucketName, by the rules of general purpose buckets. */
export function requireBucketName(name: string): void {
  const isReserved = /^(?:xn--|sthree-|amzn-s3-demo-)|(?:-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name);
  if (name.length >= 3 && bucketNameMistake(name) === undefined && !isReserved && !isAddress(name)) return;
  throw s3Error("InvalidBucketName", { details: { BucketName: name } });
}

/** Whether it is a name by either rule. */
export function canBeBucket(name: string): boolean {
  return bucketNameMistake(name) === undefined && !isAddress(name);
}

function isAddress(name: string): boolean {
  return /^\d{1,3}(?:\.\d{1,3}){3}$/.test(name);
}
