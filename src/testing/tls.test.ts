import { existsSync, readFileSync } from "node:fs";
import { request as ask } from "node:https";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type S3Server, startS3Server } from "./index.ts";

let s3: S3Server;
beforeAll(async () => {
  s3 = await startS3Server({ tls: true, anonymous: true, fixtures: { "b/k": "0123456789", "a.b/k": "dots" } });
});
afterAll(() => s3.close());

interface Got {
  readonly status: number;
  readonly text: string;
}

function get(
  path: string,
  options: { host?: string; servername?: string; ca?: string | undefined } = {},
): Promise<Got> {
  const { port } = new URL(s3.endpoint);
  const { host = "127.0.0.1", servername, ca = s3.ca } = options;
  const headers = { host: `${servername ?? host}:${port}` };
  return new Promise((resolve, reject) => {
    const sent = ask({
      host,
      port,
      path,
      headers,
      ca,
      ...(servername === undefined ? {} : { servername }),
      agent: false,
    });
    sent.on("error", reject).on("response", (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("error", reject).on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.end();
  });
}

test("https is served under an authority of its own", async () => {
  expect(s3.endpoint).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  expect(await get("/b/k")).toEqual({ status: 200, text: "0123456789" });
  await expect(get("/b/k", { ca: "" })).rejects.toMatchObject({ code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" });
  expect(readFileSync(s3.options.caFile ?? "", "utf8")).toBe(s3.ca);
});

test.each([["localhost"], ["b.localhost"], ["a.b.localhost"]])(
  "%s has a certificate, dots or not",
  async (servername) => {
    const path = servername === "localhost" ? "/b/k" : "/k";
    expect(await get(path, { servername })).toMatchObject({ status: 200 });
  },
);

test("a name that is not the server's has none", async () => {
  await expect(get("/b/k", { servername: "example.com" })).rejects.toMatchObject({
    code: "ERR_TLS_CERT_ALTNAME_INVALID",
  });
});

describe("a fault over TLS", () => {
  test.each([
    [{ resetAfterBytes: 5 }, "ECONNRESET"],
    [{ cutAfterBytes: 5 }, "ECONNRESET"],
    [{ loseAnswer: true }, "ECONNRESET"],
  ] as const)("%j breaks the connection", async (effect, code) => {
    s3.inject({ method: "GET", effect });
    await expect(get("/b/k")).rejects.toMatchObject({ code });
    expect(s3.internalErrors).toEqual([]);
    expect(await get("/b/k")).toMatchObject({ status: 200 });
  });
});

test("a connection that never shakes hands does not keep the server open, and the file goes with it", async () => {
  const other = await startS3Server({ tls: true });
  const silent = connect(Number(new URL(other.endpoint).port), "127.0.0.1");
  await new Promise((resolve) => silent.once("connect", resolve));
  const gone = new Promise((resolve) => silent.on("error", () => undefined).once("close", resolve));
  const { caFile = "" } = other.options;
  expect(existsSync(caFile)).toBe(true);
  await other.close();
  await gone;
  expect(existsSync(caFile)).toBe(false);
});

test("plain HTTP on the port of https is not answered, and harms nobody", async () => {
  await expect(fetch(s3.endpoint.replace("https:", "http:"))).rejects.toThrow();
  expect(await get("/b/k")).toMatchObject({ status: 200 });
});

test.each<[unknown, string]>([
  ["yes", 'tls of startS3Server() is true, or { cert, key } in PEM form, not "yes"'],
  [{ cert: "x" }, "tls of startS3Server() is true"],
  [{ cert: "x", key: "y", pfx: "z" }, "tls of startS3Server() is true"],
  [{ cert: "x", key: "y" }, "the certificate and key of tls cannot be used"],
])("tls: %j is refused", async (tls, message) => {
  await expect(startS3Server({ tls: tls as never })).rejects.toThrow(TypeError);
  await expect(startS3Server({ tls: tls as never })).rejects.toThrow(message);
});
