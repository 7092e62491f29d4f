import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DiagnoseOptions, diagnose } from "./diagnose.ts";
import type { Finding } from "./finding.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "doctor-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function findings(
  env: Record<string, string>,
  more: Partial<DiagnoseOptions> = {},
): Promise<Map<string, Finding>> {
  const all = new Map<string, Finding>();
  const options = { env: { HOME: folder, ...env } };
  for await (const finding of diagnose({ options, version: "1.2.3", ...more })) all.set(finding.name, finding);
  return all;
}

describe("doctor", () => {
  it("says of each setting what it is and who decided", async () => {
    const all = await findings({ AWS_REGION: "eu-west-1", ENTREPOT_CACHE_MODE: "660" });
    expect(all.get("s3.region")).toMatchObject({ value: "eu-west-1", source: "environment AWS_REGION", status: "ok" });
    expect(all.get("cache.mode")).toMatchObject({ value: "0o660", source: "environment ENTREPOT_CACHE_MODE" });
    expect(all.get("network")).toMatchObject({ value: "auto", source: "default" });
    expect(all.get("entrepot")?.value).toBe("1.2.3");
  });

  it("tells the .env of the working folder from the environment", async () => {
    const all = await findings({ AWS_REGION: "x" }, { fromDotenv: ["AWS_REGION"], refused: ["AWS_ENDPOINT_URL"] });
    expect(all.get("s3.region")?.source).toBe("file .env AWS_REGION");
    expect(all.get("env.AWS_ENDPOINT_URL")).toMatchObject({ status: "note", value: "ignored" });
  });

  it("survives settings that have no meaning, and says which", async () => {
    const all = await findings({ ENTREPOT_CACHE_MODE: "rw-rw----" });
    expect(all.get("settings")).toMatchObject({ status: "problem", code: "misconfigured" });
    expect(all.get("settings")?.value).toContain("ENTREPOT_CACHE_MODE");
  });

  it("shows the roots", async () => {
    const all = await findings({ ENTREPOT_ROOT_CLOUD: "s3://b/v2/", ENTREPOT_LOCATION: "cloud" });
    expect(all.get("root.cloud")?.value).toBe("s3://b/v2/");
  });

  it("makes no cache folder to look at it", async () => {
    const dir = path.join(folder, "not-made");
    expect((await findings({ ENTREPOT_CACHE_DIR: dir })).get("cache.folder")?.value).toContain(
      "made with the first read",
    );
    expect((await findings({ ENTREPOT_CACHE_DIR: dir })).get("cache.folder")?.value).toContain(
      "made with the first read",
    );
  });

  it("says when the cache folder is none", async () => {
    const file = path.join(folder, "file");
    await writeFile(file, "");
    expect((await findings({ ENTREPOT_CACHE_DIR: file })).get("cache.folder")).toMatchObject({ status: "problem" });
  });

  it("says that a folder can be written", async () => {
    const all = await findings({ ENTREPOT_CACHE_DIR: folder });
    expect(all.get("cache.writable")?.value).toBe("yes");
    expect(all.get("cache.free")?.value).toMatch(/^\d+ bytes$/);
  });
});
