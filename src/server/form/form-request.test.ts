import { expect, test } from "vitest";
import { formOf, signedFields } from "../../../tests/server/signed-form.ts";
import { KeyRing } from "../auth/verify.ts";
import { HeaderLines, type IncomingRequest, incomingRequest } from "../request/incoming-request.ts";
import { findOperation } from "../router.ts";
import { isFormUpload, openForm } from "./form-request.ts";

const nowMs = Date.UTC(2026, 0, 2, 3, 4, 5);
const settings = {
  credentials: [{ accessKeyId: "test", secretAccessKey: "secret" }],
  anonymous: false,
  region: undefined,
};

async function sent(form: FormData, url = "/photos", more: Record<string, string> = {}): Promise<IncomingRequest> {
  const encoded = new Response(form);
  const headers = { "content-type": encoded.headers.get("content-type") ?? "", host: "localhost", ...more };
  const body = Buffer.from(await encoded.arrayBuffer());
  return incomingRequest({
    method: "POST",
    url,
    headers: new HeaderLines(Object.entries(headers).flat()),
    nowMs,
    domains: [],
    secure: false,
    peer: () => ({ address: "", tlsVersion: undefined }),
    body: async function* () {
      for (let at = 0; at < body.length; at += 100) yield body.subarray(at, at + 100);
    },
  });
}

const signed = (fields: Record<string, string>, conditions: unknown[] = []) =>
  signedFields({ bucket: "photos", fields, conditions, nowMs });

test("the fields of a form are the headers of a PutObject, its own headers are not", async () => {
  const fields = signed({ key: "k", "X-Amz-Meta-A": "1", acl: "private", "Cache-Control": "é" });
  const incoming = await sent(formOf(fields, "meow"), "/photos", { "x-amz-meta-b": "2", "content-length": "9" });
  const { request, caller } = await openForm(incoming, settings, new KeyRing());
  const said = ["x-amz-meta-a", "x-amz-acl", "cache-control", "x-amz-meta-b", "content-type", "host"];
  expect(said.map((name) => request.header(name))).toEqual(["1", "private", "Ã©", undefined, undefined, "localhost"]);
  expect(request.headerNames()).not.toContain("content-length");
  expect([request.target.key, caller.accessKeyId, caller.payload.kind]).toEqual(["k", "test", "form"]);
});

test("of a file that is too large no more is passed on than may be kept", async () => {
  const form = formOf(signed({ key: "k" }, [["content-length-range", 0, 500]]), "x".repeat(5000));
  const { request } = await openForm(await sent(form), settings, new KeyRing());
  let kept = 0;
  const reading = (async () => {
    for await (const piece of request.body()) kept += piece.length;
  })();
  await expect(reading).rejects.toMatchObject({
    ...{ code: "EntityTooLarge", details: { ProposedSize: "5000", MaxSizeAllowed: "500" } },
  });
  expect(kept).toBeLessThanOrEqual(500);
});

test.each<[boolean, string, Record<string, string>]>([
  [true, "/photos", {}],
  [true, "/photos?x=y", {}],
  [false, "/photos?delete", {}],
  [false, "/photos/k", {}],
  [false, "/", {}],
  [false, "/photos", { authorization: "AWS4-HMAC-SHA256 x" }],
  [false, "/photos?X-Amz-Signature=x", {}],
])("a POST may be a form: %s, to %s with %j", async (isForm, url, headers) => {
  expect(isFormUpload(await sent(formOf({ key: "k" }, "x"), url, headers))).toBe(isForm);
});

test("a signed POST to a bucket, without a sub-resource, is told that it is no form", async () => {
  const signedInHeader = await sent(formOf({ key: "k" }, "x"), "/photos", { authorization: "AWS4-HMAC-SHA256 x" });
  expect(() => findOperation(signedInHeader)).toThrow(
    expect.objectContaining({
      status: 412,
      details: { Condition: "Bucket POST must be of the enclosure-type multipart/form-data" },
    }),
  );
});
