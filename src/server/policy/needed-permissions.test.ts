import { expect, test } from "vitest";
import { HeaderLines, incomingRequest } from "../request/incoming-request.ts";
import { accountRoutes, bucketRoutes, objectRoutes } from "../routes.ts";
import { knownActions } from "./action-catalog.ts";
import { type Needed, neededPermissions } from "./needed-permissions.ts";

function needed(operation: string, key: string, headers: Readonly<Record<string, string>> = {}): readonly string[] {
  return ask(operation, key, headers).map(({ action }) => action);
}

function ask(
  operation: string,
  key: string,
  headers: Readonly<Record<string, string>> = {},
  versioned = false,
): readonly Needed[] {
  const request = incomingRequest({
    method: "GET",
    url: `/photos/${key}`,
    headers: new HeaderLines(Object.entries({ host: "localhost", ...headers }).flat()),
    nowMs: 0,
    domains: [],
    secure: false,
    body: async function* () {},
  });
  return neededPermissions({ operation, versioned, request });
}

test("every operation needs permissions that a policy can name, on what it is about", () => {
  const named = (routes: typeof bucketRoutes) => [...new Set(routes.map(({ operation }) => operation.name))];
  for (const [key, names] of [
    ["", named(bucketRoutes)],
    ["k", [...named(objectRoutes), "PostObject"]],
  ] as const) {
    for (const operation of names) {
      for (const { action, on } of [...ask(operation, key), ...ask(operation, key, {}, true)]) {
        const known = knownActions.find(({ name }) => name === `s3:${action.toLowerCase()}`);
        expect(known?.on, `${operation}: s3:${action}`).toBe(on);
      }
    }
  }
  // What is about the account is not decided by a bucket's policy.
  expect(named(accountRoutes)).toEqual(["ListBuckets"]);
});

// "Required permissions for Amazon S3 API operations".
test.each<[string, string, Readonly<Record<string, string>>, readonly string[]]>([
  ["HeadBucket", "", {}, ["ListBucket"]],
  ["ListObjectsV2", "", {}, ["ListBucket"]],
  ["ListObjectVersions", "", {}, ["ListBucketVersions"]],
  ["ListMultipartUploads", "", {}, ["ListBucketMultipartUploads"]],
  ["DeletePublicAccessBlock", "", {}, ["PutBucketPublicAccessBlock"]],
  ["DeleteObjects", "", {}, []],
  ["HeadObject", "k", {}, ["GetObject"]],
  ["GetObjectAttributes", "k", {}, ["GetObject", "GetObjectAttributes"]],
  ["ListParts", "k", {}, ["ListMultipartUploadParts"]],
  ["AbortMultipartUpload", "k", {}, ["AbortMultipartUpload"]],
  ["UploadPart", "k", {}, ["PutObject"]],
  ["CompleteMultipartUpload", "k", {}, ["PutObject"]],
  ["PutObject", "k", { "x-amz-acl": "private" }, ["PutObject", "PutObjectAcl"]],
  ["PutObject", "k", { "x-amz-tagging": "a=b" }, ["PutObject", "PutObjectTagging"]],
  ["PutObject", "k", { "if-none-match": "*" }, ["PutObject"]],
  ["PutObject", "k", { "if-match": "x" }, ["PutObject", "GetObject"]],
  ["CopyObject", "k", { "x-amz-tagging": "a=b" }, ["PutObject"]],
  [
    "CopyObject",
    "k",
    { "x-amz-tagging": "a=b", "x-amz-tagging-directive": "REPLACE" },
    ["PutObject", "PutObjectTagging"],
  ],
  ["DeleteObject", "k", { "if-match": "*" }, ["DeleteObject"]],
  ["DeleteObject", "k", { "if-match": '"x"' }, ["DeleteObject", "GetObject"]],
  ["DeleteObject", "k", { "x-amz-bypass-governance-retention": "true" }, ["DeleteObject", "BypassGovernanceRetention"]],
])("%s of %j with %j needs %j", (operation, key, headers, actions) => {
  expect(needed(operation, key, headers)).toEqual(actions);
});

test.each<[string, readonly string[]]>([
  ["GetObject", ["GetObjectVersion"]],
  ["GetObjectAttributes", ["GetObjectVersion", "GetObjectVersionAttributes"]],
  ["GetObjectTagging", ["GetObjectVersionTagging"]],
  ["DeleteObjectTagging", ["DeleteObjectVersionTagging"]],
  ["PutObjectAcl", ["PutObjectVersionAcl"]],
  ["DeleteObject", ["DeleteObjectVersion"]],
])("%s of a version needs %j", (operation, actions) => {
  expect(ask(operation, "k", {}, true).map(({ action }) => action)).toEqual(actions);
});
