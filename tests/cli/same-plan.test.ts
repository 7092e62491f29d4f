/** Whatever destroys can be tried first: `--dry-run` changes nothing, and prints the plan that the real run carries out. */
import { rm } from "node:fs/promises";
import path from "node:path";
import type { Depot } from "entrepot";
import type { S3Server } from "entrepot/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openShellWorld } from "./shell-world.ts";
import { type BuiltCommand, parseLines } from "./spawn-command.ts";

let server: S3Server;
let command: BuiltCommand;
let data: Depot;
beforeAll(async () => {
  ({ server, command, data } = await openShellWorld("b"));
});
afterAll(async () => {
  await data.close();
  await command.close();
  await server.close();
});

const local = () => path.join(command.home, "local");
beforeEach(async () => {
  await data.remove("s3://b/", { recursive: true });
  await rm(local(), { recursive: true, force: true });
  for (const name of ["a", "x/b", "x/y/c"]) {
    await data.writeText(`s3://b/from/${name}`, name);
    await data.writeText(path.join(local(), name), name);
  }
  for (const name of ["a", "old", "x/old"]) await data.writeText(`s3://b/to/${name}`, "other");
});

/** All there is, on both sides. */
async function state(): Promise<unknown> {
  const objects = [...server.objects("b")].map(([key, { etag }]) => [key, etag]);
  return [objects, (await data.list(`${local()}/`).toArray()).map(({ path: name, etag }) => [name, etag])];
}

/** What is done to what, and why; in any order. */
const stepsOf = (stdout: string) =>
  parseLines(stdout)
    .filter(({ type }) => type === "file")
    .map(({ uri, target, action, reason = null, sizeBytes }) =>
      JSON.stringify([action, uri, target, reason, sizeBytes]),
    )
    .sort();

describe("the plan of a dry run is that of the real run", () => {
  it.each([
    ["rm -r s3://b/to/", 3],
    ["rm -r local", 3],
    ["rm --glob s3://b/**/old", 2],
    ["rm -r --include *old --exclude x/ s3://b/to/", 1],
    ["mv -r s3://b/from/ s3://b/to/", 3],
    ["mv -r local/ s3://b/to/", 3],
    ["cp -r s3://b/from/ ./local/", 3],
    ["sync --delete --max-delete 100% s3://b/from s3://b/to", 5],
    ["sync --delete --max-delete 100% local s3://b/to", 5],
    ["sync --delete --by checksum --max-delete 100% s3://b/to local", 5],
  ])("%s", async (line, steps) => {
    const [verb = "", ...words] = line.split(" ");
    const before = await state();
    const dry = await command.run([verb, "--dry-run", "--json", ...words]);
    expect([dry.code, dry.stderr]).toEqual([0, ""]);
    expect(await state()).toEqual(before);
    const real = await command.run([verb, "--json", ...words]);
    expect([real.code, real.stderr]).toEqual([0, ""]);
    expect(await state()).not.toEqual(before);
    expect(stepsOf(real.stdout)).toEqual(stepsOf(dry.stdout));
    expect(stepsOf(real.stdout).length).toBe(steps);
  });
});

it.each([
  "cp",
  "mv",
  "rm",
  "sync",
  "cache clear",
  "cache prune",
  "dataset gc",
  "dataset rollback",
  "jobs abort",
  "jobs gc",
  "jobs resume",
  "jobs uploads",
  "offline discard",
  "offline push",
  "rb",
])("%s has --dry-run", async (words) => {
  const { code, stdout } = await command.run([...words.split(" "), "--help"]);
  expect(code).toBe(0);
  expect(stdout).toContain("--dry-run");
});

it("rb --dry-run says whether the bucket would go, and leaves it", async () => {
  await data.createBucket("s3://spare");
  expect(await command.run(["rb", "--dry-run", "s3://spare"])).toEqual({
    code: 0,
    stdout: "would remove s3://spare/\n",
    stderr: "",
  });
  expect((await command.run(["rb", "--dry-run", "s3://b"])).stderr).toContain("holds something");
  expect((await command.run(["rb", "--dry-run", "s3://nowhere"])).code).toBe(3);
  expect(server.requests.some(({ operation }) => operation === "DeleteBucket")).toBe(false);
});

it("jobs abort --dry-run and offline discard --dry-run know what is not there", async () => {
  for (const words of [
    ["jobs", "abort"],
    ["offline", "discard"],
  ])
    expect((await command.run([...words, "--dry-run", "0123456789abcdef"])).code).toBe(3);
});
