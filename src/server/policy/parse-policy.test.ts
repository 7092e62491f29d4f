import { describe, expect, test } from "vitest";
import { S3Error } from "../errors.ts";
import { isPublic } from "./is-public.ts";
import { parsePolicy } from "./parse-policy.ts";

const resource = "arn:aws:s3:::photos/*";
const sound = { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: resource };

type Rule = Readonly<Record<string, unknown>>;

function read(text: string): string {
  try {
    parsePolicy(text, "photos", (name) => name === "alice");
  } catch (error) {
    if (error instanceof S3Error && error.code === "MalformedPolicy") return error.message;
    throw error;
  }
  return "accepted";
}

const readRule = (more: Rule, base: Rule = sound) => read(JSON.stringify({ Statement: [{ ...base, ...more }] }));
const readCondition = (Condition: unknown, more: Rule = {}) => readRule({ Condition, ...more });

test("AWS's own first example is a policy, as are one statement without brackets and all that grammar allows", () => {
  expect(readRule({})).toBe("accepted");
  expect(read(JSON.stringify({ Version: "2012-10-17", Id: "x", Statement: { Sid: "1", ...sound } }))).toBe("accepted");
});

test.each<[string, string]>([
  ["Policies must be valid JSON and the first byte must be '{'", ""],
  ["Policies must be valid JSON and the first byte must be '{'", ' {"Statement":[]}'],
  ["Policies must be valid JSON and the first byte must be '{'", "[]"],
  ["This policy contains invalid Json", '{"Statement":['],
  ["Missing required field Statement", "{}"],
  ["Could not parse the policy: Statement is empty!", '{"Statement":[]}'],
  ["Unknown field statement", '{"statement":[]}'],
  ["The policy must contain a valid version string", '{"Version":"2020-01-01","Statement":[]}'],
  ["Invalid policy syntax.", '{"Statement":[1]}'],
])("%s: %s", (message, text) => {
  expect(read(text)).toBe(message);
});

test.each<[string, Rule]>([
  ["Missing required field Effect", { Effect: undefined }],
  ["Invalid effect: allow", { Effect: "allow" }],
  ["Missing required field Principal", { Principal: undefined }],
  ["Missing required field Action", { Action: undefined }],
  ["Missing required field Resource", { Resource: undefined }],
  ["Unknown field condition", { condition: {} }],
  ["Invalid policy syntax.", { NotAction: "s3:PutObject" }],
  ["Invalid policy syntax.", { Action: [1] }],
  ["Allow with NotPrincipal is not allowed.", { Principal: undefined, NotPrincipal: "*" }],
  ["Policy has invalid action", { Action: "s3:GetObjects" }],
  ["Policy has invalid action", { Action: "ec2:RunInstances" }],
  ["Policy has invalid action", { Action: "GetObject" }],
  ["Policy has invalid action", { Action: ["s3:GetObject", "s3:HeadObject"] }],
  ["Policy has invalid resource", { Resource: "*" }],
  ["Policy has invalid resource", { Resource: "arn:aws:s3:::other/*" }],
  ["Policy has invalid resource", { Resource: "arn:aws:s3:::photos2/*" }],
  ["Policy has invalid resource", { Resource: "photos/*" }],
  ["Policy has invalid resource", { Resource: [] }],
  ["Policy has invalid resource", { Resource: [resource, "arn:aws:s3:::"] }],
  ["Action does not apply to any resource(s) in statement", { Resource: "arn:aws:s3:::photos" }],
  ["Action does not apply to any resource(s) in statement", { Action: "s3:ListBucket" }],
  ["Action does not apply to any resource(s) in statement", { Action: ["s3:GetObject", "s3:ListBucket"] }],
  ["Action does not apply to any resource(s) in statement", { Action: "s3:ListAllMyBuckets" }],
  ["accepted", { Action: ["s3:GetObject", "s3:ListBucket"], Resource: ["arn:aws:s3:::photos", resource] }],
  ["accepted", { Action: "s3:*" }],
  ["accepted", { Resource: "arn:aws:s3:::photos*" }],
])("%s: a statement with %j", (message, more) => {
  expect(readRule(more)).toBe(message);
});

test.each<[string, unknown]>([
  ["accepted", { AWS: ["123456789012", "arn:aws:iam::111122223333:root"] }],
  ["accepted", { AWS: "arn:aws:iam::123456789012:user/alice" }],
  ["accepted", { AWS: "arn:aws:iam::111122223333:user/division/who.ever" }],
  ["accepted", { AWS: "arn:aws:iam::111122223333:role/reader", Service: "cloudfront.amazonaws.com" }],
  ["accepted", { CanonicalUser: "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be" }],
  ["Invalid principal in policy", "alice"],
  ["Invalid principal in policy", ["*"]],
  ["Invalid principal in policy", {}],
  ["Invalid principal in policy", { AWS: [] }],
  ["Invalid principal in policy", { AWS: "" }],
  ["Invalid principal in policy", { AWS: ["*", "123456789012"] }],
  ["Invalid principal in policy", { AWS: "arn:aws:iam::123456789012:user/nobody" }],
  ["Invalid principal in policy", { AWS: "arn:aws:iam::123456789012:user/*" }],
  ["Invalid principal in policy", { AWS: "AIDAJQABLZS4A3QDU576Q" }],
  ["Invalid principal in policy", { Service: "*" }],
  ["Invalid principal in policy", { Everyone: "*" }],
])("%s: the principal %j", (message, Principal) => {
  expect(readRule({ Principal })).toBe(message);
});

describe("a condition", () => {
  test.each<[string, unknown]>([
    ["accepted", { IpAddress: { "aws:SourceIp": ["203.0.113.0/24", "2001:db8::/32"] } }],
    ["accepted", { "ForAnyValue:StringLikeIfExists": { "aws:anything": "*" } }],
    ["accepted", { StringEquals: { "S3:existingobjecttag/Kind": "x" } }],
    ["Invalid Condition type : stringEquals", { stringEquals: { "aws:SourceIp": "x" } }],
    ["Invalid Condition type : StringMatches", { StringMatches: { "aws:SourceIp": "x" } }],
    ["Invalid Condition type : NullIfExists", { NullIfExists: { "aws:SourceIp": "true" } }],
    ["Policy has an invalid condition key", { StringEquals: { "s3:x-acl": "private" } }],
    ["Policy has an invalid condition key", { StringEquals: { prefix: "a" } }],
    ["Policy has an invalid condition key", { StringEquals: { "s3:ExistingObjectTag/": "a" } }],
    ["Invalid IP address in Conditions", { IpAddress: { "aws:SourceIp": "203.0.113.0/33" } }],
    ["Invalid IP address in Conditions", { NotIpAddress: { "aws:SourceIp": ["203.0.113.0/24", "here"] } }],
    ["Invalid policy syntax.", { StringEquals: "x" }],
    ["Invalid policy syntax.", { StringEquals: { "aws:SourceIp": { a: 1 } } }],
  ])("%s: %j", (message, condition) => {
    expect(readCondition(condition)).toBe(message);
  });

  const mismatch = "Conditions do not apply to combination of actions and resources in statement";
  test.each<[string, string | readonly string[], string]>([
    [mismatch, "s3:GetObject", "s3:prefix"],
    [mismatch, ["s3:GetObject", "s3:PutObject"], "s3:x-amz-acl"],
    [mismatch, "s3:DeleteObject", "s3:ExistingObjectTag/kind"],
    [mismatch, "s3:PutObject", "s3:ExistingObjectTag/kind"],
    [mismatch, "s3:PutObjectAcl", "s3:RequestObjectTag/kind"],
    ["accepted", "s3:GetObjectAttributes", "s3:ExistingObjectTag/kind"],
    ["accepted", "s3:PutObject", "s3:x-amz-acl"],
    ["accepted", "s3:*", "s3:x-amz-acl"],
    ["accepted", "s3:GetObject", "s3:TlsVersion"],
  ])("%s: with %j, %s", (message, Action, key) => {
    expect(readCondition({ StringEquals: { [key]: "1" } }, { Action })).toBe(message);
  });
});

test("a policy has at most 20 KB, white space not counted", () => {
  const long = (count: number) => {
    const Resource = Array.from({ length: count }, (_, at) => `arn:aws:s3:::photos/${String(at).padStart(10, "0")}/*`);
    return JSON.stringify({ Statement: [{ ...sound, Resource }] }, null, 20);
  };
  expect(long(500).length).toBeGreaterThan(20 * 1024);
  expect(read(long(500))).toBe("accepted");
  expect(read(long(600))).toBe("Normalized policy document exceeds the maximum allowed size of 20480 bytes");
});

test("statements have names of their own", () => {
  const twice = {
    Statement: [
      { Sid: "a", ...sound },
      { Sid: "a", ...sound },
    ],
  };
  expect(read(JSON.stringify(twice))).toBe("The Statement Ids in the policy are not unique");
});

// "The meaning of public" in "Blocking public access to your Amazon S3 storage".
test.each<[boolean, Rule]>([
  [true, {}],
  [true, { Principal: { AWS: "*" } }],
  [false, { Effect: "Deny" }],
  [false, { Principal: { AWS: "arn:aws:iam::123456789012:user/alice" } }],
  [false, { Principal: { Service: "cloudtrail.amazonaws.com" } }],
  [false, { Condition: { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } } }],
  [true, { Condition: { IpAddress: { "aws:SourceIp": ["203.0.113.0/24", "0.0.0.0/1"] } } }],
  [true, { Condition: { NotIpAddress: { "aws:SourceIp": "203.0.113.0/24" } } }],
  [false, { Condition: { StringEquals: { "aws:SourceVpc": "vpc-91237329" } } }],
  [true, { Condition: { StringLike: { "aws:SourceVpc": "vpc-*" } } }],
  [true, { Condition: { StringEqualsIfExists: { "aws:SourceVpc": "vpc-91237329" } } }],
  [true, { Condition: { StringLike: { "aws:Referer": "http://www.example.com/*" } } }],
])("public is %s: %j", (expected, more) => {
  const text = JSON.stringify({ Version: "2012-10-17", Statement: [{ ...sound, ...more }] });
  expect(isPublic(parsePolicy(text, "photos", () => true))).toBe(expected);
});
