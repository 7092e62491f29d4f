/** Credentials as the AWS CLI finds them, from a home folder to a bucket, over sockets. */
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { type Depot, type DepotEvent, EntrepotError, type EntrepotOptions, entrepot } from "entrepot";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { MemoryStorage, startServer } from "../../src/server/index.ts";
import { type Services, startServices } from "../aws-services.ts";

const given = (accessKeyId: string) => ({
  accessKeyId,
  secretAccessKey: `secret-of-${accessKeyId}`,
  sessionToken: `token-of-${accessKeyId}`,
});
/** Whatever of these turns up somewhere has leaked: two kinds of keys, three tokens, a client's secret, a program's complaint. */
const canaries =
  /secret-of-|token-of-|sso-(?:old|good|renewed)|refresh-(?:good|next)|client-secret|jwt-|canaryCanary0123/;

let home: string;
let services: Services;
let s3: Awaited<ReturnType<typeof startServer>>;
let events: DepotEvent[];
let depots: Depot[];

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "entrepot-"));
  services = await startServices();
  services.expiresMs = Date.now() + 3_600_000;
  const credentials = ["SSO-reader", "SSO-again", "ROLE-b", "PROGRAM"].map(given);
  s3 = await startServer({ storage: new MemoryStorage(), credentials, buckets: ["b"] });
  events = [];
  depots = [];
  const program = JSON.stringify({
    Version: 1,
    AccessKeyId: "PROGRAM",
    SecretAccessKey: "secret-of-PROGRAM",
    SessionToken: "token-of-PROGRAM",
  });
  await mkdir(join(home, ".aws/sso/cache"), { recursive: true });
  await writeFile(
    join(home, ".aws/config"),
    `[profile person]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = reader
[sso-session corp]
sso_start_url = https://corp.example
sso_region = eu-west-1
[profile chain]
role_arn = arn:aws:iam::123456789012:role/b
source_profile = middle
[profile middle]
role_arn = arn:aws:iam::123456789012:role/a
source_profile = person
[profile program]
credential_process = /bin/echo '${program}'
[profile broken]
credential_process = /bin/sh -c "echo key canaryCanary0123456789 >&2; exit 1"
[profile denied]
role_arn = arn:aws:iam::123456789012:role/denied
source_profile = middle
`,
  );
  await signOn({ expiresAt: new Date(Date.now() - 1_000).toISOString() });
});
afterEach(async () => {
  await Promise.all(depots.map((depot) => depot.close()));
  await services[Symbol.asyncDispose]();
  await s3.close();
  await rm(home, { recursive: true });
});

test("a provider that cannot be reached does not make its bucket unreachable for others", async () => {
  const dir = join(home, "cache");
  const credentials = given("PROGRAM");
  const mine = open({ credentials, cache: { dir } });
  await mine.writeText("s3://b/shared", "v1");
  await mine.readText("s3://b/shared");
  const cut = mine.with({ credentials: () => Promise.reject(new EntrepotError("unreachable", "no way to STS")) });
  expect(await cut.readText("s3://b/shared")).toBe("v1");
  await open({ credentials, cache: false }).writeText("s3://b/shared", "v2");
  expect(await mine.readText("s3://b/shared")).toBe("v2");
  const wrong = mine.with({ credentials: { ...credentials, secretAccessKey: "secret-of-nobody" } });
  await expect(wrong.readText("s3://b/shared")).rejects.toMatchObject({ code: "unauthenticated" });
});

const tokenFile = () => join(home, ".aws/sso/cache", `${createHash("sha1").update("corp").digest("hex")}.json`);

async function signOn(over: object): Promise<void> {
  const token = {
    startUrl: "https://corp.example",
    accessToken: "sso-old",
    clientId: "client",
    clientSecret: "client-secret",
    registrationExpiresAt: new Date(Date.now() + 1e9).toISOString(),
    refreshToken: "refresh-good",
    ...over,
  };
  await writeFile(tokenFile(), JSON.stringify(token));
}

function open(options: EntrepotOptions, more: Readonly<Record<string, string>> = {}): Depot {
  const env = {
    HOME: home,
    AWS_ENDPOINT_URL_S3: s3.endpoint,
    AWS_ENDPOINT_URL_STS: services.origin,
    AWS_ENDPOINT_URL_SSO: services.origin,
    AWS_ENDPOINT_URL_SSO_OIDC: services.origin,
    AWS_EC2_METADATA_SERVICE_ENDPOINT: services.origin,
    ...more,
  };
  const depot = entrepot({
    env,
    envFile: false,
    cache: false,
    retries: { attempts: 2, budget: "5s" },
    onEvent: (event) => void events.push(event),
    ...options,
  }) as Depot;
  depots.push(depot);
  return depot;
}

const askedFor = () => services.requests.map(({ path }) => path.split("?", 1)[0]);

describe("a depot that is given an environment", () => {
  test.each([
    ["person", ["/token", "/federation/credentials"]],
    ["chain", ["/token", "/federation/credentials", "/", "/"]],
    ["program", []],
  ])("reads and writes as the profile %s, asking each service once", async (profile, asked) => {
    const data = open({ profile });
    await Promise.all(Array.from({ length: 20 }, (_, n) => data.writeText(`s3://b/${n}`, `${n}`)));
    expect(await data.readText("s3://b/7")).toBe("7");
    expect(askedFor()).toEqual(asked);
  });

  test("leaves a renewed token for others, readable by nobody else", async () => {
    await open({}, { AWS_PROFILE: "person" }).writeText("s3://b/x", "x");
    expect(JSON.parse(await readFile(tokenFile(), "utf8"))).toMatchObject({ accessToken: "sso-renewed" });
    expect((await stat(tokenFile())).mode & 0o777).toBe(0o600);
  });

  test("asks once for new ones when the server calls the old ones ended in mid-use, and no call fails", async () => {
    const data = open({ profile: "person" });
    await Promise.all(Array.from({ length: 30 }, (_, n) => data.writeText(`s3://b/${n}`, `${n}`)));
    const { sessionToken, accessKeyId, secretAccessKey } = given("SSO-again");
    services.override = ({ path }) =>
      path.startsWith("/federation")
        ? {
            status: 200,
            body: JSON.stringify({
              roleCredentials: { accessKeyId, secretAccessKey, sessionToken, expiration: services.expiresMs },
            }),
          }
        : undefined;
    services.requests.splice(0);
    s3.inject({ method: "GET", times: 30, effect: { status: 400, code: "ExpiredToken" } });
    const texts = await Promise.all(Array.from({ length: 30 }, (_, n) => data.readText(`s3://b/${n}`)));
    expect(texts).toEqual(Array.from({ length: 30 }, (_, n) => `${n}`));
    expect(s3.pendingFaults).toEqual([]);
    expect(askedFor()).toEqual(["/federation/credentials"]);
  });

  test.each<[string, EntrepotOptions]>([
    ["offline", { network: "offline", profile: "chain" }],
    ["anonymous", { anonymous: true }],
  ])("and is %s asks nobody who he is", async (_name, options) => {
    const data = open(options, options.anonymous === true ? { AWS_PROFILE: "chain" } : {});
    await expect(data.readText("s3://b/x")).rejects.toMatchObject({ name: "EntrepotError" });
    expect(services.requests).toEqual([]);
    expect(JSON.parse(await readFile(tokenFile(), "utf8"))).toMatchObject({ accessToken: "sso-old" });
  });

  test("ends a call that waits for credentials when its caller gives up", async () => {
    const abort = new AbortController();
    const reason = new Error("enough");
    services.override = () => {
      abort.abort(reason);
      return undefined;
    };
    const read = open({ profile: "person" }).readText("s3://b/x", { signal: abort.signal });
    await expect(read).rejects.toBe(reason);
  });
});

test("no secret shows, whatever fails", async () => {
  const shown: string[] = [];
  const failing = async (code: string, options: EntrepotOptions, env: Readonly<Record<string, string>> = {}) => {
    const data = open(options, env);
    const error = await data.writeText("s3://b/x", "x").catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code, hint: expect.stringMatching(/./) });
    shown.push(inspect(error, { depth: 9 }), JSON.stringify(error), inspect(data, { depth: 9, showHidden: true }));
  };
  await failing("forbidden", { profile: "denied" });
  await failing("unauthenticated", { profile: "broken" });
  await failing("unreachable", { profile: "chain" }, { AWS_ENDPOINT_URL_STS: "http://127.0.0.1:9" });
  await failing("unauthenticated", {}, { AWS_ACCESS_KEY_ID: "stranger", AWS_SECRET_ACCESS_KEY: "secret-of-nobody" });
  await failing("unauthenticated", {}, { AWS_ACCESS_KEY_ID: "PROGRAM", AWS_SECRET_ACCESS_KEY: "secret-of-PROGRAM" });
  services.override = ({ headers, body }) => ({
    status: 401,
    body: JSON.stringify({ message: inspect({ headers, body }) }),
  });
  await signOn({ accessToken: "sso-good", expiresAt: new Date(Date.now() + 1e8).toISOString() });
  await failing("unauthenticated", { profile: "person" });
  await signOn({ expiresAt: new Date(Date.now() - 1_000).toISOString() });
  await failing("unauthenticated", { profile: "person" });
  await failing("forbidden", { anonymous: true });
  for (const text of [...shown, inspect(events, { depth: 9 }), JSON.stringify(events)])
    expect(text).not.toMatch(canaries);
  expect(events.length).toBeGreaterThan(0);
});
