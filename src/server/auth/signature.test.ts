import { describe, expect, test } from "vitest";
import { S3Error } from "../errors.ts";
import { HeaderLines, type IncomingRequest, incomingRequest } from "../incoming-request.ts";
import { authenticate } from "./authenticate.ts";
import { ChunkedDecoder } from "./chunked.ts";
import type { AuthSettings } from "./credentials.ts";
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
    body: async function* () {},
  });
}

function signed(example: Example, signedHeaders: string, signature: string, credential = scope): IncomingRequest {
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential},SignedHeaders=${signedHeaders},Signature=${signature}`;
  return request({ ...example, headers: { ...example.headers, Authorization: authorization } });
}

const check = (one: IncomingRequest, by = settings) => authenticate(one, by, new KeyRing());

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof S3Error) return error.code;
    throw error;
  }
  return "accepted";
}

const range = {
  url: "/test.txt",
  headers: { Range: "bytes=0-9", "x-amz-content-sha256": emptyHash, "x-amz-date": "20130524T000000Z" },
};
const rangeHeaders = "host;range;x-amz-content-sha256;x-amz-date";
const rangeSignature = "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41";

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
  ])("%s", (_name, example, headers, signature) => {
    expect(check(signed(example, headers, signature)).accessKeyId).toBe("AKIAIOSFODNN7EXAMPLE");
  });

  test("a presigned URL", () => {
    const { accessKeyId, payload } = check(request({ url: presigned, headers: {} }));
    expect([accessKeyId, payload.kind]).toEqual(["AKIAIOSFODNN7EXAMPLE", "unsigned"]);
  });
});

const presigned =
  "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";

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
      "InvalidToken",
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
    ["AccessDenied", "that is not there", () => request({ url: "/k", headers: {} })],
  ])("%s: %s", (code, _why, make) => {
    expect(codeOf(() => check(make()))).toBe(code);
  });
});

describe("a presigned URL is refused", () => {
  test.each<[string, string, string, number]>([
    ["AccessDenied", "when it has expired", presigned, moment + 86_400_001],
    ["accepted", "not in its last moment", presigned, moment + 86_400_000],
    ["AccessDenied", "before it is valid", presigned, moment - 16 * 60_000],
    ["SignatureDoesNotMatch", "when its key changed", presigned.replace("test.txt", "text.txt"), moment],
    ["SignatureDoesNotMatch", "when its life was prolonged", presigned.replace("86400", "86401"), moment],
    ["SignatureDoesNotMatch", "when a parameter was added", `${presigned}&response-content-type=text%2Fhtml`, moment],
    ["AuthorizationQueryParametersError", "for more than a week", presigned.replace("86400", "604801"), moment],
    ["AuthorizationQueryParametersError", "for less than nothing", presigned.replace("86400", "-1"), moment],
    ["AuthorizationQueryParametersError", "without an expiry", presigned.replace("X-Amz-Expires=86400&", ""), moment],
    ["AuthorizationQueryParametersError", "for another region", presigned.replace("us-east-1", "eu-west-1"), moment],
    [
      "AuthorizationQueryParametersError",
      "by another algorithm",
      presigned.replace("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256"),
      moment,
    ],
    ["InvalidAccessKeyId", "from a stranger", presigned.replace("AKIAIOSFODNN7EXAMPLE", "AKIASTRANGER"), moment],
  ])("%s: %s", (code, _why, url, nowMs) => {
    expect(codeOf(() => check(request({ url, headers: {}, nowMs })))).toBe(code);
  });

  test("with an Authorization header beside it", () => {
    expect(codeOf(() => check(request({ url: presigned, headers: { Authorization: "AWS4-HMAC-SHA256 x" } })))).toBe(
      "InvalidArgument",
    );
  });
});

test("an anonymous request is served where that is allowed, a wrong signature is not", () => {
  const open = { ...settings, anonymous: true };
  expect(check(request({ url: "/k", headers: {} }), open).accessKeyId).toBeUndefined();
  expect(codeOf(() => check(signed(range, rangeHeaders, rangeSignature.replace("f", "0")), open))).toBe(
    "SignatureDoesNotMatch",
  );
});

describe("a body in signed chunks, as published", () => {
  const host = { Host: "s3.amazonaws.com" };
  const common = {
    "content-encoding": "aws-chunked",
    "x-amz-date": "20130524T000000Z",
    "x-amz-decoded-content-length": "66560",
    "x-amz-storage-class": "REDUCED_REDUNDANCY",
  };
  const plain = signed(
    {
      method: "PUT",
      url: "/examplebucket/chunkObject.txt",
      headers: {
        ...host,
        ...common,
        "content-length": "66824",
        "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
      },
    },
    "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class",
    "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
  );
  const withTrailer = signed(
    {
      method: "PUT",
      url: "/examplebucket/chunkObject.txt",
      headers: {
        ...host,
        ...common,
        "x-amz-trailer": "x-amz-checksum-crc32c",
        "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
      },
    },
    "content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer",
    "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e",
  );
  const body = (signatures: readonly string[], end: string) =>
    Buffer.concat([
      Buffer.from(`10000;chunk-signature=${signatures[0]}\r\n`),
      Buffer.alloc(65536, "a"),
      Buffer.from(`\r\n400;chunk-signature=${signatures[1]}\r\n`),
      Buffer.alloc(1024, "a"),
      Buffer.from(`\r\n0;chunk-signature=${signatures[2]}\r\n${end}`),
    ]);
  const plainBody = body(
    [
      "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
      "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
      "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
    ],
    "\r\n",
  );
  const trailerBody = body(
    [
      "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
      "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
      "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992",
    ],
    "x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n",
  );

  function decode(
    one: IncomingRequest,
    bytes: Uint8Array,
    pieceBytes: number,
  ): { bytes: number; trailers: [string, string][] } {
    const caller = check(one);
    const trailer = caller.payload.kind === "chunked" && caller.payload.trailer;
    const decoder = new ChunkedDecoder({ seed: caller.seed, trailer });
    let decoded = 0;
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      for (const piece of decoder.decode(bytes.subarray(at, at + pieceBytes))) decoded += piece.length;
    }
    decoder.end();
    return { bytes: decoded, trailers: [...decoder.trailers] };
  }

  test.each([1, 7, 85, 65536, 100_000])("comes out whole however it is cut: every %d bytes", (pieceBytes) => {
    expect(decode(plain, plainBody, pieceBytes)).toEqual({ bytes: 66560, trailers: [] });
    expect(decode(withTrailer, trailerBody, pieceBytes)).toEqual({
      bytes: 66560,
      trailers: [["x-amz-checksum-crc32c", "sOO8/Q=="]],
    });
  });

  test.each<[string, string, (bytes: Buffer) => Buffer]>([
    ["SignatureDoesNotMatch", "a byte of data", (bytes) => flip(bytes, 200)],
    ["SignatureDoesNotMatch", "a byte of the second chunk", (bytes) => flip(bytes, 65536 + 200)],
    ["SignatureDoesNotMatch", "a chunk's signature", (bytes) => replace(bytes, "ad80c730", "ad80c731")],
    ["IncompleteBody", "a missing end", (bytes) => bytes.subarray(0, -2 - 86)],
    ["IncompleteBody", "a size that is none", (bytes) => replace(bytes, "10000;", "1000z;")],
    ["IncompleteBody", "a chunk without a signature", (bytes) => replace(bytes, "400;chunk-signature=", "400;")],
  ])("%s: %s", (code, _what, damage) => {
    expect(codeOf(() => decode(plain, damage(Buffer.from(plainBody)), 4096))).toBe(code);
  });

  test("a trailer is covered by a signature of its own", () => {
    const damaged = replace(Buffer.from(trailerBody), "sOO8/Q==", "sOO8/A==");
    expect(codeOf(() => decode(withTrailer, damaged, 4096))).toBe("SignatureDoesNotMatch");
  });

  function flip(bytes: Buffer, at: number): Buffer {
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    return bytes;
  }

  function replace(bytes: Buffer, from: string, to: string): Buffer {
    return Buffer.from(bytes.toString("latin1").replace(from, to), "latin1");
  }
});

describe("a body in unsigned chunks", () => {
  function decode(text: string): string {
    const decoder = new ChunkedDecoder({ seed: undefined, trailer: true });
    const pieces = [...decoder.decode(Buffer.from(text))].map((piece) => Buffer.from(piece).toString());
    decoder.end();
    return pieces.join("");
  }

  test("may end its trailers in the three ways that are about", () => {
    for (const end of [
      "x-amz-checksum-crc32:AAAA\r\n\r\n",
      "x-amz-checksum-crc32:AAAA\n\r\n\r\n",
      "x-amz-checksum-crc32:AAAA\r\n\r\n\r\n",
    ]) {
      expect(decode(`3\r\nabc\r\n0\r\n${end}`)).toBe("abc");
    }
  });

  test("only its last chunk may be short", () => {
    const long = "x".repeat(8192);
    expect(decode(`2000\r\n${long}\r\n1\r\na\r\n0\r\na:b\r\n\r\n`)).toBe(`${long}a`);
    expect(codeOf(() => decode(`1\r\na\r\n2000\r\n${long}\r\n0\r\na:b\r\n\r\n`))).toBe("InvalidChunkSizeError");
  });

  test("nothing may follow it", () => {
    expect(codeOf(() => decode("1\r\na\r\n0\r\na:b\r\n\r\nGET / HTTP/1.1\r\n"))).toBe("IncompleteBody");
  });
});
