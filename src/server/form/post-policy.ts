/**
 * The policy document of an upload by form: what it allows, read from its base64 text. The refusals are in S3's own words,
 * as recorded from it: localstack's tests/aws/services/s3/test_s3.py (TestS3PresignedPost) and versitygw's s3err/post-object.go.
 */
import { s3Error } from "../errors.ts";

export interface PostPolicy {
  /** Milliseconds since 1970; at that moment it still holds. */
  readonly expiresMs: number;
  readonly conditions: readonly PolicyCondition[];
}

export type PolicyCondition =
  | {
      readonly kind: "eq" | "starts-with";
      /** In lower case, without the dollar sign; undefined when that is missing, which no request can meet. */
      readonly field: string | undefined;
      readonly value: string;
      /** As S3 writes it in refusals. */
      readonly shown: string;
    }
  | {
      readonly kind: "content-length-range";
      /** Undefined when a bound is no number, which no request can meet. */
      readonly range: readonly [min: number, max: number] | undefined;
      readonly shown: string;
    };

/** Error: InvalidPolicyDocument. */
export function parsePostPolicy(base64: string): PostPolicy {
  const document = readDocument(base64);
  for (const name of Object.keys(document)) {
    if (name !== "expiration" && name !== "conditions") throw invalid(`Unexpected: '${name.toLowerCase()}'`);
  }
  const { expiration, conditions } = document;
  if (expiration === undefined) throw invalid("Policy missing expiration.");
  if (conditions === undefined) throw invalid("Policy missing conditions.");
  if (typeof expiration !== "string") throw invalidJson();
  // UTC only: an offset is refused, github.com/dwilkie/carrierwave_direct/issues/2.
  const expiresMs = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(expiration)
    ? Date.parse(expiration)
    : Number.NaN;
  if (Number.isNaN(expiresMs)) throw invalid(`Invalid 'expiration' value: '${expiration}'`);
  if (!Array.isArray(conditions)) throw invalid("Invalid 'conditions' value: must be a List.");
  return { expiresMs, conditions: conditions.map(readCondition) };
}

function readDocument(base64: string): Readonly<Record<string, unknown>> {
  const packed = base64.replace(/\s/g, "");
  if (packed === "") throw invalid("Expecting '{' but found End-of-Input");
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(packed) || packed.replace(/=+$/, "").length % 4 === 1) {
    throw invalid("invalid Base64 encoding.");
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(packed, "base64"));
    const parsed: unknown = JSON.parse(text);
    // Numbers are whole ones: repost.aws/questions/QUo27u4OYpTA-XvAWr72xeRg.
    const isWhole = !/\d[.eE]/.test(text.replace(/"(?:[^"\\]|\\.)*"/g, '""'));
    if (isWhole && typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) {
      return parsed as Readonly<Record<string, unknown>>;
    }
  } catch {
    // Said below.
  }
  throw invalidJson();
}

function readCondition(condition: unknown): PolicyCondition {
  if (Array.isArray(condition)) return readList(condition);
  if (typeof condition !== "object" || condition === null) {
    throw invalid("Invalid condition test: must be a List or Object.");
  }
  const [only, ...others] = Object.entries(condition) as [string, unknown][];
  if (only === undefined || others.length > 0) {
    throw invalid("Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.");
  }
  const [field, value] = only;
  if (value === null) throw invalidJson();
  if (typeof value !== "string") throw invalid("Invalid Simple-Condition: value must be a string.");
  return { kind: "eq", field: field.toLowerCase(), value, shown: show(["eq", `$${field}`, value]) };
}

function readList(list: readonly unknown[]): PolicyCondition {
  const [kind, first, second] = list;
  if (list.length === 0) throw invalid("Invalid Condition: missing operation identifier.");
  if (typeof kind !== "string") throw invalidJson();
  if (kind !== "eq" && kind !== "starts-with" && kind !== "content-length-range") {
    throw invalid(`Invalid Condition: unknown operation '${kind}'.`);
  }
  if (list.length !== 3) throw invalid(`Invalid ${kind}: wrong number of arguments.`);
  if (!isScalar(first) || !isScalar(second)) throw invalidJson();
  const shown = show(list);
  if (kind === "content-length-range") {
    const [min, max] = [first, second].map((bound) => (/^\d{1,15}$/.test(String(bound)) ? Number(bound) : undefined));
    return { kind, range: min === undefined || max === undefined ? undefined : [min, max], shown };
  }
  const field = /^\$(.+)$/s.exec(String(first))?.[1]?.toLowerCase();
  return { kind, field, value: String(second), shown };
}

function isScalar(value: unknown): value is string | number {
  return typeof value === "string" || typeof value === "number";
}

/** `["eq", "$key", "x"]`. */
function show(list: readonly unknown[]): string {
  return `[${list.map((item) => JSON.stringify(item)).join(", ")}]`;
}

function invalidJson(): Error {
  return invalid("Invalid JSON.");
}

function invalid(why: string): Error {
  return s3Error("InvalidPolicyDocument", { message: `Invalid Policy: ${why}` });
}
