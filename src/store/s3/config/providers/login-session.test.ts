import { generateKeyPairSync, hash } from "node:crypto";
import { expect, test } from "vitest";
import { type Services, startServices } from "../../../../../tests/aws-services.ts";
import { credentialsIn, fakeWorld } from "../world.fixture.ts";

const session = "arn:aws:iam::123456789012:user/me";
const path = `/h/.aws/login/cache/${hash("sha256", session)}.json`;
const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });

function loggedIn({ origin }: Services, expiresAt: string, over: object = {}) {
  const accessToken = { accessKeyId: "LOGIN", secretAccessKey: "s", sessionToken: "t", accountId: "1", expiresAt };
  const dpopKey = privateKey.export({ type: "sec1", format: "pem" });
  const kept = { accessToken, refreshToken: "login-refresh", clientId: "c", dpopKey, idToken: "i", ...over };
  return fakeWorld(
    { AWS_ENDPOINT_URL_SIGNIN: origin },
    { "~/.aws/config": `[default]\nlogin_session = ${session}\n`, [path]: JSON.stringify(kept) },
  );
}

test("a login that holds is used without asking anybody", async () => {
  await using services = await startServices();
  expect(await credentialsIn(loggedIn(services, "2030-01-01T12:05:01Z"))).toMatchObject({ accessKeyId: "LOGIN" });
  expect(services.requests).toEqual([]);
});

test("one that ends is renewed with proof of its key, and kept for the AWS CLI", async () => {
  await using services = await startServices();
  const world = loggedIn(services, "2030-01-01T12:04:59Z");
  expect(await credentialsIn(world)).toMatchObject({ accessKeyId: "LOGIN-renewed" });
  expect(JSON.parse(services.requests[0]?.body ?? "")).toEqual({
    clientId: "c",
    refreshToken: "login-refresh",
    grantType: "refresh_token",
  });
  expect(JSON.parse(world.files[path] ?? "")).toMatchObject({
    accessToken: { accessKeyId: "LOGIN-renewed", accountId: "1", expiresAt: "2030-01-01T12:15:00Z" },
    refreshToken: "login-refresh-next",
    idToken: "i",
  });
});

test.each([
  ["has ended", { refreshToken: "other" }],
  ["lacks its key", { dpopKey: "x" }],
  ["is none", { accessToken: "x" }],
])("one that %s says the command", async (_name, over) => {
  await using services = await startServices();
  await expect(credentialsIn(loggedIn(services, "2030-01-01T11:00:00Z", over))).rejects.toMatchObject({
    code: "unauthenticated",
    hint: expect.stringContaining("aws login --profile default"),
  });
});
