/** A large copy that is interrupted: whatever ends it, no upload is left on the server, where its parts would cost storage. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { ListMultipartUploadsCommand, S3Client } from "@aws-sdk/client-s3";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { BuiltCommand, ended } from "./spawn-command.ts";

let server: S3Server;
let command: BuiltCommand;
let sdk: S3Client;

beforeAll(async () => {
  server = await startS3Server({ buckets: ["b"] });
  command = await BuiltCommand.build({
    AWS_ENDPOINT_URL: server.endpoint,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
  });
  await writeFile(path.join(command.home, "large.bin"), Buffer.alloc(40 * 1024 * 1024, "entrepot"));
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  sdk = new S3Client({ endpoint: server.endpoint, region: "us-east-1", credentials, forcePathStyle: true });
});
afterAll(async () => {
  sdk.destroy();
  await command.close();
  await server.close();
});

const left = async () => (await sdk.send(new ListMultipartUploadsCommand({ Bucket: "b" }))).Uploads?.length ?? 0;

it.each([
  ["SIGINT", "the server is silent", { silent: true }],
  ["SIGTERM", "the server is silent", { silent: true }],
  ["SIGINT", "parts fail", { status: 503 }],
] as const)("%s in mid-upload, while %s, leaves no upload there", async (signal, when, effect) => {
  const name = `${signal}-${when}`.replaceAll(" ", "-");
  const times = Number.POSITIVE_INFINITY;
  server.inject({ operation: "UploadPart", key: new RegExp(`^${name}$`), after: 1, times, effect });
  server.clearRequests();
  const child = command.start(["cp", "./large.bin", `s3://b/${name}`]);
  const end = ended(child);
  while (server.requests.filter(({ operation }) => operation === "UploadPart").length < 3)
    await new Promise(setImmediate);
  expect(await left()).toBe(1);
  child.kill(signal);
  const { code, stderr } = await end;
  expect({ code, stderr }).toEqual({ code: 130, stderr: "error: interrupted\n" });
  expect(await left()).toBe(0);
  expect(server.requests.some(({ operation }) => operation === "AbortMultipartUpload")).toBe(true);
});
