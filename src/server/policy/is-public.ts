/**
 * Whether a policy is public as S3 means it: unless what it allows is held to fixed principals, addresses or sources
 * ("The meaning of public" in "Blocking public access to your Amazon S3 storage").
 */
import { parseAddressRange } from "./address-range.ts";
import type { Condition, Policy } from "./policy.ts";

const fixing: ReadonlySet<string> = new Set([
  ...["aws:sourcearn", "aws:sourcevpc", "aws:sourcevpce", "aws:sourceowner", "aws:sourceaccount", "aws:userid"],
  ...["aws:principalorgid", "aws:principalorgpaths", "aws:principalarn", "aws:principalaccount"],
  ...["s3:dataaccesspointarn", "s3:dataaccesspointaccount", "s3:x-amz-server-side-encryption-aws-kms-key-id"],
]);
const positive: ReadonlySet<string> = new Set([
  ...["StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike"],
]);

export function isPublic({ statements }: Policy): boolean {
  return statements.some(
    ({ effect, principals, conditions }) => effect === "Allow" && principals.everyone && !conditions.some(fixes),
  );
}

/** A condition that also holds where its key is missing holds nobody back. */
function fixes({ operator, ifExists, quantifier, key, values }: Condition): boolean {
  if (ifExists || quantifier === "ForAllValues" || values.length === 0) return false;
  if (key === "aws:sourceip") return operator === "IpAddress" && values.every(isNarrow);
  return fixing.has(key) && positive.has(operator) && values.every((value) => !/[*?]|\$\{/.test(value));
}

/** Wider ranges are as good as the whole world: S3 draws the line at /8, and at /32 for IPv6. */
function isNarrow(text: string): boolean {
  const range = parseAddressRange(text);
  return range !== undefined && range.bits >= (range.family === "ipv4" ? 8 : 32);
}
