/** A server on a folder, over a socket: hostile keys, races, a second start, a folder that somebody has edited. */
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startS3Server } from "entrepot/testing";
import { afterEach, beforeEach, expect, test } from "vitest";

let dir = "";
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "entrepot-folder-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const start = (port?: number) => startS3Server({ dir, port, buckets: ["b"], anonymous: true });
const keys = ["../../out", "a//b", "a", "a/", "/lead", "%2e%2e%2f", "CON", "x".repeat(1024), "\u0000", "é", "e\u0301"];
/** Slashes escaped, so that no client takes dots for a way. */
const urlOf = (endpoint: string, key: string) => `${endpoint}/b/${encodeURIComponent(key)}`;
const put = (endpoint: string, key: string) => fetch(urlOf(endpoint, key), { method: "PUT", body: key });

test("hostile keys are the same after a second start, and lie nowhere else", async () => {
  const first = await start();
  for (const key of keys) expect((await put(first.endpoint, key)).status, key).toBe(200);
  await first.close();
  const second = await start();
  for (const key of keys) expect(await (await fetch(urlOf(second.endpoint, key))).text()).toBe(key);
  await second.close();
  expect((await readdir(dir)).sort()).toEqual(["blobs", "buckets", "entrepot-server.json"]);
});

test("of fifty that may only create, one wins, and its bytes are there after a restart", async () => {
  const first = await start();
  const writers = Array.from({ length: 50 }, (_, n) => `writer ${n}`);
  const statuses = await Promise.all(
    writers.map(async (body) => {
      const answer = await fetch(`${first.endpoint}/b/k`, { method: "PUT", headers: { "if-none-match": "*" }, body });
      return answer.status;
    }),
  );
  expect(statuses.filter((status) => status === 200)).toHaveLength(1);
  expect(new Set(statuses)).toEqual(new Set([200, 412]));
  await first.close();
  const second = await start();
  expect(await (await fetch(`${second.endpoint}/b/k`)).text()).toBe(writers[statuses.indexOf(200)]);
  await second.close();
});

test("a second server on the folder is refused; one that could not start does not keep it", async () => {
  const holder = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => holder.once("listening", resolve));
  const address = holder.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  await expect(start(port)).rejects.toMatchObject({ code: "EADDRINUSE" });
  const running = await start();
  await expect(start()).rejects.toMatchObject({ code: "busy" });
  await running.close();
  await new Promise((resolve) => holder.close(resolve));
});

test("a record that leads out of the folder is not followed", async () => {
  const first = await start();
  await put(first.endpoint, "k");
  await first.close();
  const objects = join(dir, "buckets/b/objects");
  const names = await readdir(objects, { recursive: true });
  const file = join(objects, names.find((name) => name.endsWith(".json")) ?? "");
  const record = JSON.parse(await readFile(file, "utf8"));
  for (const change of [
    { blobs: [{ id: "../../entrepot-server.json", sizeBytes: 1 }] },
    { key: "another" },
    { sizeBytes: 5 },
    { metadata: null },
  ]) {
    await writeFile(file, JSON.stringify({ ...record, ...change }));
    await expect(start()).rejects.toMatchObject({ code: "malformed" });
  }
  await writeFile(file, JSON.stringify(record));
  await (await start()).close();
});

test("a bucket's policy, tags and public access block are there after a second start, and a broken policy is not obeyed", async () => {
  const policy = JSON.stringify({
    Statement: { Effect: "Deny", Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/*" },
  });
  const send = (endpoint: string, method: string, name: string, body = "") =>
    fetch(`${endpoint}/b?${name}`, { method, ...(body === "" ? {} : { body }) });
  const tags = "<Tagging><TagSet><Tag><Key>a</Key><Value>1</Value></Tag></TagSet></Tagging>";
  const block =
    "<PublicAccessBlockConfiguration><BlockPublicPolicy>true</BlockPublicPolicy></PublicAccessBlockConfiguration>";
  const first = await start();
  expect((await send(first.endpoint, "PUT", "policy", policy)).status).toBe(204);
  expect((await send(first.endpoint, "PUT", "tagging", tags)).status).toBe(204);
  expect((await send(first.endpoint, "PUT", "publicAccessBlock", block)).status).toBe(200);
  await first.close();
  const second = await start();
  expect(await (await send(second.endpoint, "GET", "policy")).text()).toBe(policy);
  expect(await (await send(second.endpoint, "GET", "tagging")).text()).toContain("<Value>1</Value>");
  expect(await (await send(second.endpoint, "GET", "publicAccessBlock")).text()).toContain(
    "<BlockPublicPolicy>true</BlockPublicPolicy>",
  );
  await second.close();
  const record = join(dir, "buckets", "b", "bucket.json");
  await writeFile(record, (await readFile(record, "utf8")).replace("Deny", "Done"));
  await expect(start()).rejects.toMatchObject({ code: "malformed" });
});
