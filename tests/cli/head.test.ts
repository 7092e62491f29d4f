/** The beginning of a large object from the shell: a block of it, and no body the second time. */
import type { Depot } from "entrepot";
import type { S3Server } from "entrepot/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openShellWorld } from "./shell-world.ts";
import type { BuiltCommand } from "./spawn-command.ts";

let server: S3Server;
let command: BuiltCommand;
let data: Depot;

beforeAll(async () => {
  ({ server, command, data } = await openShellWorld("b"));
  await data.writeText("s3://b/large.csv", "one,two\n".repeat(500_000));
});
afterAll(async () => {
  await data.close();
  await command.close();
  await server.close();
});

it.each([
  [["head", "-n", "2", "s3://b/large.csv"], "one,two\none,two\n"],
  [["head", "-c", "3", "s3://b/large.csv"], "one"],
])("%j fetches kilobytes once, and nothing offline", async (args, stdout) => {
  await command.run(["cache", "clear"]);
  const bodies: number[] = [];
  for (const more of [[], [], ["--offline"]]) {
    server.clearRequests();
    expect(await command.run([...args, ...more])).toMatchObject({ code: 0, stdout });
    bodies.push(server.requests.reduce((sum, { method, bytesOut }) => sum + (method === "GET" ? bytesOut : 0), 0));
  }
  expect(bodies).toEqual([64 * 1024, 0, 0]);
  expect(server.requests).toEqual([]);
});
