import { hash } from "node:crypto";
import { expect, test } from "vitest";
import { noon, startServices } from "../../../../../tests/aws-services.ts";
import { credentialsIn, fakeWorld } from "../world.fixture.ts";

const keys = "aws_access_key_id = K\naws_secret_access_key = secret-of-K\n";
const roleArn = "arn:aws:iam::123456789012:role/a";
const config = `[profile r]\nrole_arn = ${roleArn}\nsource_profile = r\n${keys}`;

test("STS is asked what the profile says, in the region in force", async () => {
  await using services = await startServices();
  const more = "external_id = e+/=\nduration_seconds = 900\nrole_session_name = me\nregion = eu-north-1\n";
  const world = fakeWorld({ AWS_ENDPOINT_URL_STS: services.origin }, { "~/.aws/config": config + more });
  expect(await credentialsIn(world, { profile: "r" })).toEqual({
    accessKeyId: "ROLE-a",
    secretAccessKey: "secret-of-ROLE-a",
    sessionToken: "token-of-ROLE-a",
    expiresMs: services.expiresMs,
  });
  const [request] = services.requests;
  expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
    Action: "AssumeRole",
    Version: "2011-06-15",
    RoleArn: roleArn,
    RoleSessionName: "me",
    ExternalId: "e+/=",
    DurationSeconds: "900",
  });
  expect(request?.headers.authorization).toMatch(/Credential=K\/20300101\/eu-north-1\/sts\/aws4_request/);
});

test.each([
  ["of the environment", { AWS_ROLE_SESSION_NAME: "from-env" }, "from-env"],
  ["of our own", {}, `entrepot-session-${noon / 1000}`],
])("the session's name is one %s where the profile says none", async (_name, env, name) => {
  await using services = await startServices();
  const world = fakeWorld({ AWS_ENDPOINT_URL_STS: services.origin, ...env }, { "~/.aws/config": config });
  await credentialsIn(world, { profile: "r" });
  expect(new URLSearchParams(services.requests[0]?.body).get("RoleSessionName")).toBe(name);
});

test("each role of a chain is taken with the one before it", async () => {
  await using services = await startServices();
  const chain = `[profile a]\nrole_arn = ${roleArn}\nsource_profile = b\n[profile b]\nrole_arn = arn:aws:iam::1:role/b\nsource_profile = k\n[profile k]\n${keys}`;
  const world = fakeWorld({ AWS_ENDPOINT_URL_STS: services.origin, AWS_PROFILE: "a" }, { "~/.aws/config": chain });
  await credentialsIn(world);
  const signers = services.requests.map(({ headers }) => [
    /Credential=([^/]+)/.exec(headers.authorization ?? "")?.[1],
    headers["x-amz-security-token"],
  ]);
  expect(signers).toEqual([
    ["K", undefined],
    ["ROLE-b", "token-of-ROLE-b"],
  ]);
});

test("a role that wants a code is the one that the AWS CLI has taken, as long as it holds", async () => {
  const serial = "arn:aws:iam::1:mfa/mé";
  // As json.dumps(…, sort_keys=True) writes it.
  const asked = `{"DurationSeconds": 3600, "RoleArn": "${roleArn}", "SerialNumber": "arn:aws:iam::1:mfa/m\\u00e9"}`;
  const kept = { AccessKeyId: "MFA", SecretAccessKey: "s", SessionToken: "t", Expiration: "2030-01-01T13:00:00+00:00" };
  const world = fakeWorld(
    {},
    {
      "~/.aws/config": `${config}mfa_serial = ${serial}\nduration_seconds = 3600\n`,
      [`~/.aws/cli/cache/${hash("sha1", asked)}.json`]: JSON.stringify({ Credentials: kept }),
    },
  );
  expect(await credentialsIn(world, { profile: "r" })).toMatchObject({
    accessKeyId: "MFA",
    expiresMs: noon + 3_600_000,
  });
  world.clock.nowMs += 3_600_000;
  await expect(credentialsIn(world, { profile: "r" })).rejects.toMatchObject({
    code: "unauthenticated",
    hint: expect.stringContaining("aws sts get-caller-identity --profile r"),
  });
});

test("what STS repeats of a secret is not repeated here", async () => {
  await using services = await startServices();
  services.override = ({ headers }) => ({
    status: 400,
    body: `<ErrorResponse><Error><Code>ValidationError</Code><Message>${"x".repeat(20)} secret-of-K ${headers.authorization} ${"y".repeat(9_000)}</Message></Error></ErrorResponse>`,
  });
  const world = fakeWorld({ AWS_ENDPOINT_URL_STS: services.origin }, { "~/.aws/config": config });
  const error = await credentialsIn(world, { profile: "r" }).catch((caught: Error) => caught);
  expect(error).toMatchObject({ code: "misconfigured" });
  expect(JSON.stringify(error)).not.toMatch(/secret-of-K|Signature=[0-9a-f]/);
  expect(JSON.stringify(error).length).toBeLessThan(1_000);
});

test.each([
  ["a page of a proxy", { status: 200, body: "<html>hello" }, "protocol"],
  ["no credentials", { status: 200, body: "<R><AssumeRoleResult/></R>" }, "protocol"],
  ["a login page", { status: 302, body: "" }, "misconfigured"],
  ["too much", { status: 200, body: " ".repeat(1_100_000) }, "limit-exceeded"],
  ["slow down", { status: 400, body: "<E><Error><Code>Throttling</Code></Error></E>" }, "throttled"],
])("an answer that is %s says so", async (_name, answer, code) => {
  await using services = await startServices();
  services.override = () => answer;
  const world = fakeWorld({ AWS_ENDPOINT_URL_STS: services.origin }, { "~/.aws/config": config });
  await expect(credentialsIn(world, { profile: "r" })).rejects.toMatchObject({ code });
});

test("nobody there is unreachable, and can be tried again", async () => {
  const world = fakeWorld({ AWS_ENDPOINT_URL_STS: "http://127.0.0.1:9" }, { "~/.aws/config": config });
  await expect(credentialsIn(world, { profile: "r" })).rejects.toMatchObject({ code: "unreachable", retryable: true });
});
