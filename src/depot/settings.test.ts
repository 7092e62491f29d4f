import { describe, expect, test } from "vitest";
import { isEntrepotError } from "../error/index.ts";
import { locate } from "./locate.ts";
import type { EntrepotOptions } from "./options.ts";
import type { World } from "./setting-values.ts";
import { deriveSettings, readSettings } from "./settings.ts";

const world = (env: Record<string, string> = {}, files: Record<string, string> = {}): World => ({
  env,
  homeFolder: "/users/u",
  workingFolder: "/work-folder",
  readText: (path) => files[path],
});
const settings = (options: EntrepotOptions = {}, env = {}, files = {}) => readSettings(options, world(env, files));
const who = (name: string, options: EntrepotOptions, env: Record<string, string>, files: Record<string, string> = {}) =>
  settings(options, env, files).decided.find((setting) => setting.name === name)?.source;

describe("where a setting comes from", () => {
  test("an option stands before the environment, the environment before the env file, that before the default", () => {
    const files = { "/users/u/.entrepot.env": "ENTREPOT_CACHE_DIR=/from/file\n" };
    expect(settings({ cache: { dir: "/o" } }, { ENTREPOT_CACHE_DIR: "/e" }, files).cache).toMatchObject({ dir: "/o" });
    expect(settings({}, { ENTREPOT_CACHE_DIR: "/e" }, files).cache).toMatchObject({ dir: "/e" });
    expect(settings({}, {}, files).cache).toMatchObject({ dir: "/from/file" });
    expect(settings().cache).toMatchObject({ dir: "/users/u/.cache/entrepot", mode: 0o600, maxAgeMs: 0 });
  });

  test("it is remembered who decided", () => {
    expect(who("cache.dir", { cache: { dir: "/o" } }, {})).toBe("option");
    expect(who("cache.dir", {}, { ENTREPOT_CACHE_DIR: "/e" })).toBe("environment ENTREPOT_CACHE_DIR");
    expect(who("network", {}, {}, { "/users/u/.entrepot.env": "\nENTREPOT_NETWORK=offline" })).toBe(
      "file /users/u/.entrepot.env:2 ENTREPOT_NETWORK",
    );
    expect(who("network", {}, {})).toBe("default");
  });

  test("writes wait only where somebody said so", () => {
    expect(settings().outbox).toBe(false);
    expect(settings({}, { ENTREPOT_OUTBOX: "1" }).outbox).toBe(true);
    expect(settings({ outbox: false }, { ENTREPOT_OUTBOX: "1" }).outbox).toBe(false);
    expect(who("outbox", {}, { ENTREPOT_OUTBOX: "1" })).toBe("environment ENTREPOT_OUTBOX");
    expect(deriveSettings(settings(), { outbox: true }, world()).outbox).toBe(true);
  });

  test("the names of the source systems are understood", () => {
    const old = settings(
      {},
      {
        S3STASHER_CACHE_DIR: "~/s3",
        S3STASHER_FILE_MODE: "660",
        AWS_MODEL_BUCKET: "m",
        CloudData: "TRUE",
        Region_Name: "us-east-2",
      },
    );
    expect(old.cache).toMatchObject({ dir: "/users/u/s3", mode: 0o660 });
    expect(old.location).toBe("cloud");
    expect(old.roots["cloud"]).toBe("s3://m/");
    expect(old.env["AWS_REGION"]).toBe("us-east-2");
    expect(settings({}, { AWS_ACCESS_KEY_SECRET: "x" }).env["AWS_SECRET_ACCESS_KEY"]).toBe("x");
  });
});

describe("settings with no meaning", () => {
  test.each([
    [{}, { ENTREPOT_NETWORK: "sometimes" }, /ENTREPOT_NETWORK/],
    [{}, { ENTREPOT_CACHE_MODE: "999" }, /ENTREPOT_CACHE_MODE/],
    [{}, { ENTREPOT_LOCATION: "cloud" }, /no root/],
    [{}, { CloudData: "maybe" }, /CloudData/],
    [{ envFile: "/missing" }, {}, /does not exist/],
  ])("%j with %j is misconfigured", (options, env, message) => {
    const attempt = () => settings(options as EntrepotOptions, env);
    expect(attempt).toThrow(message);
    try {
      attempt();
    } catch (error) {
      expect(isEntrepotError(error, "misconfigured")).toBe(true);
    }
  });
});

describe("options with no meaning", () => {
  const meaningless: readonly (readonly [EntrepotOptions, RegExp])[] = [
    [{ concurrency: 0 }, /count/],
    [{ concurrency: Number.NaN }, /count/],
    [{ concurrency: 1.5 }, /count/],
    [{ network: "ofline" as "offline" }, /ofline/],
    [{ cache: { mode: 9_999 } }, /mode/],
    [{ cache: { mode: 660 } }, /0o660/],
    [{ addressing: "foo" as "path" }, /foo/],
    [{ memory: -1 }, /size/],
    [{ retries: { attempts: 0 } }, /attempts/],
  ];
  test.each(meaningless)("%j is a RangeError, also in with()", (options, message) => {
    expect(() => settings(options)).toThrow(RangeError);
    expect(() => settings(options)).toThrow(message);
    expect(() => deriveSettings(settings(), options, world())).toThrow(RangeError);
  });

  test("a bucket's own options are held to the same", () => {
    expect(() => settings({ buckets: { b: { addressing: "foo" as "path" } } })).toThrow(RangeError);
  });
});

describe("derived settings", () => {
  test("a cache that is switched on again is the one that the settings name", () => {
    const env = { ENTREPOT_CACHE_DIR: "/e", ENTREPOT_CACHE_MODE: "660", ENTREPOT_CACHE_MAX_BYTES: "1GB" };
    const off = readSettings({ cache: false }, world(env));
    expect(off.cache).toBe(false);
    const named = { dir: "/e", mode: 0o660, maxBytes: 1e9, maxAgeMs: 0 };
    expect(deriveSettings(off, { cache: {} }, world(env)).cache).toEqual(named);
    const offAgain = deriveSettings(
      deriveSettings(off, { cache: { dir: "/o" } }, world(env)),
      { cache: false },
      world(),
    );
    expect(deriveSettings(offAgain, { cache: { maxAge: "1s" } }, world()).cache).toEqual({
      ...named,
      dir: "/o",
      maxAgeMs: 1_000,
    });
  });

  test("an identity replaces the whole identity below it, other options stay", () => {
    const base = settings({ profile: "a", region: "eu-west-1" });
    expect(deriveSettings(base, { anonymous: true }, world()).s3).toMatchObject({
      anonymous: true,
      region: "eu-west-1",
    });
    expect(deriveSettings(base, { anonymous: true }, world()).s3.profile).toBeUndefined();
    expect(deriveSettings(base, { region: "us-west-2" }, world()).s3).toMatchObject({
      profile: "a",
      region: "us-west-2",
    });
  });

  test("a location that nobody knows is misconfigured, also when an address is only resolved", () => {
    const known = settings({ roots: { a: "s3://a/" } });
    expect(locate(known, "x", "read", "a")).toMatchObject({ bucket: "a" });
    for (const location of ["nope", "constructor"]) {
      expect(() => locate(known, "x", "read", location)).toThrow(/has no root/);
      expect(() => deriveSettings(known, { location }, world())).toThrow(/has no root/);
    }
  });

  test("switching the location never touches the cache", () => {
    const base = settings({ roots: { a: "s3://a/", b: "s3://b/" }, location: "a" });
    expect(deriveSettings(base, { location: "b" }, world()).cache).toBe(base.cache);
  });

  test("a location named in the call stands before an inherited root", () => {
    const rooted = deriveSettings(
      settings({ roots: { a: "s3://a/" }, location: "a" }),
      { root: "s3://other/" },
      world(),
    );
    expect(rooted.root).toBe("s3://other/");
    expect(deriveSettings(rooted, { location: "a" }, world()).root).toBeUndefined();
  });
});
