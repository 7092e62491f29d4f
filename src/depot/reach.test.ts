import { describe, expect, test } from "vitest";
import type { EntrepotOptions } from "./options.ts";
import { proxyOf } from "./reach.ts";
import type { World } from "./setting-values.ts";
import { deriveSettings, readSettings } from "./settings.ts";

const world = (env: Record<string, string>): World => ({
  env,
  homeFolder: "/users/u",
  workingFolder: "/work-folder",
  readText: () => undefined,
});
const read = (options: EntrepotOptions, env: Record<string, string> = {}) => readSettings(options, world(env));
const told = (name: string, options: EntrepotOptions, env: Record<string, string> = {}) => {
  const { value, source } = read(options, env).decided.find((setting) => setting.name === name) ?? {};
  return `${value} by ${source}`;
};

describe("the proxy", () => {
  test.each([
    [{}, "none by default", "none by default"],
    [{ https_proxy: "a:1", HTTPS_PROXY: "b:1" }, "http://a:1 by environment https_proxy", "none by default"],
    [
      { HTTPS_PROXY: "b:1", all_proxy: "c:1" },
      "http://b:1 by environment HTTPS_PROXY",
      "http://c:1 by environment all_proxy",
    ],
    [
      { https_proxy: "", ALL_PROXY: "d:1" },
      "http://d:1 by environment ALL_PROXY",
      "http://d:1 by environment ALL_PROXY",
    ],
    [{ HTTP_PROXY: "e:1" }, "none by default", "http://e:1 by environment HTTP_PROXY"],
    [{ HTTP_PROXY: "e:1", REQUEST_METHOD: "GET" }, "none by default", "none by default"],
  ])("of the environment %j is said with who decided", (env, https, http) => {
    expect(told("proxy.https", {}, env as Record<string, string>)).toBe(https);
    expect(told("proxy.http", {}, env as Record<string, string>)).toBe(http);
  });

  test("is told without its password", () => {
    const url = "http://u:pwcanary@proxy:1";
    expect(told("proxy.https", { proxy: url })).toBe("http://proxy:1 by option");
    expect(JSON.stringify(read({}, { ALL_PROXY: url }).decided)).not.toContain("pwcanary");
  });

  test("false is none, whatever the environment says, and with() may change it", () => {
    const env = { ALL_PROXY: "http://proxy:1", NO_PROXY: "example.org" };
    const none = read({ proxy: false }, env);
    expect(proxyOf(none.reach)).toBeUndefined();
    const derived = deriveSettings(none, { proxy: "http://other:2" }, world(env));
    expect(proxyOf(derived.reach)?.("https://s3.example.com")?.shown).toBe("http://other:2");
    expect(proxyOf(derived.reach)?.("https://s3.example.org")).toBeUndefined();
  });
});

test("the file with certificates is found from home and working folder, and AWS_CA_BUNDLE steps behind the option", () => {
  const env = { AWS_CA_BUNDLE: "~/ca.pem" };
  expect(read({}, env).reach.caFile).toEqual({ path: "/users/u/ca.pem", source: "AWS_CA_BUNDLE" });
  expect(read({ caFile: "own.pem" }, env).reach.caFile).toEqual({
    path: "/work-folder/own.pem",
    source: "the option caFile",
  });
});

test("a redirect policy that is none has no meaning", () => {
  expect(() => read({ redirects: "all" as never })).toThrow(RangeError);
  expect(() => read({}, { ENTREPOT_REDIRECTS: "all" })).toThrow(expect.objectContaining({ code: "misconfigured" }));
});
