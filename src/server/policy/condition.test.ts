import { expect, test } from "vitest";
import type { Question } from "./evaluate.ts";
import { alice, allow, bucketArn, deny, objects, type Rule, type Values, verdict, when } from "./verdict.fixture.ts";

// The examples are those of AWS's "Examples of Amazon S3 bucket policies", "Bucket policy examples using condition keys",
// "Policies and permissions" and "Enforce conditional writes", with this server's account.
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
