import { describe, expect, test } from "vitest";
import { HeaderLines, incomingRequest } from "../request/incoming-request.ts";
import { authenticate } from "./authenticate.ts";
import type { Caller } from "./caller.ts";
import { codeOf } from "./code-of.fixture.ts";
import { KeyRing } from "./verify.ts";

// The example of AWS's documentation, "Authenticating Requests: Using Query Parameters".
const credentials = [
  { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" },
];
const moment = Date.UTC(2013, 4, 24);

const presigned =
  "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";

function check(url: string, nowMs: number, headers: Readonly<Record<string, string>> = {}): Caller {
  const request = incomingRequest({
    method: "GET",
    url,
    headers: new HeaderLines(Object.entries({ Host: "examplebucket.s3.amazonaws.com", ...headers }).flat()),
    nowMs,
    domains: ["s3.amazonaws.com"],
    secure: false,
    body: async function* () {},
  });
  return authenticate(request, { credentials, anonymous: false, region: "us-east-1" }, new KeyRing());
}

test("AWS's published example is accepted, and says nothing of a body", () => {
  const { accessKeyId, payload } = check(presigned, moment);
  expect([accessKeyId, payload.kind]).toEqual(["AKIAIOSFODNN7EXAMPLE", "unsigned"]);
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
    ["AuthorizationQueryParametersError", "with two expiries", `${presigned}&X-Amz-Expires=86400`, moment],
    ["AuthorizationQueryParametersError", "with two signatures", `${presigned}&X-Amz-Signature=x`, moment],
  ])("%s: %s", (code, _why, url, nowMs) => {
    expect(codeOf(() => check(url, nowMs))).toBe(code);
  });

  test("with an Authorization header beside it", () => {
    expect(codeOf(() => check(presigned, moment, { Authorization: "AWS4-HMAC-SHA256 x" }))).toBe("InvalidArgument");
  });
});
