/** What `entrepot serve` can be asked for besides a port, keys and buckets: over a socket, by who does what it says. */
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import path from "node:path";
import { entrepot } from "entrepot";
import { personalities } from "entrepot/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeAuthority } from "../certificates.ts";
import { BuiltCommand, ended } from "./spawn-command.ts";

let command: BuiltCommand;
beforeAll(async () => {
  command = await BuiltCommand.build();
  await mkdir(path.join(command.home, "fixtures/demo/sub"), { recursive: true });
  await writeFile(path.join(command.home, "fixtures/demo/sub/a.txt"), "laid in\n");
  const { cert, key } = makeAuthority().issue(["127.0.0.1"]);
  await writeFile(path.join(command.home, "cert.pem"), cert);
  await writeFile(path.join(command.home, "key.pem"), key);
  await writeFile(path.join(command.home, "no.pem"), "text");
  await writeFile(path.join(command.home, "rules.txt"), "# twice\nGET ** 403 AccessDenied x2\n");
  await writeFile(path.join(command.home, "wrong.txt"), "GET ** 503\n\nGTE ** 503\nGET ** 503 y2\n");
});
afterAll(() => command.close());

it("--fixtures is there from the first request on", async () => {
  const server = await started("--fixtures", "fixtures", "--json");
  expect(server.told).toMatchObject({ buckets: ["demo"], caFile: null });
  await using data = entrepot({ ...server.options, cache: false, envFile: false });
  expect(await data.readText("s3://demo/sub/a.txt")).toBe("laid in\n");
  await server.stop();
});

it("--tls says which file to trust; its lines can be typed as they stand, and the file goes with the server", async () => {
  const server = await started("--tls", "--fixtures", "fixtures");
  expect(server.text).toContain("listening on https://127.0.0.1:");
  const file = /export NODE_EXTRA_CA_CERTS=(.*)/.exec(server.text)?.[1] ?? "";
  const lines = server.text.split("\n").filter((line) => line.startsWith("  "));
  const { code, stdout, stderr } = await command.shell(`${lines.join("; ")}; entrepot cat s3://demo/sub/a.txt`);
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: expect.stringContaining("laid in\n"), stderr: "" });
  const untrusting = lines.filter((line) => !line.includes("CA")).join("; ");
  const refused = await command.shell(`${untrusting} 2>&1; entrepot cat s3://demo/none`);
  expect(refused.stderr).toContain("AWS_CA_BUNDLE");
  expect(existsSync(file)).toBe(true);
  await server.stop();
  expect(existsSync(file)).toBe(false);
}, 60_000);

it("--tls with --dir keeps the file there", async () => {
  const server = await started("--tls", "--dir", "kept", "--json");
  expect(server.told["caFile"]).toBe(path.join(command.home, "kept", "ca.pem"));
  await server.stop();
  expect(existsSync(path.join(command.home, "kept", "ca.pem"))).toBe(true);
  await rm(path.join(command.home, "kept"), { recursive: true });
});

it("--tls-cert and --tls-key are shown as they are", async () => {
  const server = await started("--tls-cert", "cert.pem", "--tls-key", "key.pem", "--json");
  expect(server.told).toMatchObject({ endpoint: expect.stringMatching(/^https:/), caFile: null });
  await server.stop();
});

it("--strict-region refuses signatures for other regions than --region", async () => {
  const server = await started("--bucket", "demo", "--region", "eu-central-1", "--strict-region", "--json");
  expect(server.told["env"]).toMatchObject({ AWS_REGION: "eu-central-1" });
  const settings = { ...server.options, cache: false, envFile: false, retries: { attempts: 1 } } as const;
  await using right = entrepot({ ...settings, region: "eu-central-1" });
  await right.writeText("s3://demo/a", "x");
  await server.stop();
  const lines = await server.lines();
  expect(lines.at(-1)).toMatchObject({ operation: "PutObject", status: 200 });
});

it("--faults spoils requests from the first one on", async () => {
  const server = await started("--fixtures", "fixtures", "--faults", "rules.txt", "--seed", "7", "--json");
  await using data = entrepot({ ...server.options, cache: false, envFile: false });
  for (let n = 0; n < 2; n++) {
    await expect(data.readText("s3://demo/sub/a.txt")).rejects.toMatchObject({ code: "forbidden" });
  }
  expect(await data.readText("s3://demo/sub/a.txt")).toBe("laid in\n");
  await server.stop();
});

it("--faults with mistakes in it starts nothing, and names the line and column of each", async () => {
  const { code, stdout, stderr } = await command.run(["serve", "--port", "0", "--faults", "wrong.txt"]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(/wrong\.txt:3:\d+: .*\n.*wrong\.txt:4:12: /);
});

it("--user is somebody who may do what a policy allows, and nothing else", async () => {
  const server = await started("--fixtures", "fixtures", "--user", "ann:ann-key:a:secret,bob:bob-key:s", "--json");
  const credentials = { accessKeyId: "ann-key", secretAccessKey: "a:secret" };
  await using data = entrepot({ ...server.options, credentials, cache: false, envFile: false });
  await expect(data.readText("s3://demo/sub/a.txt")).rejects.toMatchObject({ code: "forbidden" });
  await server.stop();
  expect((await server.lines()).at(-1)).toMatchObject({ status: 403, errorCode: "AccessDenied" });
});

it("--personality knows every one that there is, and behaves as it", async () => {
  const { stdout: help } = await command.run(["serve", "--help"]);
  expect(help).toContain(`--personality ${personalities.map(({ name }) => name).join("|")}`);
  const server = await started("--bucket", "demo", "--personality", "minio", "--anonymous");
  const { headers } = await fetch(`${server.options.endpoint}/demo/none`, { method: "HEAD" });
  expect(headers.get("x-minio-error-code")).toBe("NoSuchKey");
  await server.stop();
});

it("--domain makes a bucket of what stands before it", async () => {
  const server = await started("--fixtures", "fixtures", "--domain", "S3.test", "--anonymous");
  expect(server.text).toContain("a bucket is also http://BUCKET.s3.test:");
  for (const host of ["demo.s3.test", "demo.localhost"]) {
    const sent = request(`${server.options.endpoint}/sub/a.txt`, { headers: { host } }).end();
    const [response] = await once(sent, "response");
    expect(response.statusCode).toBe(200);
    response.resume();
  }
  await server.stop();
});

it("--host may be another address of this machine", async () => {
  const server = await started("--host", "127.0.0.2", "--json");
  expect(server.told["endpoint"]).toMatch(/^http:\/\/127\.0\.0\.2:\d+$/);
  await server.stop();
});

it("--public with keys of one's own serves every address, and says one that can be typed", async () => {
  const keys = ["--access-key", "k", "--secret-key", "s"];
  const server = await started("--host", "0.0.0.0", "--public", ...keys);
  expect(server.text).toMatch(/^listening on http:\/\/0\.0\.0\.0:/);
  expect(server.text).toContain("export AWS_ENDPOINT_URL_S3=http://127.0.0.1:");
  await server.stop();
});

it.each([
  [["--host", "0.0.0.0"], "--host 0.0.0.0: other machines could reach it", "add --public"],
  [["--host", "0.0.0.0", "--public"], "--public needs keys that not everybody knows", "--access-key and --secret-key"],
  [["--host", "a b"], "--host is no address", "--host 127.0.0.1"],
  [
    ["--host", "192.0.2.1", "--public", "--anonymous"],
    "--host 192.0.2.1 is no address of this machine",
    "leave --host",
  ],
  [["--region", "Frankfurt!"], "--region is no name of a region", "eu-central-1"],
  [["--domain", "a..b"], "--domain is no name of a host", "s3.test"],
  [["--tls-cert", "cert.pem"], "--tls-cert comes without --tls-key", "only --tls"],
  [["--tls-cert", "no.pem", "--tls-key", "key.pem"], "--tls-cert no.pem is not in PEM form", "-----BEGIN CERTIFICATE"],
  [["--tls-cert", "cert.pem", "--tls-key", "cert.pem"], "the certificate and key of tls cannot be used", ""],
  [["--user", "ann:key"], "--user is not NAME:KEY:SECRET", "ann:ann-key:ann-secret"],
  [["--personality", "s3"], "--personality s3: expected aws or r2", ""],
  [["--seed", "x"], "--seed", "whole number"],
  [["--fixtures", "fixtures/demo/sub"], "holds one folder for each bucket, but", ""],
])("%j is refused with the way out, and nothing is started", async (args, message, hint) => {
  const { code, stdout, stderr } = await command.run(["serve", "--port", "0", ...args]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(message);
  expect(stderr).toContain(hint);
  expect(stderr).not.toContain("    at ");
});

it.each(["--fixtures", "--faults"])("%s that is not there is not an empty one", async (option) => {
  const { code, stdout, stderr } = await command.run(["serve", "--port", "0", option, "none"]);
  expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
  expect(stderr).toContain("none");
});

/** A server that has said where it listens, with keys to reach it by. */
async function started(...args: readonly string[]) {
  const child = command.start(["serve", "--port", "0", ...args]);
  const end = ended(child);
  const [first] = await Promise.race([
    once(child.stdout, "data"),
    end.then(({ stderr }) => Promise.reject(new Error(stderr))),
  ]);
  const text = String(first);
  const isJson = text.startsWith("{");
  const told: Readonly<Record<string, unknown>> = isJson ? JSON.parse(text.split("\n")[0] ?? "") : {};
  const endpoint = isJson ? String(told["endpoint"]) : (/export AWS_ENDPOINT_URL_S3=(\S+)/.exec(text)?.[1] ?? "");
  return {
    text,
    told,
    options: { endpoint, credentials: { accessKeyId: "test", secretAccessKey: "test" }, env: {} },
    stop: async () => {
      child.kill("SIGINT");
      expect((await end).code).toBe(0);
    },
    lines: async () =>
      (await end).stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as unknown),
  };
}
