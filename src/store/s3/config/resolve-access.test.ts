import { describe, expect, test } from "vitest";
import { resolveS3Access, traceCredentials } from "./resolve-access.ts";
import { fakeWorld } from "./world.fixture.ts";

const home = "/h/me";
const credentials = `
# a comment
[default]
aws_access_key_id = AKIADEFAULT
aws_secret_access_key = def#ault/secret ; the keys of old

[team]
aws_access_key_id=AKIATEAM
aws_secret_access_key=team
aws_session_token=token
region = eu-west-2

[half]
aws_access_key_id = AKIAHALF
`;
const config = `\uFEFF[default]
region = us-west-2
[profile team]
region = eu-west-1
endpoint_url = https://objects.example.org
s3 =
    addressing_style = path
    max_concurrent_requests = 5
output = json
[bare]
aws_access_key_id = AKIABARE
aws_secret_access_key = bare
[profile "with space"]
region = eu-north-1
[profile sso]
sso_session = corp
[sso-session corp]
region = eu-south-1
[profile role]
role_arn = arn:aws:iam::123456789012:role/x
source_profile = default
aws_access_key_id = AKIAROLE
aws_secret_access_key = role
[profile served]
services = mine
[services mine]
s3 =
  endpoint_url = https://s3.mine.example.org
[profile wrong]
s3 =
  addressing_style = sideways
`;

const files: Readonly<Record<string, string>> = {
  [`${home}/.aws/credentials`]: credentials,
  [`${home}/.aws/config`]: config,
  "/elsewhere/credentials": "[default]\naws_access_key_id = AKIAELSE\naws_secret_access_key = else\n",
};

/** Nobody is ever asked here. */
const transport = {
  send: () => Promise.reject(new Error("nothing is asked before the first request")),
  close: async () => {},
};

function world(env: Record<string, string> = {}, readable: Readonly<Record<string, string>> = files) {
  return fakeWorld(env, readable, { homeDir: home, transport });
}

describe("who signs", () => {
  test.each([
    [
      "the environment before any profile",
      {},
      { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: "s", AWS_PROFILE: "team" },
      "AKIAENV",
      "environment",
    ],
    [
      "a profile that was asked for before the environment",
      { profile: "team" },
      { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: "s" },
      "AKIATEAM",
      `profile team in ${home}/.aws/credentials`,
    ],
    ["AWS_PROFILE", {}, { AWS_PROFILE: "team" }, "AKIATEAM", `profile team in ${home}/.aws/credentials`],
    ["the default profile", {}, {}, "AKIADEFAULT", `profile default in ${home}/.aws/credentials`],
    ["a bare name in the config file", { profile: "bare" }, {}, "AKIABARE", `profile bare in ${home}/.aws/config`],
    [
      "another file",
      {},
      { AWS_SHARED_CREDENTIALS_FILE: "/elsewhere/credentials" },
      "AKIAELSE",
      "profile default in /elsewhere/credentials",
    ],
    [
      "nobody's empty variable",
      {},
      { AWS_ACCESS_KEY_ID: "", AWS_PROFILE: "" },
      "AKIADEFAULT",
      `profile default in ${home}/.aws/credentials`,
    ],
    [
      "keys that were given",
      { credentials: { accessKeyId: "AKIAGIVEN", secretAccessKey: "s" } },
      { AWS_PROFILE: "no such" },
      "AKIAGIVEN",
      "the option credentials",
    ],
  ])("%s", async (_name, options, env, accessKeyId, source) => {
    const access = await resolveS3Access(options, world(env));
    expect(access.credentials).toMatchObject({ accessKeyId });
    expect(access.sources.credentials).toBe(source);
  });

  test("a secret may hold a #, and a comment behind it is none of it", async () => {
    const { credentials: found } = await resolveS3Access({}, world());
    expect(found).toEqual({ accessKeyId: "AKIADEFAULT", secretAccessKey: "def#ault/secret", sessionToken: undefined });
  });

  test("anonymous reads no keys at all", async () => {
    const access = await resolveS3Access(
      { anonymous: true },
      world({ AWS_ACCESS_KEY_ID: "half of a pair", AWS_PROFILE: "x" }),
    );
    expect(access.credentials).toBe("anonymous");
  });

  test.each([
    ["role", `role of profile role in ${home}/.aws/config, with profile default in ${home}/.aws/credentials`],
    ["sso", "the machine's role (metadata service at http://169.254.169.254)"],
  ])("the profile %s leads to somebody who is not asked yet", async (profile, source) => {
    const access = await resolveS3Access({ profile }, world());
    expect(access.credentials).toBeTypeOf("function");
    expect(access.sources.credentials).toBe(source);
  });
});

describe("every way to credentials says", () => {
  const told = async (options: Parameters<typeof traceCredentials>[0], env: Record<string, string> = {}) =>
    (await traceCredentials(options, world(env))).map(({ provider, outcome, place }) =>
      [provider, outcome, ...(place === undefined ? [] : [`${place.file}:${place.line}`])].join(" "),
    );

  test("whether it won, lost or is not there, in the order of the AWS CLI, with file and line", async () => {
    expect(await told({ profile: "role" })).toEqual([
      "env not configured",
      `assume-role won ${home}/.aws/config:20`,
      "assume-role-with-web-identity not configured",
      "sso not configured",
      "shared-credentials-file not configured",
      "login not configured",
      "custom-process not configured",
      `config-file later ${home}/.aws/config:22`,
      "container-role not configured",
      "iam-role later",
    ]);
    expect((await told({}))[4]).toBe(`shared-credentials-file won ${home}/.aws/credentials:4`);
  });

  test("what fails, and what would fail but is not reached", async () => {
    const [env, role] = await traceCredentials({}, world({ AWS_ACCESS_KEY_ID: "AKIA" }));
    expect(env).toMatchObject({ provider: "env", outcome: "failed", error: { code: "misconfigured" } });
    expect(role).toMatchObject({ outcome: "not configured", why: expect.stringMatching(/role_arn/) });
    const half = await traceCredentials(
      { profile: "half" },
      world({ AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://203.0.113.1" }),
    );
    expect(half.filter(({ outcome }) => outcome !== "not configured")).toMatchObject([
      { provider: "shared-credentials-file", outcome: "failed", why: expect.stringMatching(/no secret/) },
      { provider: "container-role", outcome: "later", why: expect.stringMatching(/might be anybody/) },
      { provider: "iam-role", outcome: "later" },
    ]);
  });

  test("nothing when the options decide", async () => {
    expect(await told({ anonymous: true })).toEqual(["option won"]);
    const access = await resolveS3Access(
      { credentials: async () => ({ accessKeyId: "a", secretAccessKey: "s" }) },
      world(),
    );
    expect(access.providers).toMatchObject([{ provider: "option", outcome: "won", why: "the option credentials" }]);
  });
});

describe("what cannot be meant is misconfigured", () => {
  test.each([
    [
      "an unknown profile, with those that there are",
      { profile: "taem" },
      {},
      /default, half, role, served, sso, team/,
    ],
    ["an unknown AWS_PROFILE", {}, { AWS_PROFILE: "taem" }, /team/],
    ["half a pair in the environment", {}, { AWS_ACCESS_KEY_ID: "AKIA" }, /both/],
    ["half a pair in a file", { profile: "half" }, {}, /aws_secret_access_key/],
    ["two identities", { profile: "team", anonymous: true }, {}, /one of/],
    ["a style that is none", { profile: "wrong", credentials: undefined }, {}, /path, virtual or auto/],
  ])("%s", async (_name, options, env, hint) => {
    const access = resolveS3Access(options, world(env));
    await expect(access).rejects.toMatchObject({ code: "misconfigured", hint: expect.stringMatching(hint) });
  });
});

describe("where requests go", () => {
  test.each([
    ["the option", { region: "ap-1" }, { AWS_REGION: "a" }, "ap-1", "the option region"],
    ["AWS_REGION", {}, { AWS_REGION: "a", AWS_DEFAULT_REGION: "b" }, "a", "AWS_REGION"],
    ["AWS_DEFAULT_REGION", {}, { AWS_DEFAULT_REGION: "b" }, "b", "AWS_DEFAULT_REGION"],
    ["the profile", {}, {}, "us-west-2", `profile default in ${home}/.aws/config:2`],
    [
      "the credentials file before the config file",
      { profile: "team" },
      {},
      "eu-west-2",
      `profile team in ${home}/.aws/credentials:11`,
    ],
    [
      "a profile with a blank",
      { profile: "with space" },
      {},
      "eu-north-1",
      `profile with space in ${home}/.aws/config:14`,
    ],
  ])("the region is that of %s", async (_name, options, env, region, source) => {
    const access = await resolveS3Access(options, world(env));
    expect(access.region).toBe(region);
    expect(access.sources.region).toBe(source);
  });

  test.each([
    ["the option", { endpoint: "https://a" }, { AWS_ENDPOINT_URL_S3: "https://b" }, "https://a"],
    ["S3's own variable", {}, { AWS_ENDPOINT_URL_S3: "https://b", AWS_ENDPOINT_URL: "https://c" }, "https://b"],
    ["the common variable", {}, { AWS_ENDPOINT_URL: "https://c" }, "https://c"],
    ["the profile", { profile: "team" }, {}, "https://objects.example.org"],
    ["the profile's services", { profile: "served" }, {}, "https://s3.mine.example.org"],
    [
      "nobody, when told to ignore them",
      { profile: "team" },
      { AWS_ENDPOINT_URL: "https://c", AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" },
      undefined,
    ],
  ])("the endpoint is that of %s", async (_name, options, env, endpoint) => {
    expect((await resolveS3Access(options, world(env))).endpoint).toBe(endpoint);
  });

  test("the addressing style is that of the profile, or of the option", async () => {
    expect((await resolveS3Access({ profile: "team" }, world())).addressing).toBe("path");
    expect((await resolveS3Access({ profile: "team", addressing: "virtual" }, world())).addressing).toBe("virtual");
    expect((await resolveS3Access({}, world())).addressing).toBeUndefined();
  });
});

test("what is told to doctor holds no secret", async () => {
  const { sources } = await resolveS3Access({ profile: "team" }, world());
  expect(JSON.stringify(sources)).not.toMatch(/AKIA|token"/);
});

describe("which of AWS's hosts, and whose certificates", () => {
  const reach = async (env: Record<string, string>, text: string, options = {}) => {
    const own = { [`${home}/.aws/config`]: `[default]\n${text}` };
    return resolveS3Access({ anonymous: true, ...options }, world(env, own));
  };

  test.each([
    [{ dualStack: false }, { AWS_USE_DUALSTACK_ENDPOINT: "true" }, "", false, "the option dualStack"],
    [{}, { AWS_USE_DUALSTACK_ENDPOINT: "true" }, "use_dualstack_endpoint = false", true, "AWS_USE_DUALSTACK_ENDPOINT"],
    [{}, {}, "use_dualstack_endpoint = true", true, `profile default in ${home}/.aws/config:2`],
    [
      {},
      {},
      "use_dualstack_endpoint = false\ns3 =\n  use_dualstack_endpoint = True",
      true,
      `profile default in ${home}/.aws/config:4`,
    ],
    [{}, { AWS_USE_DUALSTACK_ENDPOINT: "" }, "", undefined, undefined],
  ])("options %j, environment %j and profile %j decide dual-stack", async (options, env, text, value, source) => {
    const { dualStack, sources } = await reach(env as Record<string, string>, text, options);
    expect([dualStack, sources.dualStack]).toEqual([value, source]);
  });

  test("FIPS in the same way", async () => {
    expect(await reach({ AWS_USE_FIPS_ENDPOINT: "TRUE" }, "")).toMatchObject({ fips: true });
    expect(await reach({}, "use_fips_endpoint = true")).toMatchObject({ fips: true });
    expect(await reach({ AWS_USE_FIPS_ENDPOINT: "false" }, "use_fips_endpoint = true")).toMatchObject({ fips: false });
  });

  test("what is neither true nor false is misconfigured, and says who wrote it", async () => {
    const named = (name: string) =>
      expect.objectContaining({ code: "misconfigured", message: expect.stringContaining(name) });
    await expect(reach({ AWS_USE_FIPS_ENDPOINT: "yes" }, "")).rejects.toEqual(named("AWS_USE_FIPS_ENDPOINT"));
    await expect(reach({}, "use_dualstack_endpoint = 1")).rejects.toEqual(named("use_dualstack_endpoint of profile"));
  });

  test("the profile's bundle of certificates is named with its place", async () => {
    const access = await reach({}, "ca_bundle = ~/ca.pem");
    expect([access.caFile, access.sources.caFile]).toEqual(["~/ca.pem", `profile default in ${home}/.aws/config:2`]);
  });
});
