import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openNodeDisk, type ProcessTable } from "../../disk/index.ts";
import { claimFolder } from "./claim-folder.ts";
import { openStorage } from "./open-storage.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "entrepot-server-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A process that finds others in this state. */
const beside = (liveness: "alive" | "dead" | "unknown", pid = 1): ProcessTable => ({
  self: async () => ({ host: "here", boot: "b", namespace: "n", pid, start: "s" }),
  liveness: async () => liveness,
});
const claim = (processes = beside("alive")) => claimFolder(openNodeDisk(), folder, processes);

test("a folder is of one server at a time, and free again when that one closes", async () => {
  const first = await openStorage(folder);
  await expect(openStorage(folder)).rejects.toMatchObject({
    code: "busy",
    message: expect.stringContaining(`process ${process.pid} on`),
  });
  await first.close();
  await (await openStorage(folder)).close();
});

test("a server that starts beside a running one removes nothing of what is being uploaded", async () => {
  const running = await openStorage(folder);
  await running.createBucket({ name: "b", region: "us-east-1", createdMs: 1 });
  const pending = running.createBlob(undefined);
  await pending.write(Buffer.from("half"));
  await pending.finish();
  const before = await readdir(join(folder, "blobs"), { recursive: true });
  await expect(openStorage(folder)).rejects.toMatchObject({ code: "busy" });
  expect(await readdir(join(folder, "blobs"), { recursive: true })).toEqual(before);
  await running.close();
});

test("a server that died leaves the folder to the next one, one that cannot be asked does not", async () => {
  await claim();
  await expect(claim(beside("unknown"))).rejects.toMatchObject({
    code: "busy",
    hint: expect.stringContaining("remove"),
  });
  const release = await claim(beside("dead"));
  await expect(claim(beside("alive"))).rejects.toMatchObject({ code: "busy" });
  await release();
  await claim(beside("alive"));
});

test("a folder with somebody's files in it is refused, and stays as it is", async () => {
  await mkdir(join(folder, "buckets/photos/2024"), { recursive: true });
  await writeFile(join(folder, "buckets/photos/2024/a.jpg"), "precious");
  await expect(openStorage(folder)).rejects.toMatchObject({
    code: "not-empty",
    message: expect.stringContaining('"buckets"'),
  });
  expect(await readdir(folder, { recursive: true })).toContain("buckets/photos/2024/a.jpg");
  expect(await readdir(folder)).toEqual(["buckets"]);
});

test("hidden files do not make a folder somebody's", async () => {
  await writeFile(join(folder, ".gitignore"), "*");
  await (await openStorage(folder)).close();
  await writeFile(join(folder, "notes.txt"), "added to a server's folder");
  await (await openStorage(folder)).close();
});

test("a folder of another version is not touched", async () => {
  await writeFile(join(folder, "entrepot-server.json"), JSON.stringify({ format: 2 }));
  await expect(openStorage(folder)).rejects.toMatchObject({ code: "unsupported" });
});
