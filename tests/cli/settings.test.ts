import { writeFile } from "node:fs/promises";
import path from "node:path";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BuiltCommand, parseLines } from "./spawn-command.ts";

let server: S3Server;
let command: BuiltCommand;
beforeAll(async () => {
  server = await startS3Server({ buckets: ["b"] });
  command = await BuiltCommand.build();
});
afterAll(async () => {
  await command.close();
  await server.close();
});
const dotenv = (text: string) => writeFile(path.join(command.home, ".env"), text);
async function findings(args: readonly string[] = [], env: Record<string, string> = {}) {
  const { stdout } = await command.run(["doctor", "--json", ...args], { env });
  return new Map(parseLines(stdout).map((finding) => [finding["name"], finding]));
}

describe("the .env of the working folder", () => {
  it("says who we are, and doctor says that it did", async () => {
    await dotenv("AWS_ACCESS_KEY_ID=test\nAWS_SECRET_ACCESS_KEY=test\nAWS_REGION=eu-west-1\n");
    const { code, stderr } = await command.run(["ls", "--endpoint", server.endpoint, "s3://b/"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect((await findings()).get("s3.region")).toMatchObject({
      value: "eu-west-1",
      source: "file .env AWS_REGION",
    });
  });

  it("says nothing about where credentials go", async () => {
    await dotenv(`AWS_ACCESS_KEY_ID=test\nAWS_SECRET_ACCESS_KEY=test\nAWS_ENDPOINT_URL=${server.endpoint}\n`);
    const all = await findings();
    expect(all.get("s3.endpoint")).toMatchObject({ value: "AWS" });
    expect(all.get("env.AWS_ENDPOINT_URL")).toMatchObject({ status: "note", value: "ignored" });
    server.clearRequests();
    await command.run(["cat", "--offline", "s3://b/x"]);
    expect(server.requests).toEqual([]);
  });

  it("steps back behind the environment", async () => {
    await dotenv("AWS_REGION=eu-west-1\n");
    expect((await findings([], { AWS_REGION: "us-east-2" })).get("s3.region")).toMatchObject({ value: "us-east-2" });
  });
});

describe("doctor", () => {
  const env = () => ({
    AWS_ENDPOINT_URL: server.endpoint,
    AWS_ACCESS_KEY_ID: "test-key-9876",
    AWS_SECRET_ACCESS_KEY: "not-the-secret",
  });

  it("ends with the code of what is wrong, and shows four characters of a key", async () => {
    const { code, stdout, stderr } = await command.run(["doctor", "s3://b/x"], { env: env() });
    expect({ code, stderr }).toEqual({ code: 4, stderr: "" });
    expect(stdout).toMatch(/^x HEAD /m);
    expect(stdout).toContain("…9876");
    expect(stdout).not.toMatch(/test-key|not-the-secret/);
  });

  it("says that a profile does not exist", async () => {
    const { code, stdout } = await command.run(["doctor", "--profile", "no-such-profile"]);
    expect(code).toBe(2);
    expect(stdout).toMatch(/^x .*no-such-profile/m);
  });

  it("speaks of flags, not of options of calls", async () => {
    const { code, stdout } = await command.run(["doctor", "s3://b/x"], { env: { AWS_ENDPOINT_URL: server.endpoint } });
    expect(code).toBe(4);
    expect(stdout).toContain("with --anonymous");
    expect(stdout).not.toContain("anonymous: true");
  });

  it("sends nothing without an address", async () => {
    server.clearRequests();
    const { code } = await command.run(["doctor"], { env: env() });
    expect({ code, requests: server.requests }).toEqual({ code: 0, requests: [] });
  });
});
