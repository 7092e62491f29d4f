/** `deleteMany` of exactly these versions at AWS itself, whose server is here a function. */
import { describe, expect, test } from "vitest";
import type { TransportRequest } from "../../net/index.ts";
import type { ScriptedAnswer } from "../../testing/index.ts";
import type { DeleteManyOptions, ObjectStore } from "../object-store.ts";
import { scripted } from "./scripted.fixture.ts";

const xml = (...elements: string[]): ScriptedAnswer => ({
  status: 200,
  body: `<?xml version="1.0"?><DeleteResult xmlns="urn:x">${elements.join("")}</DeleteResult>`,
});
const deleted = (key: string) => `<Deleted><Key>${key}</Key></Deleted>`;
const failed = (key: string, code: string) =>
  `<Error><Key>${key}</Key><Code>${code}</Code><Message>m</Message></Error>`;
const asked = (request: TransportRequest): string[] =>
  [...String(request.body).matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = ""]) => key);

async function outcomes(store: ObjectStore, keys: readonly string[], options?: DeleteManyOptions) {
  const told: (string | undefined)[] = [];
  for await (const { error } of store.deleteMany?.(keys, options) ?? []) told.push(error?.code);
  return told;
}

const ok = undefined;

describe("each in one version, at AWS itself", () => {
  const aws = { endpoint: undefined, region: "eu-west-1" };
  const etag = '"e"';
  const whole = { status: 200, headers: { etag, "content-length": "1", "last-modified": new Date(0).toUTCString() } };

  test("is one document with the ETags, and no look before", async () => {
    const { bucket, transport } = scripted((request) => xml(...asked(request).map(deleted)), aws);
    expect(await outcomes(bucket, ["a", "b"], { ifMatch: [etag, undefined] })).toEqual([ok, ok]);
    expect(transport.requests.map(({ method }) => method)).toEqual(["POST"]);
    expect(String(transport.requests[0]?.body)).toContain(
      "<Object><Key>a</Key><ETag>&quot;e&quot;</ETag></Object><Object><Key>b</Key></Object>",
    );
    expect(bucket.requestsOf?.({ call: "deleteMany", keys: 2001, guarded: true })).toMatchObject({
      head: 0,
      delete: 3,
    });
  });

  test.each([
    ["gone is gone", { status: 404 }, ok, ["POST", "HEAD"]],
    [
      "another version stays",
      { ...whole, headers: { ...whole.headers, etag: '"f"' } },
      "precondition-failed",
      ["POST", "HEAD"],
    ],
    ["an ETag that is denied and shown is asked for by itself", whole, ok, ["POST", "HEAD", "DELETE"]],
  ] as const)("what is refused is looked at: %s", async (_what, head, outcome, methods) => {
    const { bucket, transport } = scripted(({ method }) => {
      if (method === "DELETE") return { status: 204 };
      return method === "HEAD" ? head : xml(failed("a", "PreconditionFailed"), deleted("b"));
    }, aws);
    expect(await outcomes(bucket, ["a", "b"], { ifMatch: [etag, etag] })).toEqual([outcome, ok]);
    expect(transport.requests.map(({ method }) => method)).toEqual(methods);
  });

  test("one alone is a DELETE with If-Match", async () => {
    const { bucket, transport } = scripted(() => ({ status: 204 }), aws);
    expect(await outcomes(bucket, ["a"], { ifMatch: [etag] })).toEqual([ok]);
    expect(transport.requests.map(({ method, headers }) => [method, headers["if-match"]])).toEqual([["DELETE", etag]]);
  });
});
