import { expect, test } from "vitest";
import { startServices } from "../../../../../tests/aws-services.ts";
import { resolveS3Access } from "../resolve-access.ts";
import { credentialsIn, fakeWorld } from "../world.fixture.ts";

test("the token file is read anew each time, and goes before the token", async () => {
  await using services = await startServices();
  const env = {
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `${services.origin}/container`,
    AWS_CONTAINER_AUTHORIZATION_TOKEN: "other",
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: "/t",
  };
  const world = fakeWorld(env, { "/t": "one" });
  const { credentials: provide } = await resolveS3Access({}, world);
  if (typeof provide !== "function") throw new Error("nobody to ask");
  expect(await provide()).toMatchObject({ accessKeyId: "CONTAINER", expiresMs: services.expiresMs });
  world.files["/t"] = "two\n";
  await provide();
  expect(services.requests.map(({ headers }) => headers.authorization)).toEqual(["one", "two"]);
});

test.each([
  "http://169.254.170.2/x",
  "http://169.254.170.23/x",
  "http://[fd00:ec2::23]/x",
  "http://localhost:1/x",
  "http://127.9.9.9/x",
  "http://[::1]/x",
  "https://anywhere.example/x",
])("%s may be asked", async (url) => {
  const { sources } = await resolveS3Access({}, fakeWorld({ AWS_CONTAINER_CREDENTIALS_FULL_URI: url }));
  expect(sources.credentials).toMatch(/container/);
});

test.each([
  "http://169.254.170.3/x",
  "http://example.com/x",
  "http://localhost.example.com/",
  "http://127.0.0.1@example.com/",
  "ftp://localhost/",
  "x",
])("%s is not asked, and neither is anybody after it", async (url) => {
  const access = resolveS3Access({}, fakeWorld({ AWS_CONTAINER_CREDENTIALS_FULL_URI: url }));
  await expect(access).rejects.toMatchObject({ code: "misconfigured" });
});

test("a relative address is on the container's own host", async () => {
  const asked: string[] = [];
  const world = fakeWorld(
    {
      AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/v2/role?id=1",
      AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://other.example",
    },
    {},
    {
      transport: {
        async send({ origin, path }, sink) {
          asked.push(origin + path);
          sink.head(200, {});
          sink.data(Buffer.from('{"AccessKeyId":"C","SecretAccessKey":"s"}'));
        },
        async close() {},
      },
    },
  );
  await credentialsIn(world);
  expect(asked).toEqual(["http://169.254.170.2/v2/role?id=1"]);
});

test("a token of two lines is no header", async () => {
  const env = {
    AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1:9",
    AWS_CONTAINER_AUTHORIZATION_TOKEN: "a\r\nx: b",
  };
  await expect(credentialsIn(fakeWorld(env))).rejects.toMatchObject({ code: "misconfigured" });
});
