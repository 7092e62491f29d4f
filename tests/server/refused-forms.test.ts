/** Forms that S3 refuses, against the strict server, over a socket: code, status and words. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Bucket, Sdk } from "./sdk.ts";
import { formOf, formsFor, refusalOf } from "./signed-form.ts";

let sdk: Sdk;
beforeAll(async () => {
  sdk = await Sdk.start();
});
afterAll(() => sdk.close());

const nowMs = Date.now();
const { form, post, submit } = formsFor(Bucket, () => sdk.endpoint, nowMs);

const missing = (name: string) => ({
  status: 400,
  Code: "InvalidArgument",
  ArgumentName: name,
  Message: `Bucket POST must contain a field named '${name}'.  If it is specified, please check the order of the fields.`,
});
const wrong = (name: string, Message: string) => ({
  status: 400,
  Code: "InvalidArgument",
  ArgumentName: name,
  Message,
});
const credential = (scope: string) => ({ ...form({ key: "k" }), "X-Amz-Credential": `test/${scope}` });
const day = new Date(nowMs).toISOString().slice(0, 10).replaceAll("-", "");

// Codes and words as recorded from S3: localstack's tests/aws/services/s3/test_s3.py (TestS3PresignedPost); versitygw's
// tests/integration/PostObject.go; the issues named in src/server/auth/form-signature.ts.
describe("a form is refused", () => {
  test.each<[string, () => Readonly<Record<string, string | undefined>>, object]>([
    ["without a key", () => ({ ...form({ key: "k" }), key: undefined }), missing("key")],
    ["with an empty key", () => form({ key: "" }), missing("key")],
    [
      "without a signature",
      () => ({ ...form({ key: "k" }), "X-Amz-Signature": undefined }),
      missing("X-Amz-Signature"),
    ],
    [
      "without an algorithm",
      () => ({ ...form({ key: "k" }), "X-Amz-Algorithm": undefined }),
      missing("X-Amz-Algorithm"),
    ],
    ["without a date", () => ({ ...form({ key: "k" }), "X-Amz-Date": undefined }), missing("X-Amz-Date")],
    [
      "without a credential",
      () => ({ ...form({ key: "k" }), "X-Amz-Credential": undefined }),
      missing("X-Amz-Credential"),
    ],
    ["without a policy", () => ({ ...form({ key: "k" }), Policy: undefined }), missing("Policy")],
    [
      "by another algorithm",
      () => ({ ...form({ key: "k" }), "X-Amz-Algorithm": "AWS4" }),
      wrong("X-Amz-Algorithm", "Only AWS4-HMAC-SHA256 is supported"),
    ],
    [
      "with a date that is none",
      () => ({ ...form({ key: "k" }), "X-Amz-Date": "today" }),
      wrong("X-Amz-Date", "X-Amz-Date must be formated via ISO8601 Long format"),
    ],
    [
      "with half a credential",
      () => ({ ...form({ key: "k" }), "X-Amz-Credential": "test" }),
      wrong(
        "X-Amz-Credential",
        'the Credential is mal-formed; expecting "&lt;YOUR-AKID&gt;/YYYYMMDD/REGION/SERVICE/aws4_request".'.replaceAll(
          '"',
          "&quot;",
        ),
      ),
    ],
    [
      "for another service",
      () => credential(`${day}/us-east-1/ec2/aws4_request`),
      wrong("X-Amz-Credential", "incorrect service &quot;ec2&quot;. This endpoint belongs to &quot;s3&quot;."),
    ],
    [
      "from nobody",
      () => ({ ...form({ key: "k" }), "X-Amz-Credential": `/${day}/us-east-1/s3/aws4_request` }),
      wrong("X-Amz-Credential", "a non-empty Access Key (AKID) must be provided in the credential."),
    ],
    ["for another day", () => credential("20010101/us-east-1/s3/aws4_request"), { Code: "InvalidArgument" }],
    [
      "from a stranger",
      () => form({ key: "k" }, { accessKeyId: "stranger" }),
      { status: 403, Code: "InvalidAccessKeyId", AWSAccessKeyId: "stranger" },
    ],
    [
      "with a policy that was changed",
      () => ({ ...form({ key: "k" }), Policy: "e30=" }),
      { status: 403, Code: "SignatureDoesNotMatch", StringToSign: "e30=", StringToSignBytes: "65 33 30 3d" },
    ],
    ["by another secret", () => form({ key: "k" }, { secretAccessKey: "x" }), { Code: "SignatureDoesNotMatch" }],
    [
      "with a policy that is none",
      () => form({ key: "k" }, { policy: "e30=" }),
      { status: 400, Code: "InvalidPolicyDocument", Message: "Invalid Policy: Policy missing expiration." },
    ],
    [
      "after its policy has expired",
      () => form({ key: "k" }, { expiresMs: nowMs - 1000 }),
      { status: 403, Code: "AccessDenied", Message: "Invalid according to Policy: Policy expired." },
    ],
    [
      "when its signing key is more than a week old",
      () => form({ key: "k" }, { nowMs: nowMs - 8 * 24 * 3600_000, expiresMs: nowMs + 60_000 }),
      { status: 403, Code: "AccessDenied", Message: "Invalid according to Policy: Policy expired." },
    ],
    [
      "for another bucket",
      () => form({ key: "k" }, { bucket: "empty" }),
      {
        Message:
          "Invalid according to Policy: Policy Condition failed: [&quot;eq&quot;, &quot;$bucket&quot;, &quot;empty&quot;]",
      },
    ],
    [
      "with a field that its policy does not know",
      () => form({ key: "k", "Content-Type": "x" }, { uncovered: ["Content-Type"] }),
      { status: 403, Message: "Invalid according to Policy: Extra input fields: Content-Type" },
    ],
    ["with tags that are none", () => form({ key: "k", tagging: "not-xml" }), { status: 400, Code: "MalformedXML" }],
    [
      "for a class that there is not",
      () => form({ key: "k", "x-amz-storage-class": "FakeClass" }),
      { status: 400, Code: "InvalidStorageClass", StorageClassRequested: "FakeClass" },
    ],
    [
      "with two checksums",
      () => form({ key: "k", "x-amz-checksum-crc32": "i7LWfg==", "x-amz-checksum-sha1": "A" }),
      { Code: "InvalidRequest" },
    ],
    ["for a public object", () => form({ key: "k", acl: "public-read" }), { Code: "AccessControlListNotSupported" }],
    ["with too long a key", () => form({ key: "k".repeat(1025) }), { status: 400, Code: "KeyTooLongError" }],
    [
      "with a session's token for no session",
      () => form({ key: "k" }, { sessionToken: "t" }),
      { Code: "InvalidToken" },
    ],
    [
      "in the manner of version 2, by a signature alone",
      () => ({ key: "k", signature: "x" }),
      { status: 400, Code: "InvalidRequest" },
    ],
    [
      "in the manner of version 2",
      () => ({ key: "k", AWSAccessKeyId: "test", Policy: "e30=", Signature: "x" }),
      { status: 400, Code: "InvalidRequest" },
    ],
    ["that nobody signed", () => ({ key: "k" }), { status: 403, Code: "AccessDenied" }],
    // Observed: a policy alone is no signature.
    [
      "that has a policy and no signature",
      () => ({ key: "k", Policy: "e30=" }),
      { status: 403, Message: "Access Denied" },
    ],
  ])("%s", async (_why, fields, expected) => {
    expect(await refusalOf(await post(fields()))).toMatchObject(expected);
  });

  test("without a file, or when its fields come after it", async () => {
    expect(await refusalOf(await submit(formOf(form({ key: "k" }), undefined)))).toMatchObject({
      ...{ status: 400, Code: "InvalidArgument", ArgumentName: "file", ArgumentValue: "0" },
      Message: "POST requires exactly one file upload per request.",
    });
    const late = formOf({}, "data");
    for (const [name, value] of Object.entries(form({ key: "k" }))) late.set(name, value);
    expect(await refusalOf(await submit(late))).toMatchObject(missing("key"));
  });

  test("when it is no form", async () => {
    const send = (type: string) =>
      fetch(`${sdk.endpoint}/${Bucket}`, { method: "POST", headers: { "content-type": type }, body: "{}" });
    expect(await refusalOf(await send("application/json"))).toMatchObject({
      ...{ status: 412, Code: "PreconditionFailed" },
      Condition: "Bucket POST must be of the enclosure-type multipart/form-data",
    });
    expect(await refusalOf(await send("multipart/form-data"))).toMatchObject({
      status: 400,
      Code: "MalformedPOSTRequest",
    });
  });

  test("when what comes before the file is more than 20 KiB", async () => {
    const fields = form({ key: "k", "x-ignore-padding": "x".repeat(20_480) });
    expect(await refusalOf(await post(fields))).toMatchObject({
      ...{ status: 400, Code: "MaxPostPreDataLengthExceeded", MaxPostPreDataLengthBytes: "20480" },
    });
  });
});
