/** 100,000 small objects both ways by one command: few files open, memory that does not grow with them, a request each. */
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { S3Server } from "entrepot/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openShellWorld } from "./shell-world.ts";
import type { BuiltCommand } from "./spawn-command.ts";

const many = 100_000;
/** 64 of objects, and what Node, its sockets and the listing have open. */
const mostOpen = 112;
let server: S3Server;
let command: BuiltCommand;

beforeAll(async () => {
  const world = await openShellWorld("b");
  ({ server, command } = world);
  await world.data.close();
  const keyOf = (n: number) => `s3://b/many/${String(Math.floor(n / 1000)).padStart(3, "0")}/${n}.txt`;
  await server.load(Object.fromEntries(Array.from({ length: many }, (_, n) => [keyOf(n), `object ${n}\n`])));
}, 120_000);
afterAll(async () => {
  await command.close();
  await server.close();
}, 120_000);

/** In a heap in which the objects themselves would have no room, were each remembered by a few hundred bytes. */
async function copied(from: string, to: string): Promise<void> {
  const line = `ulimit -n ${mostOpen}; NODE_OPTIONS=--max-old-space-size=48 entrepot cp -q -r ${from} ${to}`;
  const { code, stderr } = await command.shell(line);
  expect({ code, stderr }).toMatchObject({ code: 0 });
}

const operations = (operation: string) => server.requests.filter((request) => request.operation === operation).length;

test("come here and go back with a request each, in memory that does not hold them", async () => {
  await copied("s3://b/many/", "./many/");
  expect(operations("GetObject")).toBe(many);
  expect((await readdir(path.join(command.home, "many"), { recursive: true })).length).toBe(many + many / 1000);
  expect(await readFile(path.join(command.home, "many/099/99999.txt"), "utf8")).toBe("object 99999\n");
  await copied("./many/", "s3://b/back/");
  expect(operations("PutObject")).toBe(many);
}, 900_000);
