/** What `cp` and `cp -r` make of folders with and without their `/`, as a shell would; which files there are afterwards, by hand. */
import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { type Depot, entrepot } from "entrepot";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { BuiltCommand } from "./spawn-command.ts";

let server: S3Server;
let command: BuiltCommand;
let data: Depot;
const made = ["a.csv", "dir/b.csv", "dir/sub/c.csv"];
beforeAll(async () => {
  server = await startS3Server({ buckets: ["b", "t"] });
  command = await BuiltCommand.build({
    AWS_ENDPOINT_URL: server.endpoint,
    AWS_ACCESS_KEY_ID: server.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: server.credentials.secretAccessKey,
  });
  data = entrepot({ ...server.options, cache: false, env: {}, envFile: false });
  for (const key of made) {
    await data.writeText(`s3://b/src/${key}`, key);
    await data.writeText(path.join(command.home, "src", key), key);
  }
});
afterAll(async () => {
  await data.close();
  await command.close();
  await server.close();
});
beforeEach(async () => {
  await data.remove("s3://t/", { recursive: true });
  await rm(path.join(command.home, "t"), { recursive: true, force: true });
  await mkdir(path.join(command.home, "t/have"), { recursive: true });
  await writeFile(path.join(command.home, "t/have/old"), "");
  await writeFile(path.join(command.home, "t/file"), "");
  await data.writeText("s3://t/have/old", "");
  await data.writeText("s3://t/file", "");
});

const files = async (folder: string) =>
  (await data.list(folder).toArray()).filter(({ sizeBytes }) => sizeBytes > 0).map((entry) => entry.path);

describe.each(["s3://b/src", "./src"])("from %s", (from) => {
  it.each([
    ["./t/have", "cp", "a.csv", ["have/a.csv"]],
    ["./t/have/", "cp", "a.csv", ["have/a.csv"]],
    ["./t/new", "cp", "a.csv", ["new"]],
    ["./t/new/", "cp", "a.csv", ["new/a.csv"]],
    ["./t/have", "cp -r", "dir", ["have/dir/b.csv", "have/dir/sub/c.csv"]],
    ["./t/have", "cp -r", "dir/", ["have/b.csv", "have/sub/c.csv"]],
    ["./t/new", "cp -r", "dir", ["new/b.csv", "new/sub/c.csv"]],
    ["./t/new/", "cp -r", "dir", ["new/dir/b.csv", "new/dir/sub/c.csv"]],
    ["./t/new", "cp -r", "dir/", ["new/b.csv", "new/sub/c.csv"]],
    ["s3://t/have", "cp", "a.csv", ["have"]],
    ["s3://t/have/", "cp", "a.csv", ["have/a.csv"]],
    ["s3://t", "cp", "a.csv", ["a.csv"]],
    ["s3://t/have", "cp -r", "dir", ["have/b.csv", "have/sub/c.csv"]],
    ["s3://t/have/", "cp -r", "dir", ["have/dir/b.csv", "have/dir/sub/c.csv"]],
    ["s3://t/have/", "cp -r", "dir/", ["have/b.csv", "have/sub/c.csv"]],
    ["s3://t/", "cp -r", "dir", ["dir/b.csv", "dir/sub/c.csv"]],
    ["s3://t", "cp -r", "dir", ["dir/b.csv", "dir/sub/c.csv"]],
    ["s3://t", "cp -r", "dir/", ["b.csv", "sub/c.csv"]],
  ])("to %s: %s %s", async (target, verb, source, expected) => {
    const { code, stderr } = await command.run([...verb.split(" "), `${from}/${source}`, target]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining("copied") });
    const root = target.startsWith("s3:") ? "s3://t/" : `${path.join(command.home, "t")}/`;
    expect(await files(root)).toEqual(expected);
  });

  it("a folder does not replace a file of this disk", async () => {
    const { code, stderr } = await command.run(["cp", "-r", `${from}/dir`, "./t/file"]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("file") });
    expect(await files(`${path.join(command.home, "t")}/`)).toEqual([]);
  });
});
