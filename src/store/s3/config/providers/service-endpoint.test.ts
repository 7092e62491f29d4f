import { describe, expect, test } from "vitest";
import { readProfiles } from "../profiles.ts";
import { fakeWorld } from "../world.fixture.ts";
import { type ServiceName, serviceEndpoint } from "./service-endpoint.ts";

async function endpoint(service: ServiceName, region?: string, env = {}, config = "", allowInsecureEndpoint = false) {
  const world = fakeWorld(env, { "~/.aws/config": config });
  const profiles = await readProfiles(world);
  const profile = profiles.get("default");
  const context = { world, profiles, profile, session: profile, fromEnvironment: true, region, allowInsecureEndpoint };
  const { url, region: signs } = serviceEndpoint(context, service, region, "/p");
  return `${url.href} ${signs}`;
}

describe("a service that gives credentials is at", () => {
  test.each([
    ["sts", undefined, {}, "https://sts.amazonaws.com/p us-east-1"],
    ["sts", "eu-west-1", {}, "https://sts.eu-west-1.amazonaws.com/p eu-west-1"],
    ["sts", "cn-north-1", {}, "https://sts.cn-north-1.amazonaws.com.cn/p cn-north-1"],
    ["sts", "eu-west-1", { AWS_STS_REGIONAL_ENDPOINTS: "legacy" }, "https://sts.amazonaws.com/p us-east-1"],
    [
      "sts",
      "eu-south-1",
      { AWS_STS_REGIONAL_ENDPOINTS: "legacy" },
      "https://sts.eu-south-1.amazonaws.com/p eu-south-1",
    ],
    ["sts", "us-east-2", { AWS_USE_FIPS_ENDPOINT: "true" }, "https://sts-fips.us-east-2.amazonaws.com/p us-east-2"],
    ["sts", "us-east-2", { AWS_USE_DUALSTACK_ENDPOINT: "true" }, "https://sts.us-east-2.api.aws/p us-east-2"],
    ["sso", "eu-west-1", {}, "https://portal.sso.eu-west-1.amazonaws.com/p eu-west-1"],
    ["sso_oidc", "eu-west-1", {}, "https://oidc.eu-west-1.amazonaws.com/p eu-west-1"],
    ["signin", "eu-west-1", {}, "https://eu-west-1.signin.aws.amazon.com/p eu-west-1"],
    ["signin", "us-gov-west-1", {}, "https://us-gov-west-1.signin.amazonaws-us-gov.com/p us-gov-west-1"],
  ] as const)("%s in %s with %j: %s", async (service, region, env, expected) => {
    expect(await endpoint(service, region, env)).toBe(expected);
  });

  const config =
    "[default]\nendpoint_url = https://all\nservices = s\n[services s]\nsso_oidc =\n  endpoint_url = https://own/base/\n";
  test.each([
    [{ AWS_ENDPOINT_URL_SSO_OIDC: "https://a", AWS_ENDPOINT_URL: "https://b" }, "https://a/p"],
    [{ AWS_ENDPOINT_URL: "https://b" }, "https://b/p"],
    [{}, "https://own/base/p"],
    [{ AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" }, "https://oidc.eu-west-1.amazonaws.com/p"],
  ])("another place where %j and the profile say so", async (env, expected) => {
    expect(await endpoint("sso_oidc", "eu-west-1", env, config)).toBe(`${expected} eu-west-1`);
  });
});

test.each(["http://far.example", "http://169.254.169.254", "https://u:p@host", "x", "ftp://host"])(
  "%s is misconfigured",
  async (url) => {
    await expect(endpoint("sts", "a", { AWS_ENDPOINT_URL_STS: url })).rejects.toMatchObject({ code: "misconfigured" });
  },
);

test("clear text to another machine is allowed to who allows it", async () => {
  expect(await endpoint("sts", "a", { AWS_ENDPOINT_URL: "http://far.example" }, "", true)).toBe(
    "http://far.example/p a",
  );
});

test("a region that could change the host is misconfigured", async () => {
  await expect(endpoint("sts", "evil.com/#")).rejects.toMatchObject({ code: "misconfigured" });
});
