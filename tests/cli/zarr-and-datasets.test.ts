import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { type Depot, entrepot } from "entrepot";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { writeVersion2, writeVersion3 } from "../zarr-hierarchies.ts";
import { BuiltCommand, parseLines } from "./spawn-command.ts";

let server: S3Server;
let command: BuiltCommand;
let data: Depot;

beforeAll(async () => {
  server = await startS3Server({ buckets: ["b"] });
  const credentials = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
  command = await BuiltCommand.build({ AWS_ENDPOINT_URL: server.endpoint, ENTREPOT_CACHE: "0", ...credentials });
  data = entrepot({ ...server.options, cache: false, env: {}, envFile: false });
  await writeVersion2(data, "s3://b/two.zarr/", true);
  await writeVersion3(data, "s3://b/three.zarr/", false);
  await mkdir(path.join(command.home, "out/deep"), { recursive: true });
});
afterAll(async () => {
  await data.close();
  await command.close();
  await server.close();
});
beforeEach(() => server.clearRequests());

test("zarr tree draws the hierarchy from one request", async () => {
  const { code, stdout, stderr } = await command.run(["zarr", "tree", "s3://b/two.zarr"]);
  expect(stdout).toBe(
    [
      "s3://b/two.zarr/  Zarr 2, consolidated",
      "├── deep/",
      "│   └── line  <U3  (5)  chunks (5)  1 chunk, 60 B",
      "└── grid  <i4  (y 4, x 6)  chunks (2, 3)  4 chunks, 96 B  gzip",
      "",
    ].join("\n"),
  );
  expect([code, stderr]).toEqual([0, "2 groups, 2 arrays, 156 B (not compressed)\n"]);
  expect(server.requests.map(({ key }) => key)).toEqual(["two.zarr/.zmetadata"]);
});

test("zarr tree tells programs a node a line, and no chunk is asked for", async () => {
  const { code, stdout } = await command.run(["zarr", "tree", "--json", "s3://b/three.zarr"]);
  expect(code).toBe(0);
  const [root, ...nodes] = parseLines(stdout);
  expect(root).toEqual({ type: "zarr", uri: "s3://b/three.zarr/", format: 3, consolidated: false, nodes: 3 });
  expect(nodes.map(({ path: at, kind }) => [at, kind])).toEqual([
    ["", "group"],
    ["deep", "group"],
    ["deep/sharded", "array"],
  ]);
  expect(nodes[2]).toMatchObject({ type: "zarr-node", chunkShape: [2], shardShape: [4], chunks: 4, shards: 2 });
  expect(server.requests.filter(({ key }) => key.includes("/c/"))).toEqual([]);
});

test("zarr tree ends with 3 where there is no Zarr, and with 2 for a mistake", async () => {
  expect((await command.run(["zarr", "tree", "s3://b/none.zarr"])).code).toBe(3);
  expect((await command.run(["zarr", "tree", "--format", "4", "s3://b/two.zarr"])).code).toBe(2);
});

test("a dataset is published, shown, rolled back and collected", async () => {
  const run = async (...args: string[]) => {
    const result = await command.run(["dataset", ...args, "--json"]);
    expect({ args, code: result.code, stderr: result.stderr }).toEqual({ args, code: 0, stderr: "" });
    return parseLines(result.stdout);
  };
  const publish = async (text: string) => {
    await writeFile(path.join(command.home, "out/a.txt"), text);
    await writeFile(path.join(command.home, "out/deep/b.txt"), text);
    const [published] = await run("publish", "./out", "s3://b/prices");
    return published as { readonly generation: string; readonly uri: string };
  };
  const first = await publish("one");
  const second = await publish("two");
  const [shown, ...files] = await run("show", "--files", "s3://b/prices");
  expect(shown).toEqual({ ...second, type: "generation", isCurrent: true });
  expect(files.map(({ path: at }) => at)).toEqual(["a.txt", "deep/b.txt"]);
  expect(await run("rollback", "s3://b/prices")).toMatchObject([{ generation: first.generation, isCurrent: true }]);
  expect((await run("history", "s3://b/prices")).map(({ isCurrent }) => isCurrent)).toEqual([false, true]);
  const { stdout } = await command.shell('entrepot cat "$(entrepot dataset show --uri s3://b/prices)a.txt"');
  expect(stdout).toBe("one");
  await run("rollback", "s3://b/prices", second.generation);
  expect(await run("gc", "--keep", "1", "--older-than", "0", "s3://b/prices")).toMatchObject([
    { type: "gc", removed: [first.generation], abandoned: [] },
  ]);
  const overtaken = await command.run(["dataset", "publish", "--base", first.generation, "out/", "s3://b/prices"]);
  expect([overtaken.code, overtaken.stderr]).toEqual([6, expect.stringContaining("--rebase")]);
});

test("a publisher that is killed leaves the old dataset, and its leftovers to gc", async () => {
  const dataset = data.dataset("s3://b/killed");
  await data.writeText("s3://b/in/a.txt", "one");
  const { generation } = await dataset.publish("s3://b/in/");
  server.clearRequests();
  server.inject({ method: "PUT", key: "killed/current.json", effect: { silent: true } });
  const killed = command.start(["dataset", "publish", "out/", "s3://b/killed"]);
  const ended = new Promise((resolve) => killed.once("close", (_code, signal) => resolve(signal)));
  await server.waitFor({ method: "PUT", key: "killed/current.json" });
  killed.kill("SIGKILL");
  expect(await ended).toBe("SIGKILL");
  const opened = await dataset.open();
  expect([opened.generation, await opened.data.readText("a.txt")]).toEqual([generation, "one"]);
  const { abandoned, removed } = await dataset.gc({ olderThan: 0 });
  expect([abandoned.length, removed]).toEqual([1, []]);
  expect(await dataset.open()).toMatchObject({ generation });
});

test("a publisher that is interrupted removes what it has staged", async () => {
  await data.dataset("s3://b/stopped").publish("s3://b/in/");
  const before = await data.list("s3://b/stopped/").uris();
  server.clearRequests();
  server.inject({ method: "PUT", key: "stopped/**/manifest.jsonl", effect: { silent: true } });
  const stopped = command.start(["dataset", "publish", "out/", "s3://b/stopped"]);
  const code = new Promise((resolve) => stopped.once("close", resolve));
  await server.waitFor({ method: "PUT", key: "stopped/**/manifest.jsonl" });
  stopped.kill("SIGINT");
  expect(await code).toBe(130);
  expect(await data.list("s3://b/stopped/").uris()).toEqual(before);
});
