/** 100,000 small objects both ways by one command: few files open, memory that does not grow with them, a request each. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { S3Server } from "entrepot/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openShellWorld } from "./shell-world.ts";
import type { BuiltCommand } from "./spawn-command.ts";

const many = 100_000;
const few = 5_000;
/** 64 of objects, and what Node, its sockets and the listing have open. */
const mostOpen = 112;
const mib = 1024 ** 2;
let server: S3Server;
let command: BuiltCommand;

beforeAll(async () => {
  const world = await openShellWorld("b");
  ({ server, command } = world);
  await world.data.close();
  await server.load({ ...fixtures("many", many), ...fixtures("few", few) });
  const probe = `import { writeFileSync } from "node:fs";
process.on("exit", () => writeFileSync("rss", String(process.resourceUsage().maxRSS * 1024)));`;
  await writeFile(path.join(command.home, "probe.mjs"), probe);
}, 120_000);
afterAll(async () => {
  await command.close();
  await server.close();
});

function fixtures(name: string, count: number): Record<string, string> {
  const keyOf = (n: number) => `s3://b/${name}/${String(Math.floor(n / 1000)).padStart(3, "0")}/${n}.txt`;
  return Object.fromEntries(Array.from({ length: count }, (_, n) => [keyOf(n), `object ${n}\n`]));
}

/** The largest resident set of a copy, bytes. */
async function copied(from: string, to: string): Promise<number> {
  const preload = `NODE_OPTIONS="--import=${path.join(command.home, "probe.mjs")}"`;
  const { code, stderr } = await command.shell(`ulimit -n ${mostOpen}; ${preload} entrepot cp -q -r ${from} ${to}`);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return Number(await readFile(path.join(command.home, "rss"), "utf8"));
}

const operations = (operation: string) => server.requests.filter((request) => request.operation === operation).length;

test("come here and go back with a request each, in the memory that a few thousand take", async () => {
  const small = await copied("s3://b/few/", "./few/");
  server.clearRequests();
  const down = await copied("s3://b/many/", "./many/");
  expect(operations("GetObject")).toBe(many);
  expect((await readdir(path.join(command.home, "many"), { recursive: true })).length).toBe(many + many / 1000);
  expect(await readFile(path.join(command.home, "many/099/99999.txt"), "utf8")).toBe("object 99999\n");
  const smallUp = await copied("./few/", "s3://b/few-up/");
  server.clearRequests();
  const up = await copied("./many/", "s3://b/many-up/");
  expect(operations("PutObject")).toBe(many);
  // twenty times as many objects may not be seen in it
  console.log(small/mib, down/mib, smallUp/mib, up/mib);
  expect([(down - small) / mib, (up - smallUp) / mib].map((grown) => grown < 48)).toEqual([true, true]);
}, 900_000);
