/** What S3 says to Authorization headers that are not right. After versitygw's tests/integration/sigv4_auth.go. */
import { expect, test } from "vitest";
import { headerSigned, momentMs, type SignedExample, verdict } from "./signed-request.fixture.ts";

const malformed = (why: string) => `AuthorizationHeaderMalformed: The authorization header is malformed; ${why}`;
const minutes = 60_000;

test.each<[string, SignedExample, string]>([
  ["as it should be", {}, "accepted"],
  ["without spaces after its commas", { spoil: (header) => header.replaceAll(", ", ",") }, "accepted"],
  ["with a space after its end", { spoil: (header) => `${header} ` }, "accepted"],
  [
    "of one word",
    { spoil: () => "invalid_header" },
    "InvalidArgument: Authorization header is invalid -- one and only one ' ' (space) required",
  ],
  [
    "of nothing",
    { spoil: () => "" },
    "InvalidArgument: Authorization header is invalid -- one and only one ' ' (space) required",
  ],
  [
    "of a version that never was",
    { spoil: (header) => header.replace("AWS4-HMAC-SHA256", "AWS2-HMAC-SHA1") },
    "InvalidArgument: Unsupported Authorization Type",
  ],
  ["of another kind", { spoil: () => "Bearer eyJhbGciOi" }, "InvalidArgument: Unsupported Authorization Type"],
  [
    "of two components",
    { spoil: (header) => header.replace(/SignedHeaders=[^,]*, /, "") },
    malformed("the authorization header requires three components: Credential, SignedHeaders, and Signature."),
  ],
  [
    "of four components",
    { spoil: (header) => `${header}, More=1` },
    malformed("the authorization header requires three components: Credential, SignedHeaders, and Signature."),
  ],
  [
    "with a component that is none",
    { spoil: (header) => header.replace("SignedHeaders=", "SignedHeaders-") },
    malformed('the authorization component "SignedHeaders-host;x-amz-content-sha256;x-amz-date" is malformed.'),
  ],
  [
    "without a credential",
    { spoil: (header) => header.replace("Credential=", "credentials=") },
    malformed("missing Credential."),
  ],
  [
    "without signed headers",
    { spoil: (header) => header.replace("SignedHeaders=", "Headers=") },
    malformed("missing SignedHeaders."),
  ],
  [
    "without a signature",
    { spoil: (header) => header.replace("Signature=", "Sign=") },
    malformed("missing Signature."),
  ],
  [
    "with an empty signature",
    { spoil: (header) => header.replace(/Signature=.*/, "Signature=") },
    malformed("missing Signature."),
  ],
  [
    "with too long a credential",
    { credential: "test/20260102/us-east-1/s3/extra/things" },
    malformed('the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".'),
  ],
  [
    "with half a credential",
    { credential: "test/20260102" },
    malformed('the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".'),
  ],
  [
    "from nobody",
    { credential: "/20260102/us-east-1/s3/aws4_request" },
    malformed("a non-empty Access Key (AKID) must be provided in the credential."),
  ],
  [
    "with another end of the scope",
    { credential: "test/32234/us-east-1/s3/aws_request" },
    malformed('incorrect terminal "aws_request". This endpoint uses "aws4_request".'),
  ],
  [
    "for another service",
    { credential: "test/32234/us-east-1/ec2/aws4_request" },
    malformed('incorrect service "ec2". This endpoint belongs to "s3".'),
  ],
  [
    "for no day",
    { credential: "test/3223423234/us-east-1/s3/aws4_request" },
    malformed('incorrect date format "3223423234". This date in the credential must be in the format "yyyyMMdd".'),
  ],
  [
    "for a day that there is not",
    { credential: "test/20261302/us-east-1/s3/aws4_request" },
    malformed('incorrect date format "20261302". This date in the credential must be in the format "yyyyMMdd".'),
  ],
  // github.com/akka/alpakka/issues/1690.
  [
    "for another day",
    { credential: "test/20260101/us-east-1/s3/aws4_request" },
    malformed("Invalid credential date. Date is not the same as X-Amz-Date."),
  ],
  [
    "for another region",
    { credential: "test/20260102/eu-west-1/s3/aws4_request" },
    malformed("the region 'eu-west-1' is wrong; expecting 'us-east-1'"),
  ],
  [
    "from a stranger",
    { credential: "who/20260102/us-east-1/s3/aws4_request" },
    "InvalidAccessKeyId: The AWS Access Key Id you provided does not exist in our records.",
  ],
  [
    "by another secret",
    { secretAccessKey: "other" },
    "SignatureDoesNotMatch: The request signature we calculated does not match the signature you provided. Check your key and signing method.",
  ],
  [
    "in capitals",
    { spoil: (header) => header.replace(/[0-9a-f]{64}$/, (hex) => hex.toUpperCase()) },
    "SignatureDoesNotMatch: The request signature we calculated does not match the signature you provided. Check your key and signing method.",
  ],
  [
    "with a date that is none",
    { headers: { "x-amz-date": "03032006" } },
    "AccessDenied: AWS authentication requires a valid Date or x-amz-date header",
  ],
  [
    "with two dates",
    { unsigned: [["x-amz-date", "20260102T030405Z"]] },
    "AccessDenied: AWS authentication requires a valid Date or x-amz-date header",
  ],
  ["exactly 15 minutes late", { nowMs: momentMs + 15 * minutes }, "accepted"],
  ["exactly 15 minutes early", { nowMs: momentMs - 15 * minutes }, "accepted"],
  [
    "more than 15 minutes late",
    { nowMs: momentMs + 15 * minutes + 1 },
    "RequestTimeTooSkewed: The difference between the request time and the current time is too large.",
  ],
  [
    "more than 15 minutes early",
    { nowMs: momentMs - 15 * minutes - 1 },
    "RequestTimeTooSkewed: The difference between the request time and the current time is too large.",
  ],
  [
    "five days late, for another day",
    { nowMs: momentMs + 5 * 24 * 60 * minutes, credential: "test/20260107/us-east-1/s3/aws4_request" },
    "RequestTimeTooSkewed: The difference between the request time and the current time is too large.",
  ],
  [
    "of a body with no hash",
    { headers: { "x-amz-content-sha256": "invalid" } },
    expect.stringMatching(/^InvalidArgument: x-amz-content-sha256 must be UNSIGNED-PAYLOAD, /),
  ],
  [
    "of a body with two hashes",
    { unsigned: [["x-amz-content-sha256", "UNSIGNED-PAYLOAD"]] },
    expect.stringMatching(/^InvalidArgument: x-amz-content-sha256 must be /),
  ],
  [
    "of a body in chunks of SigV4A",
    { headers: { "x-amz-content-sha256": "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD" } },
    "NotImplemented: The chunk encoding algorithm STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD is not supported.",
  ],
  [
    "by SigV4A",
    { spoil: (header) => header.replace("HMAC", "ECDSA-P256") },
    "InvalidRequest: The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256. This request is signed with SigV4A, for several regions, which this server does not verify.",
  ],
  [
    "that does not cover an x-amz- header",
    {
      unsigned: [
        ["x-amz-copy-source", "b/k"],
        ["X-Amz-Tagging", "a=b"],
      ],
    },
    "AccessDenied: There were headers present in the request which were not signed",
  ],
  [
    "that does not cover other headers",
    {
      unsigned: [
        ["content-type", "text/plain"],
        ["x-custom", "1"],
      ],
    },
    "accepted",
  ],
  [
    "that does not cover the host",
    { spoil: (header) => header.replace("host;", "") },
    "AccessDenied: There were headers present in the request which were not signed",
  ],
  [
    "that covers a header which is not there",
    { spoil: (header) => header.replace("host;", "date;host;") },
    expect.stringMatching(/^SignatureDoesNotMatch/),
  ],
  [
    "beside a second one",
    { unsigned: [["authorization", "AWS4-HMAC-SHA256 x"]] },
    expect.stringMatching(/^InvalidArgument: Only one auth mechanism allowed/),
  ],
  [
    "beside a presigned URL",
    { url: "/b/k?X-Amz-Signature=x" },
    expect.stringMatching(/^InvalidArgument: Only one auth mechanism allowed/),
  ],
  [
    "beside a URL presigned by version 2",
    { url: "/b/k?Signature=x" },
    expect.stringMatching(/^InvalidArgument: Only one auth mechanism allowed/),
  ],
  [
    "with the token of its session",
    { credential: "session/20260102/us-east-1/s3/aws4_request", headers: { "x-amz-security-token": "token" } },
    "accepted",
  ],
  [
    "without the token of its session",
    { credential: "session/20260102/us-east-1/s3/aws4_request" },
    "InvalidAccessKeyId: The AWS Access Key Id you provided does not exist in our records.",
  ],
  [
    "with another token",
    { credential: "session/20260102/us-east-1/s3/aws4_request", headers: { "x-amz-security-token": "x" } },
    "InvalidToken: The provided token is malformed or otherwise invalid.",
  ],
  [
    "with a token of no session",
    { headers: { "x-amz-security-token": "token" } },
    "InvalidToken: The provided token is malformed or otherwise invalid.",
  ],
  // github.com/romange/helio/issues/15.
  [
    "when its session has ended",
    {
      credential: "session/20260102/us-east-1/s3/aws4_request",
      headers: { "x-amz-security-token": "token" },
      nowMs: momentMs + 1000,
    },
    "ExpiredToken: The provided token has expired.",
  ],
])("a header %s", (_what, example, expected) => {
  expect(verdict(headerSigned(example))).toEqual(expected);
});

test("a header must cover the host even of a request that has none", () => {
  const made = headerSigned({ spoil: (header) => header.replace("host;", "") });
  const headerNames = () => made.headerNames().filter((name) => name !== "host");
  expect(verdict({ ...made, headerNames })).toMatch(/^AccessDenied: There were headers present/);
});
