/** `cp --only-new` that is killed in the middle, again and again: nothing is lost, nothing comes twice, nothing is half there. */
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { entrepot } from "entrepot";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { BuiltCommand, ended, parseLines } from "./spawn-command.ts";

const files = 300;
/** What may be on its way, or there and not yet remembered, when a process dies. */
const inFlight = 32;
const nameOf = (index: number) => `${index % 3}/${String(index).padStart(4, "0")}.json`;
const bodyOf = (index: number) => JSON.stringify({ index, text: "x".repeat(index) });

let server: S3Server;
let command: BuiltCommand;
beforeAll(async () => {
  server = await startS3Server({ buckets: ["b"] });
  command = await BuiltCommand.build({
    AWS_ENDPOINT_URL: server.endpoint,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    ENTREPOT_CONCURRENCY: "8",
  });
  const data = entrepot({ ...server.options, cache: false, env: {}, envFile: false });
  for (let index = 0; index < files; index += 1) await data.writeText(`s3://b/in/${nameOf(index)}`, bodyOf(index));
  await data.close();
  server.clearRequests();
});
afterAll(async () => {
  await command.close();
  await server.close();
});

const gets = () => server.requests.filter(({ operation }) => operation === "GetObject");

it("is finished by the next call", async () => {
  const args = ["cp", "--only-new", "--json", "s3://b/in/", "./here/"];
  for (const killAfter of [1, 40, 90, 150]) {
    const before = gets().length;
    const child = command.start(args);
    const end = ended(child);
    while (gets().length < before + killAfter) await new Promise(setImmediate);
    child.kill("SIGKILL");
    expect((await end).code).toBe("SIGKILL");
    // what lies there under its name is whole
    for (const name of await there())
      expect(await readFile(name, "utf8")).toBe(bodyOf(Number(path.basename(name, ".json"))));
  }
  const last = await command.run(args);
  expect([last.code, last.stderr]).toEqual([0, ""]);
  const names = (await there()).map((name) => path.relative(path.join(command.home, "here"), name));
  expect(names.sort()).toEqual(Array.from({ length: files }, (_, index) => nameOf(index)).sort());
  for (const name of await there())
    expect(await readFile(name, "utf8")).toBe(bodyOf(Number(path.basename(name, ".json"))));
  expect(gets().length).toBeLessThanOrEqual(files + 4 * inFlight);
  server.clearRequests();
  const again = await command.run(args);
  expect([again.code, gets().length, server.requests.length]).toEqual([0, 0, 1]);
  expect(parseLines(again.stdout).filter(({ status }) => status === "done")).toEqual([]);
});

/** Also what would have been left under another name. */
async function there(): Promise<readonly string[]> {
  const entries = await readdir(path.join(command.home, "here"), { recursive: true, withFileTypes: true }).catch(
    () => [],
  );
  const found = entries.filter((entry) => !entry.isDirectory()).map((entry) => path.join(entry.parentPath, entry.name));
  return found.filter((name) => !path.basename(name).startsWith("."));
}
