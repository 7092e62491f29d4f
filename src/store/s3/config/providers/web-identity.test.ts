import { expect, test } from "vitest";
import { startServices } from "../../../../../tests/aws-services.ts";
import { resolveS3Access } from "../resolve-access.ts";
import { credentialsIn, fakeWorld } from "../world.fixture.ts";

const env = {
  AWS_WEB_IDENTITY_TOKEN_FILE: "/jwt",
  AWS_ROLE_ARN: "arn:aws:iam::1:role/w",
  AWS_ROLE_SESSION_NAME: "pod",
};

test("the token is read anew at each refresh, and nothing is signed", async () => {
  await using services = await startServices();
  const world = fakeWorld({ AWS_ENDPOINT_URL_STS: services.origin, ...env }, { "/jwt": "jwt-good" });
  const { credentials: provide } = await resolveS3Access({}, world);
  if (typeof provide !== "function") throw new Error("nobody to ask");
  await provide();
  world.files["/jwt"] = "jwt-next\n";
  await provide();
  expect(services.requests.map(({ body }) => new URLSearchParams(body).get("WebIdentityToken"))).toEqual([
    "jwt-good",
    "jwt-next",
  ]);
  expect(services.requests[0]?.headers.authorization).toBeUndefined();
  expect(new URLSearchParams(services.requests[0]?.body).get("RoleSessionName")).toBe("pod");
});

test("a profile that is asked for by name has its own token, not the environment's", async () => {
  await using services = await startServices();
  const config = "[profile w]\nrole_arn = arn:aws:iam::1:role/own\nweb_identity_token_file = ~/token\n";
  const files = { "~/.aws/config": config, "~/token": "jwt-next", "/jwt": "jwt-good" };
  const world = fakeWorld({ AWS_ENDPOINT_URL_STS: services.origin, ...env }, files);
  expect(await credentialsIn(world, { profile: "w" })).toMatchObject({ accessKeyId: "ROLE-own" });
  expect(new URLSearchParams(services.requests[0]?.body).get("WebIdentityToken")).toBe("jwt-next");
});
