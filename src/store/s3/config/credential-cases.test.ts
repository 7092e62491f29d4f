import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Services, startServices } from "../../../../tests/aws-services.ts";
import { isEntrepotError } from "../../../error/index.ts";
import { keyCases } from "./key-cases.fixture.ts";
import { machineCases } from "./machine-cases.fixture.ts";
import { resolveS3Access } from "./resolve-access.ts";
import { roleCases } from "./role-cases.fixture.ts";
import { sessionCases } from "./session-cases.fixture.ts";
import { fakeWorld } from "./world.fixture.ts";

const credentialCases = [...keyCases, ...roleCases, ...sessionCases, ...machineCases];

describe("credentials come from", () => {
  let services: Services;
  beforeAll(async () => {
    services = await startServices();
  });
  beforeEach(() => services.requests.splice(0));
  afterAll(() => services[Symbol.asyncDispose]());

  test.each(credentialCases)("$name", async ({ config, credentials, files, env, profile, gives }) => {
    const at = (text: string) => text.replaceAll("{at}", services.origin);
    const variables = {
      AWS_ENDPOINT_URL_STS: "{at}",
      AWS_ENDPOINT_URL_SSO: "{at}",
      AWS_ENDPOINT_URL_SSO_OIDC: "{at}",
      AWS_EC2_METADATA_SERVICE_ENDPOINT: "{at}/",
      AWS_REGION: "eu-west-1",
      ...env,
    };
    const world = fakeWorld(Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, at(value)])), {
      "~/.aws/config": at(config ?? ""),
      "~/.aws/credentials": at(credentials ?? ""),
      ...files,
    });
    const outcome = await (async () => {
      const access = await resolveS3Access({ profile }, world);
      expect(services.requests).toEqual([]);
      const given = typeof access.credentials === "function" ? await access.credentials() : access.credentials;
      return given === "anonymous" ? given : given.accessKeyId;
    })().catch((error: unknown) => error);
    if (typeof gives === "string") {
      expect(outcome).toBe(gives);
      return;
    }
    const [code, says] = gives;
    if (!isEntrepotError(outcome)) throw outcome;
    expect(outcome.code).toBe(code);
    expect(`${outcome.message}\n${outcome.hint}`).toMatch(says);
    expect(JSON.stringify(outcome)).not.toMatch(
      /secret-of|jwt-|sso-(?:good|old)|refresh-|client-secret|container-token/,
    );
  });

  test("at least forty set-ups", () => expect(credentialCases.length).toBeGreaterThanOrEqual(40));
});
