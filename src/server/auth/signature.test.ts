import { describe, expect, test } from "vitest";
import { HeaderLines, type IncomingRequest, incomingRequest } from "../request/incoming-request.ts";
import { authenticate } from "./authenticate.ts";
import { codeOf } from "./code-of.fixture.ts";
import type { AuthSettings } from "./credentials.ts";
import { canonicalRequest } from "./signing.ts";
import { KeyRing } from "./verify.ts";

// The examples of AWS's documentation, "Signature Calculations for the Authorization Header" and the two about chunks.
const settings: AuthSettings = {
  credentials: [
    { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" },
    { accessKeyId: "session", secretAccessKey: "secret", sessionToken: "token" },
  ],
  anonymous: false,
  region: "us-east-1",
};
const moment = Date.UTC(2013, 4, 24);
const emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const scope = "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request";

interface Example {
  readonly method?: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly nowMs?: number;
}

function request({ method = "GET", url, headers, nowMs = moment }: Example): IncomingRequest {
  return incomingRequest({
    method,
    url,
    headers: new HeaderLines(Object.entries({ Host: "examplebucket.s3.amazonaws.com", ...headers }).flat()),
    nowMs,
    domains: ["s3.amazonaws.com"],
    secure: false,
    body: async function* () {},
  });
}

function signed(example: Example, signedHeaders: string, signature: string, credential = scope): IncomingRequest {
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential},SignedHeaders=${signedHeaders},Signature=${signature}`;
  return request({ ...example, headers: { ...example.headers, Authorization: authorization } });
}

const check = (one: IncomingRequest, by = settings) => authenticate(one, by, new KeyRing());

const range = {
  url: "/test.txt",
  headers: { Range: "bytes=0-9", "x-amz-content-sha256": emptyHash, "x-amz-date": "20130524T000000Z" },
};
const rangeHeaders = "host;range;x-amz-content-sha256;x-amz-date";
const rangeSignature = "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41";

const chunked = {
  Host: "s3.amazonaws.com",
  "content-encoding": "aws-chunked",
  "x-amz-date": "20130524T000000Z",
  "x-amz-decoded-content-length": "66560",
  "x-amz-storage-class": "REDUCED_REDUNDANCY",
};

describe("AWS's published examples are accepted", () => {
  test.each<[string, Example, string, string]>([
    ["GET with a range", range, rangeHeaders, rangeSignature],
    [
      "PUT of a key with a dollar sign",
      {
        method: "PUT",
        url: "/test%24file.text",
        headers: {
          Date: "Fri, 24 May 2013 00:00:00 GMT",
          "x-amz-date": "20130524T000000Z",
          "x-amz-storage-class": "REDUCED_REDUNDANCY",
          "x-amz-content-sha256": "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
        },
      },
      "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
      "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
    ],
    [
      "a sub-resource without a value",
      { url: "/?lifecycle", headers: { "x-amz-date": "20130524T000000Z", "x-amz-content-sha256": emptyHash } },
      "host;x-amz-content-sha256;x-amz-date",
      "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
    ],
    [
      "a listing",
      {
        url: "/?max-keys=2&prefix=J",
        headers: { "x-amz-date": "20130524T000000Z", "x-amz-content-sha256": emptyHash },
      },
      "host;x-amz-content-sha256;x-amz-date",
      "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
    ],
    [
      "the seed of a body in chunks",
      {
        method: "PUT",
        url: "/examplebucket/chunkObject.txt",
        headers: {
          ...chunked,
          "content-length": "66824",
          "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        },
      },
      "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class",
      "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
    ],
    [
      "the seed of a body in chunks with a trailer",
      {
        method: "PUT",
        url: "/examplebucket/chunkObject.txt",
        headers: {
          ...chunked,
          "x-amz-trailer": "x-amz-checksum-crc32c",
          "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
        },
      },
      "content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer",
      "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e",
    ],
  ])("%s", (_name, example, headers, signature) => {
    expect(check(signed(example, headers, signature)).accessKeyId).toBe("AKIAIOSFODNN7EXAMPLE");
  });
});

describe("a signature in a header is refused", () => {
  const minutes = 60_000;
  test.each<[string, string, () => IncomingRequest]>([
    [
      "SignatureDoesNotMatch",
      "when a signed header changed",
      () => signed({ ...range, headers: { ...range.headers, Range: "bytes=0-8" } }, rangeHeaders, rangeSignature),
    ],
    [
      "SignatureDoesNotMatch",
      "when the path changed",
      () => signed({ ...range, url: "/test.txt/" }, rangeHeaders, rangeSignature),
    ],
    [
      "SignatureDoesNotMatch",
      "when the method changed",
      () => signed({ ...range, method: "HEAD" }, rangeHeaders, rangeSignature),
    ],
    [
      "SignatureDoesNotMatch",
      "when a parameter was added",
      () => signed({ ...range, url: "/test.txt?x" }, rangeHeaders, rangeSignature),
    ],
    [
      "RequestTimeTooSkewed",
      "16 minutes late",
      () => signed({ ...range, nowMs: moment + 16 * minutes }, rangeHeaders, rangeSignature),
    ],
    [
      "RequestTimeTooSkewed",
      "16 minutes early",
      () => signed({ ...range, nowMs: moment - 16 * minutes }, rangeHeaders, rangeSignature),
    ],
    [
      "accepted",
      "no more than 15 minutes late",
      () => signed({ ...range, nowMs: moment + 15 * minutes }, rangeHeaders, rangeSignature),
    ],
    [
      "InvalidAccessKeyId",
      "from a stranger",
      () => signed(range, rangeHeaders, rangeSignature, scope.replace("AKIAIOSFODNN7EXAMPLE", "AKIASTRANGER")),
    ],
    [
      "AuthorizationHeaderMalformed",
      "for another region",
      () => signed(range, rangeHeaders, rangeSignature, scope.replace("us-east-1", "eu-west-1")),
    ],
    [
      "AuthorizationHeaderMalformed",
      "for another service",
      () => signed(range, rangeHeaders, rangeSignature, scope.replace("/s3/", "/ec2/")),
    ],
    [
      "AuthorizationHeaderMalformed",
      "for another day",
      () => signed(range, rangeHeaders, rangeSignature, scope.replace("20130524", "20130523")),
    ],
    [
      "AuthorizationHeaderMalformed",
      "without a scope",
      () => signed(range, rangeHeaders, rangeSignature, "AKIAIOSFODNN7EXAMPLE"),
    ],
    ["AuthorizationHeaderMalformed", "without the signature itself", () => signed(range, rangeHeaders, "")],
    [
      "AccessDenied",
      "when an x-amz- header is not covered",
      () => signed({ ...range, headers: { ...range.headers, "x-amz-acl": "private" } }, rangeHeaders, rangeSignature),
    ],
    [
      "AccessDenied",
      "when the host is not covered",
      () => signed(range, "range;x-amz-content-sha256;x-amz-date", rangeSignature),
    ],
    [
      "AccessDenied",
      "without a date",
      () => signed({ url: "/test.txt", headers: { "x-amz-content-sha256": emptyHash } }, "host", rangeSignature),
    ],
    [
      "InvalidRequest",
      "without a payload hash",
      () =>
        signed({ url: "/test.txt", headers: { "x-amz-date": "20130524T000000Z" } }, "host;x-amz-date", rangeSignature),
    ],
    [
      "InvalidAccessKeyId",
      "when a session's token is missing",
      () => signed(range, rangeHeaders, rangeSignature, scope.replace("AKIAIOSFODNN7EXAMPLE", "session")),
    ],
    [
      "InvalidRequest",
      "in the manner of version 2",
      () => request({ url: "/k", headers: { Authorization: "AWS AKID:sig=" } }),
    ],
    [
      "InvalidRequest",
      "in the manner of version 2, presigned",
      () => request({ url: "/k?AWSAccessKeyId=a&Signature=b&Expires=1", headers: {} }),
    ],
    [
      "InvalidArgument",
      "of an unknown kind",
      () => request({ url: "/k", headers: { Authorization: "Basic dGVzdA==" } }),
    ],
  ])("%s: %s", (code, _why, make) => {
    expect(codeOf(() => check(make()))).toBe(code);
  });
});

test.each([
  ["request", { url: "/k", headers: { Authorization: "AWS AKID:sig=" } }],
  ["presigned URL", { url: "/k?AWSAccessKeyId=a&Signature=b&Expires=1", headers: {} }],
  ["presigned URL", { url: "/k?AWSAccessKeyId=a&Expires=1", headers: {} }],
])("a %s of version 2 is told which version to use", (what, example) => {
  expect(() => check(request(example), { ...settings, anonymous: true })).toThrow(
    `This ${what} is signed with Signature Version 2 (SigV2): tell the client to use Signature Version 4 (SigV4), e.g. boto3 by Config(signature_version="s3v4").`,
  );
});

test("a second Authorization header is refused, whatever it says", () => {
  const one = signed(range, rangeHeaders, rangeSignature);
  const twice = {
    ...one,
    headerLines: (name: string) => (name === "authorization" ? ["a", "b"] : one.headerLines(name)),
  };
  expect(codeOf(() => check(twice))).toBe("InvalidArgument");
});

test("a header's value keeps the bytes of its letters, whatever JavaScript calls space", () => {
  const canonical = canonicalRequest({
    method: "GET",
    path: "/",
    query: [],
    signedHeaders: ["x-amz-meta-a"],
    headerValues: () => [" \tvoil\u00c3\u00a0\t "],
    payloadHash: "UNSIGNED-PAYLOAD",
  });
  expect(canonical).toContain("x-amz-meta-a:voil\u00c3\u00a0\n");
});

test("who signs nothing is nobody, who signs wrongly is refused even where nobody may do everything", () => {
  const open = { ...settings, anonymous: true };
  expect(check(request({ url: "/k", headers: {} })).accessKeyId).toBeUndefined();
  expect(check(request({ url: "/k", headers: {} }), open).accessKeyId).toBeUndefined();
  expect(codeOf(() => check(signed(range, rangeHeaders, rangeSignature.replace("f", "0")), open))).toBe(
    "SignatureDoesNotMatch",
  );
});
