import { expect, test } from "vitest";
import { evaluate, type Question } from "./evaluate.ts";
import { parsePolicy } from "./parse-policy.ts";
import { rootArn, userArn } from "./parse-principals.ts";

// The examples are those of AWS's "Examples of Amazon S3 bucket policies", "Bucket policy examples using condition keys",
// "Policies and permissions" and "Enforce conditional writes", with this server's account.
const bucket = "amzn-s3-demo-bucket";
const bucketArn = `arn:aws:s3:::${bucket}`;
const objects = `${bucketArn}/*`;
const alice = userArn("alice");
const bob = userArn("bob");

type Rule = Readonly<Record<string, unknown>>;
type Values = Readonly<Record<string, string | readonly string[]>>;

function verdict(
  rules: readonly Rule[],
  question: Partial<Question>,
  values: Values = {},
  version = "2012-10-17",
): string {
  const text = JSON.stringify({ Version: version, Statement: rules });
  const { principal = alice } = "principal" in question ? { principal: question.principal ?? "" } : {};
  const known: Values = { ...(principal.includes(":user/") ? { "aws:username": nameOf(principal) } : {}), ...values };
  return evaluate(
    parsePolicy(text, bucket, () => true),
    {
      principal: alice,
      action: "s3:getobject",
      resource: `${bucketArn}/k`,
      context: (key) => (known[key] === undefined ? undefined : [known[key]].flat()),
      ...question,
    },
  );
}

const nameOf = (arn: string) => arn.slice(arn.lastIndexOf("/") + 1);

const allow = (more: Rule): Rule => ({
  Effect: "Allow",
  Principal: "*",
  Action: "s3:GetObject",
  Resource: objects,
  ...more,
});
const deny = (more: Rule): Rule => ({
  ...allow({ Action: "s3:*", Resource: [bucketArn, objects] }),
  Effect: "Deny",
  ...more,
});
const when = (operator: string, key: string, value: unknown): Rule => ({ Condition: { [operator]: { [key]: value } } });

test("what denies wins over what allows, in either order", () => {
  expect(verdict([allow({}), deny({})], {})).toBe("deny");
  expect(verdict([deny({}), allow({})], {})).toBe("deny");
  expect(verdict([allow({})], {})).toBe("allow");
  expect(verdict([allow({})], { action: "s3:putobject" })).toBe("none");
});

test.each<[string, Rule, string | undefined, string]>([
  ["everyone is anybody", allow({ Principal: "*" }), undefined, "allow"],
  ["everyone is anybody, in the long form too", allow({ Principal: { AWS: "*" } }), undefined, "allow"],
  ["a user is himself", allow({ Principal: { AWS: alice } }), alice, "allow"],
  ["a user is no other", allow({ Principal: { AWS: alice } }), bob, "none"],
  ["a user is one of several", allow({ Principal: { AWS: [bob, alice] } }), alice, "allow"],
  ["an account's number lets its root in", allow({ Principal: { AWS: "123456789012" } }), rootArn, "allow"],
  ["an account lets in whom it likes, not all its users", allow({ Principal: { AWS: rootArn } }), alice, "none"],
  ["an account that is denied is all its users", deny({ Principal: { AWS: rootArn } }), alice, "deny"],
  ["another account is nobody here", allow({ Principal: { AWS: "111122223333" } }), rootArn, "none"],
  ["a service is nobody here", allow({ Principal: { Service: "logging.s3.amazonaws.com" } }), rootArn, "none"],
  ["an owner's canonical id is his account", deny({ Principal: { CanonicalUser: ownerId() } }), rootArn, "deny"],
  ["nobody known is no user", allow({ Principal: { AWS: alice } }), undefined, "none"],
  ["whom NotPrincipal names is spared", denyAllBut([alice, rootArn]), alice, "none"],
  ["whom it does not name is not", denyAllBut([alice, rootArn]), bob, "deny"],
  ["strangers are not named by it", denyAllBut([alice, rootArn]), undefined, "deny"],
  ["a user without his account is not spared", denyAllBut([alice]), alice, "deny"],
])("principals: %s", (_what, rule, principal, expected) => {
  expect(verdict([rule], { principal })).toBe(expected);
});

function ownerId(): string {
  return "75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a";
}

function denyAllBut(AWS: readonly string[]): Rule {
  const { Principal: _, ...rest } = deny({});
  return { ...rest, NotPrincipal: { AWS } };
}

test.each<[Rule, Partial<Question>, string]>([
  [{ Action: "s3:Get*" }, { action: "s3:getobjecttagging" }, "allow"],
  [{ Action: "S3:GETOBJECT" }, {}, "allow"],
  [{ Action: "s3:GetObjec?" }, {}, "allow"],
  [{ Action: "*" }, { action: "s3:putobject" }, "allow"],
  [{ Action: "s3:Get*" }, { action: "s3:putobject" }, "none"],
  [{ Action: undefined, NotAction: "s3:Delete*" }, { action: "s3:putobject" }, "allow"],
  [{ Action: undefined, NotAction: "s3:Delete*" }, { action: "s3:deleteobject" }, "none"],
  [{ Resource: `${bucketArn}/a/*/c` }, { resource: `${bucketArn}/a/x/y/c` }, "allow"],
  [{ Resource: `${bucketArn}/a?` }, { resource: `${bucketArn}/a` }, "none"],
  [{ Resource: `${bucketArn}/A` }, { resource: `${bucketArn}/a` }, "none"],
  [{ Resource: objects, Action: "s3:*" }, { resource: bucketArn, action: "s3:listbucket" }, "none"],
  [{ Resource: undefined, NotResource: `${bucketArn}/private/*` }, {}, "allow"],
  [{ Resource: undefined, NotResource: `${bucketArn}/private/*` }, { resource: `${bucketArn}/private/k` }, "none"],
])("actions and resources: %j for %j", (more, question, expected) => {
  expect(verdict([allow(more)], question)).toBe(expected);
});

const home = `${bucketArn}/home/\${aws:username}/*`;

test("a variable is filled in, literally, where the version knows them", () => {
  const rule = allow({ Resource: home });
  expect(verdict([rule], { resource: `${bucketArn}/home/alice/x` })).toBe("allow");
  expect(verdict([rule], { resource: `${bucketArn}/home/bob/x` })).toBe("none");
  expect(verdict([rule], { resource: `${bucketArn}/home/bob/x` }, { "aws:username": "*" })).toBe("none");
  expect(verdict([rule], { principal: undefined, resource: `${bucketArn}/home//x` })).toBe("none");
  expect(verdict([rule], { resource: `${bucketArn}/home/alice/x` }, {}, "2008-10-17")).toBe("none");
});

test("a variable may have a default, and hide what would be a wildcard", () => {
  const own = allow({ Resource: `${bucketArn}/\${aws:username, 'guest'}/x` });
  expect(verdict([own], { principal: undefined, resource: `${bucketArn}/guest/x` })).toBe("allow");
  expect(verdict([own], { resource: `${bucketArn}/guest/x` })).toBe("none");
  const star = allow({ Resource: `${bucketArn}/a\${*}` });
  expect(verdict([star], { resource: `${bucketArn}/a*` })).toBe("allow");
  expect(verdict([star], { resource: `${bucketArn}/ab` })).toBe("none");
});

test.each<[string, readonly Rule[], Partial<Question>, Values, string]>([
  ["only HTTPS", [deny(when("Bool", "aws:SecureTransport", "false"))], {}, { "aws:securetransport": "false" }, "deny"],
  [
    "only HTTPS, and it is",
    [deny(when("Bool", "aws:SecureTransport", false))],
    {},
    { "aws:securetransport": "true" },
    "none",
  ],
  [
    "TLS that is too old",
    [deny(when("NumericLessThan", "s3:TlsVersion", 1.2))],
    {},
    { "s3:tlsversion": "1.1" },
    "deny",
  ],
  [
    "TLS that is new enough",
    [deny(when("NumericLessThan", "s3:TlsVersion", 1.2))],
    {},
    { "s3:tlsversion": "1.3" },
    "none",
  ],
  [
    "addresses outside of the office",
    [deny(when("NotIpAddress", "aws:SourceIp", "192.0.2.0/24"))],
    {},
    { "aws:sourceip": "203.0.113.7" },
    "deny",
  ],
  [
    "an address in the office",
    [deny(when("NotIpAddress", "aws:SourceIp", "192.0.2.0/24"))],
    {},
    { "aws:sourceip": "192.0.2.9" },
    "none",
  ],
  [
    "IPv4 and IPv6 in one condition",
    [allow(when("IpAddress", "aws:SourceIp", ["192.0.2.0/24", "2001:DB8:1234:5678::/64"]))],
    {},
    { "aws:sourceip": "2001:db8:1234:5678::1" },
    "allow",
  ],
  [
    "a page that refers",
    [allow(when("StringLike", "aws:Referer", ["http://www.example.com/*", "http://example.com/*"]))],
    {},
    { "aws:referer": "http://www.example.com/page" },
    "allow",
  ],
  [
    "no page that refers",
    [allow(when("StringLike", "aws:Referer", ["http://www.example.com/*", "http://example.com/*"]))],
    {},
    {},
    "none",
  ],
  ["without a second factor", [deny(when("Null", "aws:MultiFactorAuthAge", true))], {}, {}, "deny"],
  [
    "long pages",
    [deny({ Action: "s3:ListBucket", Resource: bucketArn, ...when("NumericGreaterThan", "s3:max-keys", "10") })],
    { action: "s3:listbucket", resource: bucketArn },
    { "s3:max-keys": "11" },
    "deny",
  ],
  [
    "signatures older than ten minutes",
    [deny(when("NumericGreaterThan", "s3:signatureAge", 600_000))],
    {},
    { "s3:signatureage": "600001" },
    "deny",
  ],
  [
    "before a day",
    [allow(when("DateLessThan", "aws:CurrentTime", "2026-06-30T00:00:00Z"))],
    {},
    { "aws:currenttime": "2026-06-29T23:59:59Z" },
    "allow",
  ],
  [
    "after a day",
    [allow(when("DateLessThan", "aws:CurrentTime", "2026-06-30T00:00:00Z"))],
    {},
    { "aws:currenttime": "2026-06-30T00:00:00Z" },
    "none",
  ],
  [
    "an ARN by its pattern",
    [deny(when("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::123456789012:user/a*"))],
    {},
    { "aws:principalarn": alice },
    "none",
  ],
  [
    "an ARN's pattern that would cross a colon",
    [allow(when("ArnLike", "aws:PrincipalArn", "arn:aws:*:user/alice"))],
    {},
    { "aws:principalarn": alice },
    "none",
  ],
  [
    "a write that would overwrite",
    [deny({ Action: "s3:PutObject", Resource: objects, Condition: whole("s3:if-none-match") })],
    { action: "s3:putobject" },
    { "s3:objectcreationoperation": "true" },
    "deny",
  ],
  [
    "a part of an upload, which brings no condition",
    [deny({ Action: "s3:PutObject", Resource: objects, Condition: whole("s3:if-none-match") })],
    { action: "s3:putobject" },
    { "s3:objectcreationoperation": "false" },
    "none",
  ],
  [
    "tags that are all among these",
    [
      allow({
        Action: "s3:PutObjectTagging",
        ...when("ForAllValues:StringLike", "s3:RequestObjectTagKeys", ["Owner", "C*"]),
      }),
    ],
    { action: "s3:putobjecttagging" },
    { "s3:requestobjecttagkeys": ["Owner", "CreationDate"] },
    "allow",
  ],
  [
    "tags that are not all among these",
    [
      allow({
        Action: "s3:PutObjectTagging",
        ...when("ForAllValues:StringLike", "s3:RequestObjectTagKeys", ["Owner"]),
      }),
    ],
    { action: "s3:putobjecttagging" },
    { "s3:requestobjecttagkeys": ["Owner", "Extra"] },
    "none",
  ],
  [
    "one tag that is among these",
    [allow({ Action: "s3:PutObjectTagging", ...when("ForAnyValue:StringEquals", "s3:RequestObjectTagKeys", "Owner") })],
    { action: "s3:putobjecttagging" },
    { "s3:requestobjecttagkeys": ["Owner", "Extra"] },
    "allow",
  ],
  [
    "a tag of the object",
    [allow(when("StringEquals", "s3:ExistingObjectTag/environment", "production"))],
    {},
    { "s3:existingobjecttag/environment": "production" },
    "allow",
  ],
])("conditions: %s", (_what, rules, question, values, expected) => {
  expect(verdict(rules, question, values)).toBe(expected);
});

function whole(key: string): Rule {
  return { Null: { [key]: "true" }, Bool: { "s3:ObjectCreationOperation": "true" } };
}

test("all conditions of a statement must hold, and one value of each", () => {
  const rule = allow({
    Condition: { StringEquals: { "aws:a": ["1", "2"], "aws:b": "1" }, StringLike: { "aws:c": "x*" } },
  });
  expect(verdict([rule], {}, { "aws:a": "2", "aws:b": "1", "aws:c": "xy" })).toBe("allow");
  expect(verdict([rule], {}, { "aws:a": "3", "aws:b": "1", "aws:c": "xy" })).toBe("none");
  expect(verdict([rule], {}, { "aws:a": "2", "aws:b": "1", "aws:c": "y" })).toBe("none");
});

test.each<[string, string]>([
  ["StringEquals", "none"],
  ["StringLike", "none"],
  ["StringEqualsIgnoreCase", "none"],
  ["StringNotEquals", "allow"],
  ["StringNotLike", "allow"],
  ["StringNotEqualsIgnoreCase", "allow"],
  ["ArnLike", "none"],
  ["ArnNotEquals", "allow"],
  ["StringEqualsIfExists", "allow"],
  ["ForAllValues:StringEquals", "allow"],
  ["ForAnyValue:StringEquals", "none"],
  ["ForAnyValue:StringNotEquals", "none"],
  ["ForAnyValue:StringEqualsIfExists", "allow"],
])("where a request has no such key, %s makes it %s", (operator, expected) => {
  expect(verdict([allow(when(operator, "aws:key", "value"))], {})).toBe(expected);
});

test.each<[string, string, string, string]>([
  ["NumericEquals", "1.0", "1", "allow"],
  ["NumericNotEquals", "1", "1", "none"],
  ["NumericLessThanEquals", "2", "2", "allow"],
  ["NumericGreaterThanEquals", "3", "2", "none"],
  ["NumericEquals", "1", "one", "none"],
  ["DateEquals", "2026-01-01", "1767225600", "allow"],
  ["DateGreaterThanEquals", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "allow"],
  ["Bool", "TRUE", "true", "allow"],
  ["Null", "false", "anything", "allow"],
  ["Null", "true", "anything", "none"],
  ["StringEqualsIgnoreCase", "ABC", "abc", "allow"],
  ["StringEquals", "a*", "ab", "none"],
  ["StringLike", "a*", "ab", "allow"],
  ["BinaryEquals", "QmFzZTY0", "QmFzZTY0", "allow"],
  ["IpAddress", "198.51.100.0/22", "198.51.103.255", "allow"],
  ["IpAddress", "::/0", "198.51.103.255", "none"],
])("%s %s compares with %s: %s", (operator, expected, actual, outcome) => {
  expect(verdict([allow(when(operator, "aws:key", expected))], {}, { "aws:key": actual })).toBe(outcome);
});
