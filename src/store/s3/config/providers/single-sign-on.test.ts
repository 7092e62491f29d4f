import { hash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { type Services, startServices } from "../../../../../tests/aws-services.ts";
import { EntrepotError } from "../../../../error/index.ts";
import { credentialsIn, fakeWorld } from "../world.fixture.ts";

const config = `[profile s]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = reader
[sso-session corp]
sso_start_url = https://corp.example
sso_region = eu-west-1
`;
const path = `~/.aws/sso/cache/${hash("sha1", "corp")}.json`;
const stored = path.replace("~", "/h");

function signedOn(services: Services, token: object, over: Parameters<typeof fakeWorld>[2] = {}) {
  const kept = {
    startUrl: "https://corp.example",
    accessToken: "sso-old",
    expiresAt: "2030-01-01T11:00:00Z",
    clientId: "client",
    clientSecret: "client-secret",
    registrationExpiresAt: "2030-03-01T00:00:00Z",
    refreshToken: "refresh-good",
    scopes: ["kept"],
    ...token,
  };
  const env = { AWS_ENDPOINT_URL_SSO: services.origin, AWS_ENDPOINT_URL_SSO_OIDC: services.origin, AWS_PROFILE: "s" };
  return fakeWorld(env, { "~/.aws/config": config, [path]: JSON.stringify(kept) }, over);
}

const asked = ({ requests }: Services) => requests.map(({ path: url }) => url.split("?", 1)[0]);

describe("the token of a session", () => {
  test("is used while it holds for a while", async () => {
    await using services = await startServices();
    const world = signedOn(services, { accessToken: "sso-good", expiresAt: "2030-01-01T12:15:01Z" });
    expect(await credentialsIn(world)).toMatchObject({ sessionToken: "token-of-SSO-reader" });
    expect(asked(services)).toEqual(["/federation/credentials"]);
    expect(services.requests[0]?.path).toContain("account_id=123456789012");
  });

  test("is renewed near its end, and kept for the next process as the AWS CLI keeps it", async () => {
    await using services = await startServices();
    const world = signedOn(services, { accessToken: "sso-good", expiresAt: "2030-01-01T12:14:59Z" });
    await credentialsIn(world);
    expect(asked(services)).toEqual(["/token", "/federation/credentials"]);
    expect(JSON.parse(world.files[stored] ?? "")).toMatchObject({
      accessToken: "sso-renewed",
      refreshToken: "refresh-next",
      expiresAt: "2030-01-01T20:00:00Z",
      startUrl: "https://corp.example",
      scopes: ["kept"],
    });
    await credentialsIn(world);
    expect(asked(services)).toHaveLength(3);
  });

  test("is another process's where that was faster", async () => {
    await using services = await startServices();
    const world = signedOn(services, { refreshToken: "refresh-bad" });
    services.override = ({ path: url }) => {
      const fresh = { accessToken: "sso-good", expiresAt: "2030-01-01T20:00:00Z" };
      if (url === "/token") world.files[stored] = JSON.stringify(fresh);
      return undefined;
    };
    expect(await credentialsIn(world)).toMatchObject({ accessKeyId: "SSO-reader" });
  });

  test("that cannot be written is this process's own", async () => {
    await using services = await startServices();
    const world = signedOn(
      services,
      {},
      {
        writePrivateFile: () => Promise.reject(new EntrepotError("read-only", "no writing here")),
      },
    );
    expect(await credentialsIn(world)).toMatchObject({ accessKeyId: "SSO-reader" });
  });

  test.each([
    ["a registration that has ended", { registrationExpiresAt: "2030-01-01T00:00:00Z" }],
    ["nothing to renew it with", { refreshToken: undefined }],
  ])("with %s asks a person, not the service", async (_name, token) => {
    await using services = await startServices();
    await expect(credentialsIn(signedOn(services, token))).rejects.toMatchObject({
      code: "unauthenticated",
      hint: "Sign in again: aws sso login --sso-session corp",
    });
    expect(services.requests).toEqual([]);
  });

  test("whose service is gone is unreachable, not ended", async () => {
    await using services = await startServices();
    const world = signedOn(services, {});
    const gone = { ...world, env: { ...world.env, AWS_ENDPOINT_URL_SSO_OIDC: "http://127.0.0.1:9" } };
    await expect(credentialsIn(gone)).rejects.toMatchObject({ code: "unreachable" });
  });

  test("is not repeated when the service repeats it", async () => {
    await using services = await startServices();
    const world = signedOn(services, { accessToken: "sso-revoked", expiresAt: "2030-01-01T20:00:00Z" });
    const error = await credentialsIn(world).catch((caught: Error) => caught);
    expect(error).toMatchObject({ code: "unauthenticated" });
    expect(JSON.stringify(error)).not.toContain("sso-revoked");
  });
});
