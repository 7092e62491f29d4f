/** Links and special files in a folder that is copied, moved, removed or synced: what is no object is said, and never left out in silence. */
import { execFileSync } from "node:child_process";
import { lstatSync } from "node:fs";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Depot, type DepotEvent, entrepot, type FileResult } from "entrepot";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterEach, beforeEach, expect, test } from "vitest";

let s3: S3Server;
let folder: string;
let data: Depot;
let warnings: string[];
let files: FileResult[];

beforeEach(async () => {
  s3 = await startS3Server({ buckets: ["b"] });
  folder = await mkdtemp(join(tmpdir(), "entrepot-"));
  warnings = [];
  files = [];
  const onEvent = (event: DepotEvent) => {
    if (event.type === "warning") warnings.push(event.error.message);
  };
  data = entrepot({ ...s3.options, cache: { dir: join(folder, "cache") }, env: {}, envFile: false, onEvent });
  const source = join(folder, "source");
  await mkdir(join(source, "sub"), { recursive: true });
  await writeFile(join(source, "a"), "a");
  await writeFile(join(folder, "beside"), "b");
  await symlink("../beside", join(source, "link"));
  await symlink("nowhere", join(source, "dangling"));
  await symlink("circle", join(source, "circle"));
  await symlink("..", join(source, "sub", "up"));
  execFileSync("mkfifo", [join(source, "sub", "fifo")]);
});
afterEach(async () => {
  await data.close();
  await s3.close();
  await rm(folder, { recursive: true, force: true });
});

const expected = [
  ["circle", "a link that leads nowhere"],
  ["dangling", "a link that leads nowhere"],
  ["sub/fifo", "no file and no folder"],
  ["sub/up", "a link to a folder that it lies in"],
];

function leftOut() {
  const seen = files.filter(({ action, target }) => action === "skip" && target === undefined);
  const from = `file://${folder}/source/`;
  return seen.map(({ uri, reason }) => [uri.slice(from.length), reason]).sort(([a = ""], [b = ""]) => (a < b ? -1 : 1));
}

const onFile = (file: FileResult) => void files.push(file);

test.each(["copy", "move", "sync"] as const)("%s says what it leaves out, with the reason", async (verb) => {
  const report = await data[verb](`${folder}/source/`, "s3://b/to/", { onFile });
  expect(leftOut()).toEqual(expected);
  expect(report).toMatchObject({ copied: { objects: 2 }, skipped: { objects: 4, sizeBytes: 0 }, failed: [] });
  expect(warnings).toEqual([expect.stringMatching(/^file:.*source\/.* was left out: (a link|no file).*, and 3 more$/)]);
  expect(lstatSync(join(folder, "source", "dangling")).isSymbolicLink()).toBe(true);
});

test("sync says the same where names are mapped, though it walks twice", async () => {
  await data.sync(`${folder}/source/`, "s3://b/to/", { onFile, names: "map" });
  expect(leftOut()).toEqual(expected);
});

test("remove leaves them where they are, and says so", async () => {
  const report = await data.remove(`${folder}/source/`, { recursive: true, onFile });
  expect(leftOut()).toEqual(expected);
  expect(report).toMatchObject({ removed: { objects: 2 }, skipped: { objects: 4 } });
  expect(lstatSync(join(folder, "source", "sub", "fifo")).isFIFO()).toBe(true);
});

test("what a filter does not mean is not said either", async () => {
  await data.copy(`${folder}/source/`, "s3://b/to/", { onFile, exclude: ["sub/**", "circle"] });
  expect(leftOut()).toEqual([["dangling", "a link that leads nowhere"]]);
});

test("a folder without any of it warns of nothing", async () => {
  await mkdir(join(folder, "plain"));
  await writeFile(join(folder, "plain", "a"), "a");
  await data.copy(`${folder}/plain/`, "s3://b/to/", { onFile });
  expect([warnings, leftOut()]).toEqual([[], []]);
});
