import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Depot, entrepot } from "entrepot";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BuiltCommand, ended, parseLines } from "./spawn-command.ts";

const large = 3 * 1024 * 1024;

describe("a fetch of a Pega repository that is killed", () => {
  let server: S3Server;
  let command: BuiltCommand;
  let data: Depot;
  beforeAll(async () => {
    server = await startS3Server({ buckets: ["b"] });
    const credentials = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
    command = await BuiltCommand.build({ AWS_ENDPOINT_URL: server.endpoint, ...credentials });
    data = entrepot({ ...server.options, cache: false, env: {}, envFile: false });
  });
  afterAll(async () => {
    await data.close();
    await command.close();
    await server.close();
  });

  test("is gone on with by the next one: what came is not asked for again, and nothing is left half written", async () => {
    const keys = Array.from({ length: 300 }, (_, n) => `in/f${String(n).padStart(3, "0")}`);
    for (const key of keys) await data.writeText({ bucket: "b", key }, key);
    for (const key of ["in/large1", "in/large2"])
      await data.writeBytes({ bucket: "b", key }, new Uint8Array(large).fill(7));
    server.inject("GetObject latency 20ms always");
    const gets = () => server.requests.filter(({ operation }) => operation === "GetObject").length;
    for (const killAfter of [120, 100]) {
      server.clearRequests();
      const child = command.start(["pega", "fetch", "s3://b/", "in/"]);
      const end = ended(child);
      while (gets() < killAfter) await new Promise(setImmediate);
      child.kill("SIGKILL");
      expect((await end).code).toBe("SIGKILL");
    }
    const before = await fetchedSoFar();
    // how many of them had come when it was killed is a matter of speed
    expect(before).toBeGreaterThan(0);
    const { code, stderr } = await command.run(["pega", "fetch", "s3://b/", "in/"]);
    expect([code, /Imported (\d+) files, skipped (\d+) files/.exec(stderr)?.slice(1).map(Number)]).toEqual([
      0,
      [302 - before, before],
    ]);
    const folder = join(command.home, "s3_download/in");
    expect((await readdir(folder)).sort()).toEqual(
      [...keys, "in/large1", "in/large2"].map((key) => key.slice(3)).sort(),
    );
    for (const key of keys) expect(await readFile(join(command.home, "s3_download", key), "utf8")).toBe(key);
    expect((await readFile(join(folder, "large2"))).equals(Buffer.alloc(large, 7))).toBe(true);
    expect(parseLines((await command.run(["jobs", "list", "--json"])).stdout)).toEqual([{ type: "summary", jobs: 0 }]);
  });

  /** Lines of the list of what was fetched. */
  async function fetchedSoFar(): Promise<number> {
    try {
      const text = await readFile(join(command.home, "s3_download/.entrepot-pega/files.ndjson"), "utf8");
      return new Set(text.split("\n").flatMap((line) => (line.endsWith("]") ? [JSON.parse(line)[0]] : []))).size;
    } catch {
      return 0;
    }
  }
});
