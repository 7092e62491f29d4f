/** What S3 says to presigned URLs that are not right. After versitygw's tests/integration/presigned_urls.go. */
import { describe, expect, test } from "vitest";
import { authSettings, momentMs, presigned, refusalOf, type SignedExample, verdict } from "./signed-request.fixture.ts";

const malformed = (why: string) => `AuthorizationQueryParametersError: ${why}`;
const credential = (why: string) => malformed(`Error parsing the X-Amz-Credential parameter; ${why}`);
const missing = malformed(
  "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
);
const without = (name: string): SignedExample => ({ spoil: (url) => url.replace(new RegExp(`&${name}=[^&]*`), "") });
const notSigned = "AccessDenied: There were headers present in the request which were not signed";

test.each<[string, SignedExample, Record<string, string>, string]>([
  ["as it should be", {}, {}, "accepted"],
  ["without a credential", without("X-Amz-Credential"), {}, missing],
  ["without a date", without("X-Amz-Date"), {}, missing],
  ["without a signature", without("X-Amz-Signature"), {}, missing],
  ["without signed headers", without("X-Amz-SignedHeaders"), {}, missing],
  ["without an end", without("X-Amz-Expires"), {}, missing],
  ["without an algorithm", { spoil: (url) => url.replace(/X-Amz-Algorithm=[^&]*&/, "") }, {}, missing],
  [
    "by another algorithm",
    {},
    { "X-Amz-Algorithm": "AWS4-SHA256" },
    malformed('X-Amz-Algorithm only supports "AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256"'),
  ],
  [
    "by SigV4A",
    {},
    { "X-Amz-Algorithm": "AWS4-ECDSA-P256-SHA256" },
    malformed('X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"'),
  ],
  [
    "with half a credential",
    { credential: "access/hello/world" },
    {},
    credential('the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".'),
  ],
  [
    "with another end of the scope",
    { credential: "test/20260102/us-east-1/s3/aws5_request" },
    {},
    credential('incorrect terminal "aws5_request". This endpoint uses "aws4_request".'),
  ],
  [
    "for another service",
    { credential: "test/20260102/us-east-1/sns/aws4_request" },
    {},
    credential('incorrect service "sns". This endpoint belongs to "s3".'),
  ],
  [
    "for another region",
    { credential: "test/20260102/us-west-1/s3/aws4_request" },
    {},
    credential("the region 'us-west-1' is wrong; expecting 'us-east-1'"),
  ],
  [
    "for no day",
    { credential: "test/32234Z34/us-east-1/s3/aws4_request" },
    {},
    credential('incorrect date format "32234Z34". This date in the credential must be in the format "yyyyMMdd".'),
  ],
  [
    "for another day",
    { credential: "test/20060102/us-east-1/s3/aws4_request" },
    {},
    malformed('Invalid credential date "20060102". This date is not the same as X-Amz-Date: "20260102".'),
  ],
  [
    "from a stranger",
    { credential: "who/20260102/us-east-1/s3/aws4_request" },
    {},
    "InvalidAccessKeyId: The AWS Access Key Id you provided does not exist in our records.",
  ],
  [
    "with a date that is none",
    {},
    { "X-Amz-Date": "today" },
    malformed("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\""),
  ],
  ["good for nothing", { nowMs: momentMs + 1 }, { "X-Amz-Expires": "0" }, "AccessDenied: Request has expired"],
  ["good for one moment", {}, { "X-Amz-Expires": "0" }, "accepted"],
  ["good for a week", { nowMs: momentMs + 604_800_000 }, { "X-Amz-Expires": "604800" }, "accepted"],
  [
    "good for a week, a moment after it",
    { nowMs: momentMs + 604_800_001 },
    { "X-Amz-Expires": "604800" },
    "AccessDenied: Request has expired",
  ],
  [
    "good for more than a week",
    {},
    { "X-Amz-Expires": "604801" },
    malformed(
      "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds",
    ),
  ],
  ["good for less than nothing", {}, { "X-Amz-Expires": "-1" }, malformed("X-Amz-Expires must be non-negative")],
  ["good for a while", {}, { "X-Amz-Expires": "a while" }, malformed("X-Amz-Expires should be a number")],
  ["good for a second and a half", {}, { "X-Amz-Expires": "1.5" }, malformed("X-Amz-Expires should be a number")],
  ["exactly 15 minutes early", { nowMs: momentMs - 900_000 }, {}, "accepted"],
  ["more than 15 minutes early", { nowMs: momentMs - 900_001 }, {}, "AccessDenied: Request is not yet valid"],
  ["that does not cover an x-amz- header", { unsigned: [["x-amz-copy-source", "b/k"]] }, {}, notSigned],
  ["that does not cover other headers", { unsigned: [["content-type", "a/b"]] }, {}, "accepted"],
  ["that does not cover the host", {}, { "X-Amz-SignedHeaders": "date" }, notSigned],
  [
    "for another method",
    { method: "PUT", spoil: (url) => url.replace("/b/k", "/b/j") },
    {},
    expect.stringMatching(/^SignatureDoesNotMatch/),
  ],
  [
    "with the token of its session",
    { credential: "session/20260102/us-east-1/s3/aws4_request" },
    { "X-Amz-Security-Token": "token" },
    "accepted",
  ],
  [
    "without the token of its session",
    { credential: "session/20260102/us-east-1/s3/aws4_request" },
    {},
    expect.stringMatching(/^InvalidAccessKeyId/),
  ],
  [
    "with another token",
    { credential: "session/20260102/us-east-1/s3/aws4_request" },
    { "X-Amz-Security-Token": "x" },
    expect.stringMatching(/^InvalidToken/),
  ],
  ["with a token of no session", {}, { "X-Amz-Security-Token": "my_token" }, expect.stringMatching(/^InvalidToken/)],
  [
    "with its token in a header that nobody signed",
    { credential: "session/20260102/us-east-1/s3/aws4_request", unsigned: [["x-amz-security-token", "token"]] },
    {},
    expect.stringMatching(/^InvalidAccessKeyId/),
  ],
  [
    "when its session has ended",
    { credential: "session/20260102/us-east-1/s3/aws4_request", nowMs: momentMs + 1000 },
    { "X-Amz-Security-Token": "token" },
    "ExpiredToken: The provided token has expired.",
  ],
  ["whose hash was signed as a header", { headers: { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" } }, {}, "accepted"],
  [
    "whose hash in the query is none",
    {},
    { "X-Amz-Content-Sha256": "x" },
    expect.stringMatching(/^InvalidArgument: x-amz-content-sha256 must be/),
  ],
])("a presigned URL %s", (_what, example, query, expected) => {
  expect(verdict(presigned(example, query))).toEqual(expected);
});

describe("Signature Version 2 is refused in all its forms, and told what to do", () => {
  const anyone = { ...authSettings, anonymous: true };
  test.each<[string, string, SignedExample]>([
    ["presigned URL", "all three parameters", { spoil: () => "/b/k?AWSAccessKeyId=a&Signature=b&Expires=1" }],
    ["presigned URL", "one of them", { spoil: () => "/b/k?AWSAccessKeyId=a" }],
    ["presigned URL", "another", { spoil: () => "/b/k?Signature=a" }],
    ["presigned URL", "the third", { spoil: () => "/b/k?Expires=1" }],
    ["request", "a header", { spoil: () => "/b/k", unsigned: [["authorization", "AWS AKID:c2lnbmF0dXJl"]] }],
  ])("a %s with %s", (what, _form, example) => {
    expect(refusalOf(presigned(example), anyone)).toEqual([
      "InvalidRequest",
      `The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256. This ${what} is signed with Signature Version 2 (SigV2): tell the client to use Signature Version 4 (SigV4), e.g. boto3 by Config(signature_version="s3v4").`,
    ]);
  });
});

test("an anonymous request cannot sign its chunks", () => {
  const headers = { "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" };
  const anyone = { ...authSettings, anonymous: true };
  expect(refusalOf(presigned({ spoil: () => "/b/k", headers }), anyone)).toEqual([
    "InvalidRequest",
    "Anonymous requests don't support this x-amz-content-sha256 value. Please use UNSIGNED-PAYLOAD or STREAMING-UNSIGNED-PAYLOAD-TRAILER.",
  ]);
});
