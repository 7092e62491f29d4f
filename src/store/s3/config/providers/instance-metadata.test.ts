import { describe, expect, test } from "vitest";
import { noon, startServices } from "../../../../../tests/aws-services.ts";
import { withNetworkSwitch } from "../../../../net/index.ts";
import { credentialsIn, fakeWorld } from "../world.fixture.ts";

const at = (origin: string, more: Record<string, string> = {}) => ({
  AWS_EC2_METADATA_SERVICE_ENDPOINT: origin,
  ...more,
});
/** A service that knows only the first version. */
const old = (status: number) => (request: { readonly path: string; readonly headers: object }) => {
  if (request.path === "/latest/api/token") return { status, body: "" };
  const body = request.path.endsWith("/")
    ? "old"
    : '{"AccessKeyId":"OLD","SecretAccessKey":"s","Token":"t","Expiration":"2030-01-01T18:00:00Z"}';
  return { status: 200, body };
};

describe("the machine's role", () => {
  test("is asked for with a token of the second version", async () => {
    await using services = await startServices();
    expect(await credentialsIn(fakeWorld(at(services.origin)))).toMatchObject({ accessKeyId: "MACHINE" });
    expect(services.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "PUT /latest/api/token",
      "GET /latest/meta-data/iam/security-credentials/",
      "GET /latest/meta-data/iam/security-credentials/machine",
    ]);
    expect(services.requests[0]?.headers["x-aws-ec2-metadata-token-ttl-seconds"]).toBe("21600");
  });

  test.each([403, 404, 405])("is asked for in the old way where the service says %i to the new one", async (status) => {
    await using services = await startServices();
    services.override = old(status);
    expect(await credentialsIn(fakeWorld(at(services.origin)))).toMatchObject({ accessKeyId: "OLD" });
  });

  test.each([
    ["400 to the question", 400, {}],
    ["404, and the old way is switched off", 404, { AWS_EC2_METADATA_V1_DISABLED: "true" }],
  ])("is nobody's where the service says %s", async (_name, status, env) => {
    await using services = await startServices();
    services.override = old(status);
    await expect(credentialsIn(fakeWorld(at(services.origin, env)))).rejects.toMatchObject({ code: "unauthenticated" });
    expect(services.requests).toHaveLength(1);
  });

  test("is asked for as often as the settings say", async () => {
    await using services = await startServices();
    services.override = () => ({ status: 500, body: "" });
    const config = { "~/.aws/config": "[default]\nmetadata_service_num_attempts = 3\n" };
    await expect(credentialsIn(fakeWorld(at(services.origin), config))).rejects.toThrow();
    expect(services.requests).toHaveLength(3);
  });

  test("that has ended while the service is in trouble is used a little longer", async () => {
    await using services = await startServices();
    services.expiresMs = noon - 1_000;
    const { expiresMs } = await credentialsIn(fakeWorld(at(services.origin)));
    expect(expiresMs).toBe(noon + 900_000);
  });

  test("is not there when none is attached", async () => {
    await using services = await startServices();
    services.override = ({ method }) => (method === "PUT" ? undefined : { status: 404, body: "" });
    await expect(credentialsIn(fakeWorld(at(services.origin)))).rejects.toMatchObject({
      code: "unauthenticated",
      message: expect.stringContaining("knows no role"),
    });
  });

  test("is not asked for with the network switched off, which is said", async () => {
    await using services = await startServices();
    const world = fakeWorld(at(services.origin));
    const offline = { ...world, transport: withNetworkSwitch(world.transport, "offline") };
    await expect(credentialsIn(offline)).rejects.toMatchObject({ code: "unreachable", retryable: false });
    expect(services.requests).toEqual([]);
  });

  test.each([
    [{ AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE: "IPv6" }, "http://[fd00:ec2::254]"],
    [{ AWS_IMDS_USE_IPV6: "true" }, "http://[fd00:ec2::254]"],
    [{}, "http://169.254.169.254"],
  ])("lies where %j says, and is given up after a second", async (env, origin) => {
    const asked: unknown[] = [];
    const transport = {
      send: async (request: { readonly origin: string; readonly timeouts?: object | undefined }) => {
        asked.push([request.origin, request.timeouts]);
        throw new Error("enough");
      },
      close: async () => {},
    };
    await expect(credentialsIn(fakeWorld(env, {}, { transport }))).rejects.toThrow("enough");
    expect(asked).toEqual([[origin, { connectMs: 1_000, firstByteMs: 1_000, idleMs: 1_000 }]]);
  });

  test.each([
    { AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE: "ipv5" },
    { AWS_EC2_METADATA_SERVICE_ENDPOINT: "x" },
    { AWS_METADATA_SERVICE_TIMEOUT: "soon" },
  ])("%j is misconfigured", async (env) => {
    await expect(credentialsIn(fakeWorld(env))).rejects.toMatchObject({ code: "misconfigured" });
  });
});
