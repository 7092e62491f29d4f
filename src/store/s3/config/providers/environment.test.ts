import { expect, test } from "vitest";
import { noon } from "../../../../../tests/aws-services.ts";
import { resolveS3Access } from "../resolve-access.ts";
import { credentialsIn, fakeWorld } from "../world.fixture.ts";

const pair = { AWS_ACCESS_KEY_ID: "ENV", AWS_SECRET_ACCESS_KEY: "s" };

test.each([
  [{ AWS_SESSION_TOKEN: "new" }, "new"],
  [{ AWS_SECURITY_TOKEN: "old" }, "old"],
  [{ AWS_SECURITY_TOKEN: "old", AWS_SESSION_TOKEN: "new" }, "old"],
  [{}, undefined],
])("with %j the token is %s", async (env, sessionToken) => {
  expect(await credentialsIn(fakeWorld({ ...pair, ...env }))).toEqual({
    accessKeyId: "ENV",
    secretAccessKey: "s",
    sessionToken,
  });
});

test("an end that is said is kept, and said when it has come", async () => {
  const world = fakeWorld({ ...pair, AWS_CREDENTIAL_EXPIRATION: "2030-01-01T13:00:00+00:00" });
  const { credentials: provide } = await resolveS3Access({}, world);
  if (typeof provide !== "function") throw new Error("nobody to ask");
  expect(await provide()).toMatchObject({ expiresMs: noon + 3_600_000 });
  world.clock.nowMs += 3_600_000;
  await expect(provide()).rejects.toMatchObject({ code: "unauthenticated" });
});

test("an end that is no moment is misconfigured", async () => {
  const access = resolveS3Access({}, fakeWorld({ ...pair, AWS_CREDENTIAL_EXPIRATION: "soon" }));
  await expect(access).rejects.toMatchObject({ code: "misconfigured" });
});
