import { describe, expect, test } from "vitest";
import { checkPolicy } from "./check-policy.ts";
import { parsePostPolicy } from "./post-policy.ts";

const expiration = "2026-01-01T12:00:00Z";
const nowMs = Date.parse("2026-01-01T11:00:00Z");
const base64 = (text: string) => Buffer.from(text).toString("base64");
const policyOf = (...conditions: unknown[]) => base64(JSON.stringify({ expiration, conditions }));

// The words are S3's; where from is in post-policy.ts. Cases: versitygw's tests/integration/PostObject.go.
test.each<[string, string, string]>([
  ["is empty", "", "Expecting '{' but found End-of-Input"],
  ["is no base64", "invalid_base64", "invalid Base64 encoding."],
  ["is no JSON", base64("invalid json"), "Invalid JSON."],
  ["is a list", base64("[]"), "Invalid JSON."],
  ["is not UTF-8", Buffer.from([0x7b, 0xff, 0x7d]).toString("base64"), "Invalid JSON."],
  ["has no expiration", base64('{"conditions":[]}'), "Policy missing expiration."],
  ["has no conditions", base64(`{"expiration":"${expiration}"}`), "Policy missing conditions."],
  ["expires in no date", base64('{"expiration":true,"conditions":[]}'), "Invalid JSON."],
  ["expires some day", base64('{"expiration":"some day","conditions":[]}'), "Invalid 'expiration' value: 'some day'"],
  [
    "expires in another time zone",
    base64('{"expiration":"2011-09-13T07:52:58+02:00","conditions":[]}'),
    "Invalid 'expiration' value: '2011-09-13T07:52:58+02:00'",
  ],
  ["says more", base64(`{"Statement":1,"expiration":"${expiration}","conditions":[]}`), "Unexpected: 'statement'"],
  [
    "has one condition",
    base64(`{"expiration":"${expiration}","conditions":true}`),
    "Invalid 'conditions' value: must be a List.",
  ],
  ["has a condition that is none", policyOf(true), "Invalid condition test: must be a List or Object."],
  ["has an empty condition", policyOf([]), "Invalid Condition: missing operation identifier."],
  ["asks for something unknown", policyOf(["near", "$key", "x"]), "Invalid Condition: unknown operation 'near'."],
  ["says too much of a field", policyOf(["eq", "$key", "x", "y"]), "Invalid eq: wrong number of arguments."],
  [
    "says too little of a size",
    policyOf(["content-length-range", 1]),
    "Invalid content-length-range: wrong number of arguments.",
  ],
  ["names no field", policyOf(["eq", false, "x"]), "Invalid JSON."],
  ["names no value", policyOf(["eq", "$key", true]), "Invalid JSON."],
  [
    "wants half a byte",
    base64(`{"expiration":"${expiration}","conditions":[["content-length-range",0,512.5]]}`),
    "Invalid JSON.",
  ],
  [
    "names two fields at once",
    policyOf({ bucket: "b", key: "k" }),
    "Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.",
  ],
  [
    "names no field at all",
    policyOf({}),
    "Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.",
  ],
  ["gives a number", policyOf({ "content-length": 5 }), "Invalid Simple-Condition: value must be a string."],
  ["gives nothing", policyOf({ key: null }), "Invalid JSON."],
])("a policy is no policy when it %s", (_why, policy, message) => {
  expect(() => parsePostPolicy(policy)).toThrow(
    expect.objectContaining({ code: "InvalidPolicyDocument", message: `Invalid Policy: ${message}` }),
  );
});

describe("a form", () => {
  const check = (conditions: readonly unknown[], fields: Readonly<Record<string, string>>, at = nowMs) =>
    checkPolicy(
      parsePostPolicy(policyOf({ bucket: "photos" }, ["starts-with", "$key", "u/"], ...conditions)),
      {
        bucket: "photos",
        key: "u/1",
        fields: Object.entries({ key: "u/1", ...fields }).map(([name, value]) => ({ name, value })),
      },
      at,
    );

  test.each<[string, unknown[], Record<string, string>]>([
    ["an equal value", [["eq", "$content-type", "text/plain"]], { "content-type": "text/plain" }],
    [
      "names in any case",
      [["eq", "$Content-TYPE", "a"], { "X-Amz-Meta-A": "b" }],
      { "content-type": "a", "x-amz-meta-a": "b" },
    ],
    ["the start of a value", [["starts-with", "$x-amz-meta-env", "prod"]], { "x-amz-meta-env": "production" }],
    ["anything", [["starts-with", "$x-amz-meta-tag", ""]], { "x-amz-meta-tag": "x" }],
    [
      "content types each of which starts so",
      [["starts-with", "$content-type", "image/"]],
      { "content-type": "image/jpg, image/png" },
    ],
    ["fields that are to be ignored", [], { "x-ignore-me": "x", Policy: "x", "X-Amz-Signature": "x" }],
    ["two conditions on one field", [["starts-with", "$acl", "p"], { acl: "private" }], { acl: "private" }],
  ])("meets its policy with %s", (_what, conditions, fields) => {
    expect(check(conditions, fields)).toEqual({ min: 0, max: Number.POSITIVE_INFINITY });
  });

  test.each<[string, unknown[], Record<string, string>, string]>([
    [
      "another value",
      [["eq", "$content-type", "text/plain"]],
      { "content-type": "image/png" },
      'Policy Condition failed: ["eq", "$content-type", "text/plain"]',
    ],
    [
      "another case of the value",
      [{ acl: "Private" }],
      { acl: "private" },
      'Policy Condition failed: ["eq", "$acl", "Private"]',
    ],
    [
      "another start",
      [["starts-with", "$x-amz-meta-a", "b"]],
      { "x-amz-meta-a": "c" },
      'Policy Condition failed: ["starts-with", "$x-amz-meta-a", "b"]',
    ],
    [
      "a content type of two that starts otherwise",
      [["starts-with", "$Content-Type", "image/"]],
      { "content-type": "image/jpg,text/plain" },
      'Policy Condition failed: ["starts-with", "$Content-Type", "image/"]',
    ],
    [
      "a field that is not there",
      [["starts-with", "$Content-Type", ""]],
      {},
      'Policy Condition failed: ["starts-with", "$Content-Type", ""]',
    ],
    ["a condition without a dollar sign", [["eq", "key", "u/1"]], {}, 'Policy Condition failed: ["eq", "key", "u/1"]'],
    ["a quote in a value", [{ acl: 'a"b' }], { acl: "private" }, 'Policy Condition failed: ["eq", "$acl", "a\\"b"]'],
    ["another bucket", [["eq", "$bucket", "videos"]], {}, 'Policy Condition failed: ["eq", "$bucket", "videos"]'],
    [
      "a size that is none",
      [["content-length-range", "test", "10"]],
      {},
      'Policy Condition failed: ["content-length-range", "test", "10"]',
    ],
    ["a field that nobody spoke of", [], { "x-amz-meta-A": "b" }, "Extra input fields: x-amz-meta-A"],
  ])("fails by %s", (_what, conditions, fields, message) => {
    expect(() => check(conditions, fields)).toThrow(
      expect.objectContaining({ code: "AccessDenied", message: `Invalid according to Policy: ${message}` }),
    );
  });

  test("is told its size by numbers or by text, the narrowest of several", () => {
    expect(
      check(
        [
          ["content-length-range", 1, 10],
          ["content-length-range", "5", "20"],
        ],
        {},
      ),
    ).toEqual({ min: 5, max: 10 });
  });

  test("is too late one millisecond after its policy has expired, not at that moment", () => {
    expect(check([], {}, Date.parse(expiration))).toBeDefined();
    expect(() => check([], {}, Date.parse(expiration) + 1)).toThrow("Invalid according to Policy: Policy expired.");
  });

  test("must have a policy that names the bucket", () => {
    const policy = parsePostPolicy(policyOf({ key: "k" }));
    for (const fields of [[], [{ name: "bucket", value: "b" }]]) {
      expect(() => checkPolicy(policy, { bucket: "b", key: "k", fields }, nowMs)).toThrow(
        /Extra input fields: bucket$/,
      );
    }
  });
});
