import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { EntrepotError } from "../../error/index.ts";
import { NeverSent, type TransportRequest } from "../../net/index.ts";
import type { ScriptedAnswer } from "../../testing/index.ts";
import type { SizedSource } from "../object-store.ts";
import { object, refusal, scripted } from "./scripted.fixture.ts";

const lost = () => new EntrepotError("unreachable", "the connection broke before an answer came");
const written = (etag = '"new"'): ScriptedAnswer => ({ status: 200, headers: { etag, "content-length": "0" } });
const body = Buffer.from("hello");
const md5 = `"${createHash("md5").update(body).digest("hex")}"`;
const source: SizedSource = {
  sizeBytes: 5,
  async *open() {
    yield body.subarray(0, 2);
    yield body.subarray(2);
  },
};

describe("a conditional write that failed and is tried again", () => {
  const conditions = [{ ifNoneMatch: "*" as const }, { ifMatch: '"old"' }];
  const markOf = (request: TransportRequest | undefined) => request?.headers["x-amz-meta-entrepot-write"];
  /** The first PUT ends in this way; later ones meet the condition. `there` is found, made of what the first one brought. */
  const afterFirst =
    (first: () => ScriptedAnswer, there: (mark: string) => ScriptedAnswer) =>
    (requests: readonly TransportRequest[]) =>
    (request: TransportRequest, n: number) => {
      if (n === 1) return first();
      return request.method === "PUT" ? refusal(412, "PreconditionFailed") : there(markOf(requests[0]) ?? "none");
    };
  function run(script: ReturnType<typeof afterFirst>) {
    const requests: TransportRequest[] = [];
    const made = scripted((request, n) => {
      requests.push(request);
      return script(requests)(request, n);
    });
    return { ...made, requests };
  }
  const same = (headers: Record<string, string> = {}) => object("", md5, { "content-length": "5", ...headers });
  const marked = (mark: string) => same({ "x-amz-meta-entrepot-write": mark });
  const isLost = () => {
    throw lost();
  };

  test.each([
    ["lost its answer", isLost],
    [
      "timed out",
      () => {
        throw new EntrepotError("timeout", "no first byte");
      },
    ],
    ["got a 500", () => refusal(500, "InternalError")],
    ["got a 502", () => refusal(502, "")],
    ["got a 504", () => refusal(504, "")],
  ])("is a success when what is there bears its mark: the first try %s", async (_name, first) => {
    for (const condition of conditions) {
      for (const given of [body, source]) {
        const { bucket } = run(afterFirst(first, marked));
        expect(await bucket.write("k", given, condition)).toMatchObject({ etag: md5, sizeBytes: 5 });
      }
    }
  });

  test.each([
    ["503", () => refusal(503, "SlowDown")],
    ["429", () => refusal(429, "")],
    ["409", () => refusal(409, "ConditionalRequestConflict")],
    [
      "no connection",
      () => {
        throw new NeverSent("unreachable", "no connection");
      },
    ],
  ])("after %s did nothing: the same bytes are somebody else's", async (_name, first) => {
    for (const [at, condition] of conditions.entries()) {
      const { bucket } = run(afterFirst(first, () => same()));
      const code = ["already-exists", "precondition-failed"][at];
      await expect(bucket.write("k", body, condition)).rejects.toMatchObject({ code, retryable: false });
    }
  });

  test.each([
    ["the same bytes without a mark", () => same()],
    ["the same bytes with another's mark", () => marked("another")],
    ["other bytes", () => object("other", '"x"')],
    ["nothing any more", () => refusal(404, "NoSuchKey")],
    ["what may not be looked at", () => refusal(403, "AccessDenied")],
  ])("has an unknown outcome when its answer was lost and there is %s", async (_name, there) => {
    for (const condition of conditions) {
      const { bucket } = run(afterFirst(isLost, there));
      await expect(bucket.write("k", body, condition)).rejects.toMatchObject({
        code: "server-error",
        retryable: false,
        message: expect.stringContaining("whether it was done is unknown"),
      });
    }
  });

  test("bears a mark of its own, which readers do not see and callers cannot set; other writes bear none", async () => {
    const { bucket, requests } = run(() => (request) => (request.method === "HEAD" ? marked("m") : written()));
    for (const condition of [...conditions, {}]) await bucket.write("k", body, condition);
    const [create, swap, plain] = requests.map(markOf);
    expect(create).toMatch(/^[0-9a-f-]{36}$/);
    expect(swap).not.toBe(create);
    expect(plain).toBeUndefined();
    expect((await bucket.stat("k")).metadata).toBeUndefined();
    const metadata = { "Entrepot-Write": "x" };
    await expect(bucket.write("k", body, { metadata })).rejects.toThrow(TypeError);
  });

  test("that failed on its first try is not looked up: somebody else was there before", async () => {
    const { bucket, transport } = scripted(() => refusal(412, "PreconditionFailed"));
    await expect(bucket.write("k", body, { ifNoneMatch: "*" })).rejects.toMatchObject({ code: "already-exists" });
    expect(transport.requests).toHaveLength(1);
  });
});
