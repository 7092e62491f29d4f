import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  credentialFindings,
  legacyFindings,
  networkFindings,
  ownNames,
  refusedFindings,
  unknownFindings,
} from "./environment.ts";

describe("names of older tools", () => {
  it("are explained by the name that they are understood as", () => {
    expect(legacyFindings({ S3STASHER_CACHE_DIR: "c", CloudData: "TRUE", AWS_MODEL_BUCKET: "" })).toMatchObject([
      { name: "env.S3STASHER_CACHE_DIR", value: "c", status: "ok", hint: "understood as ENTREPOT_CACHE_DIR" },
      { name: "env.CloudData", value: "TRUE", hint: "understood as ENTREPOT_LOCATION" },
    ]);
  });

  it("step back behind today's name, and doctor says so", () => {
    expect(legacyFindings({ Region_Name: "a", AWS_REGION: "b" })).toMatchObject([
      { name: "env.Region_Name", status: "note", hint: "AWS_REGION is set as well and decides" },
    ]);
  });

  it("are not shown where they hold a secret", () => {
    expect(JSON.stringify(legacyFindings({ AWS_ACCESS_KEY_SECRET: "canary" }))).not.toContain("canary");
  });
});

it("a proxy is shown without its password", () => {
  const [found] = networkFindings({ HTTPS_PROXY: "http://u:pwcanary@proxy:3128", NO_PROXY: "localhost" });
  expect(found?.value).toBe("http://REDACTED@proxy:3128");
  expect(networkFindings({ HTTPS_PROXY: "u:pwcanary@proxy:3128" })[0]?.value).toBe("REDACTED@proxy:3128");
  expect(networkFindings({ HTTPS_PROXY: "", PATH: "x" })).toEqual([]);
});

it("what changes nothing is a note that says so", () => {
  const env = { https_proxy: "http://a", HTTPS_PROXY: "http://b", HTTP_PROXY: "http://c", REQUEST_METHOD: "GET" };
  expect(networkFindings({ ...env, AWS_CA_BUNDLE: "/ca.pem" })).toMatchObject([
    { name: "env.https_proxy", status: "ok" },
    { name: "env.HTTPS_PROXY", status: "note", hint: "https_proxy is set as well and decides" },
    { name: "env.HTTP_PROXY", status: "note", hint: expect.stringContaining("http_proxy") },
    { name: "env.AWS_CA_BUNDLE", status: "ok", value: "/ca.pem" },
  ]);
});

it.each([
  [{ AWS_ACCESS_KEY_ID: "a" }, ["env.AWS_SECRET_ACCESS_KEY"]],
  [{ AWS_SECRET_ACCESS_KEY: "b" }, ["env.AWS_ACCESS_KEY_ID"]],
  [{ AWS_ACCESS_KEY_ID: "a", AWS_ACCESS_KEY_SECRET: "b" }, []],
  [{}, []],
])("half a key is a problem: %j", (env, names) => {
  expect(credentialFindings(env).map(({ name }) => name)).toEqual(names);
});

it("what the working folder's .env may not set is a note, without its value", () => {
  expect(refusedFindings(["AWS_ENDPOINT_URL"])).toMatchObject([
    { name: "env.AWS_ENDPOINT_URL", value: "ignored", status: "note" },
  ]);
});

it("a name that looks like ours and is none is told, with the name that was meant", () => {
  const env = { ENTREPOT_CACHE_SIZE: "1GB", ENTREPOT_CASHE_DIR: "c", ENTREPOT_ROOT_QA: "s3://b/", ENTREPOT_CACHE: "0" };
  expect(unknownFindings(env)).toMatchObject([
    { name: "env.ENTREPOT_CACHE_SIZE", value: "unknown", status: "note" },
    { name: "env.ENTREPOT_CASHE_DIR", hint: expect.stringContaining("ENTREPOT_CACHE_DIR does") },
  ]);
});

it("the names that are known are those that the settings ask for", () => {
  const texts = ["depot", "runs"].flatMap((room) => {
    const folder = `${import.meta.dirname}/../${room}/`;
    return readdirSync(folder, { encoding: "utf8", recursive: true })
      .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
      .map((name) => readFileSync(folder + name, "utf8"));
  });
  // as they are read, and as a worker sets them
  const names = /(?<=")ENTREPOT_[A-Z_]+(?=")|(?<=^ +)ENTREPOT_[A-Z_]+(?=:)/gm;
  const asked = new Set(
    texts.flatMap((text) => text.match(names) ?? []).filter((name) => !name.startsWith("ENTREPOT_ROOT_")),
  );
  expect([...asked].sort()).toEqual(ownNames);
});
