import { expect, test } from "vitest";
import type { Question } from "./evaluate.ts";
import { rootArn } from "./parse-principals.ts";
import { alice, allow, bob, bucketArn, deny, objects, type Rule, verdict } from "./verdict.fixture.ts";

// The examples are those of AWS's "Examples of Amazon S3 bucket policies", "Bucket policy examples using condition keys",
// "Policies and permissions" and "Enforce conditional writes", with this server's account.
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

const home = `${bucketArn}/folder/\${aws:username}/*`;

test("a variable is filled in, literally, where the version knows them", () => {
  const rule = allow({ Resource: home });
  expect(verdict([rule], { resource: `${bucketArn}/folder/alice/x` })).toBe("allow");
  expect(verdict([rule], { resource: `${bucketArn}/folder/bob/x` })).toBe("none");
  expect(verdict([rule], { resource: `${bucketArn}/folder/bob/x` }, { "aws:username": "*" })).toBe("none");
  expect(verdict([rule], { principal: undefined, resource: `${bucketArn}/folder//x` })).toBe("none");
  expect(verdict([rule], { resource: `${bucketArn}/folder/alice/x` }, {}, "2008-10-17")).toBe("none");
});

test("a variable may have a default, and hide what would be a wildcard", () => {
  const own = allow({ Resource: `${bucketArn}/\${aws:username, 'guest'}/x` });
  expect(verdict([own], { principal: undefined, resource: `${bucketArn}/guest/x` })).toBe("allow");
  expect(verdict([own], { resource: `${bucketArn}/guest/x` })).toBe("none");
  const star = allow({ Resource: `${bucketArn}/a\${*}` });
  expect(verdict([star], { resource: `${bucketArn}/a*` })).toBe("allow");
  expect(verdict([star], { resource: `${bucketArn}/ab` })).toBe("none");
});
