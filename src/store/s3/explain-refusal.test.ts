import { describe, expect, test } from "vitest";
import type { TransportRequest } from "../../net/index.ts";
import type { ScriptedAnswer } from "../../testing/index.ts";
import { broken, object, refusal, scripted } from "./scripted.fixture.ts";

/** HEAD is answered with a status alone. */
const mute =
  (status: number, get: () => ScriptedAnswer) =>
  ({ method }: TransportRequest): ScriptedAnswer =>
    method === "HEAD" ? { status } : get();
const methods = (requests: readonly TransportRequest[]) => requests.map(({ method }) => method);

describe("a HEAD that is refused is explained by one GET of one byte", () => {
  test.each([
    [403, refusal(403, "SignatureDoesNotMatch"), "unauthenticated"],
    [403, refusal(403, "InvalidAccessKeyId"), "unauthenticated"],
    [400, refusal(400, "InvalidToken"), "unauthenticated"],
    [403, refusal(403, "AccessDenied"), "forbidden"],
    [404, refusal(404, "NoSuchKey"), "not-found"],
    [404, refusal(404, "NoSuchBucket"), "not-found"],
  ])("%s", async (status, answer, code) => {
    const { bucket, transport } = scripted(mute(status, () => answer));
    await expect(bucket.stat("k", { versionId: "v" })).rejects.toMatchObject({ code, uri: "s3://b/k?versionId=v" });
    expect(methods(transport.requests)).toEqual(["HEAD", "GET"]);
    expect(transport.requests[1]).toMatchObject({ path: "/b/k?versionId=v", headers: { range: "bytes=0-0" } });
  });

  test.each([
    ["a success", () => object("x", '"a"')],
    ["more bytes than were asked for", () => object(new Uint8Array(2 * 1024 * 1024), '"a"')],
    [
      "a broken connection",
      () => {
        throw broken();
      },
    ],
  ])("and stands as it is when the GET brings %s", async (_name, get) => {
    const { bucket, transport } = scripted(mute(403, get));
    await expect(bucket.stat("k")).rejects.toMatchObject({ code: "forbidden" });
    expect(methods(transport.requests)).toEqual(["HEAD", "GET"]);
  });
});

test("a bucket that is not there is named, and where to look for it", async () => {
  const { bucket } = scripted(mute(404, () => refusal(404, "NoSuchBucket")));
  await expect(bucket.stat("k")).rejects.toMatchObject({
    message: expect.stringContaining("NoSuchBucket"),
    hint: "There is no bucket b: entrepot ls s3:// lists the buckets.",
  });
});

test("in a bucket that has answered before, what is missing is the object, and nothing more is asked", async () => {
  const { bucket, transport } = scripted((request) =>
    request.method === "PUT" ? object("", '"a"') : mute(404, () => refusal(404, "NoSuchKey"))(request),
  );
  await bucket.write("a", Buffer.from("x"));
  await expect(bucket.stat("k")).rejects.toMatchObject({ code: "not-found" });
  expect(methods(transport.requests)).toEqual(["PUT", "HEAD"]);
});

test("what is not there costs its second request once", async () => {
  const { bucket, transport } = scripted(mute(404, () => refusal(404, "NoSuchKey")));
  for (const key of ["a", "b"]) await expect(bucket.stat(key)).rejects.toMatchObject({ code: "not-found" });
  expect(methods(transport.requests)).toEqual(["HEAD", "GET", "HEAD"]);
});

describe("a forbidden request is told the way out that is open to it", () => {
  const hintOf = async (credentials?: "anonymous"): Promise<string> => {
    const denied = () => refusal(403, "AccessDenied");
    const { bucket } = scripted(denied, credentials === undefined ? {} : { credentials });
    const error: unknown = await bucket.stat("k").catch((reason: unknown) => reason);
    return (error as { hint: string }).hint;
  };
  test("signed: it is known, and may not; public data wants no identity", async () => {
    expect(await hintOf()).toMatch(/identity is known.*anonymous: true/);
  });
  test("anonymous: nobody is known, and more anonymous it cannot be", async () => {
    const hint = await hintOf("anonymous");
    expect(hint).toContain("not public");
    expect(hint).not.toMatch(/is known|anonymous: true/);
  });
});
