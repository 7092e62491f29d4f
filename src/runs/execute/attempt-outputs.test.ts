import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Depot, entrepot } from "../../depot/index.ts";
import { listOutputs, pointerName, publishPointer } from "./attempt-outputs.ts";

let folder: string;
let data: Depot;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "entrepot-outputs-"));
  data = entrepot({ roots: { local: folder }, env: {}, envFile: false });
});
afterAll(async () => {
  await data.close();
  await rm(folder, { recursive: true });
});

const uriOf = (name: string) => `${pathToFileURL(join(folder, name)).href}/`;
const signal = new AbortController().signal;
const onLink = (path: string): void => {
  throw new Error(`${path} is no link`);
};

test("what an attempt wrote is listed below its folder, and no further than is allowed", async () => {
  await mkdir(join(folder, "some/deep"), { recursive: true });
  for (const name of ["a.txt", "b.txt", "deep/c.txt"]) await writeFile(join(folder, "some", name), name);
  const all = await listOutputs(data, uriOf("some"), { most: 3, signal, onLink });
  expect(all.map(({ path, sizeBytes }) => [path, sizeBytes])).toEqual([
    ["a.txt", 5],
    ["b.txt", 5],
    ["deep/c.txt", 10],
  ]);
  expect(await listOutputs(data, uriOf("some"), { most: 1, signal, onLink })).toHaveLength(2);
});

test("links are left out and told, to files, folders and what is above, and those that replace the folder itself", async () => {
  await mkdir(join(folder, "linked/deep"), { recursive: true });
  await writeFile(join(folder, "secret"), "secret");
  await writeFile(join(folder, "linked/deep/own.txt"), "own");
  await symlink(join(folder, "secret"), join(folder, "linked/a.txt"));
  await symlink("../../secret", join(folder, "linked/deep/b.txt"));
  await symlink("/", join(folder, "linked/root"));
  await symlink(join(folder, "linked"), join(folder, "whole"));
  const links: string[] = [];
  const listing = { most: 10, signal, onLink: (path: string) => void links.push(path) };
  expect((await listOutputs(data, uriOf("linked"), listing)).map(({ path }) => path)).toEqual(["deep/own.txt"]);
  expect(links).toEqual(["a.txt", "deep/b.txt", "root/"]);
  expect(await listOutputs(data, uriOf("whole"), listing)).toEqual([]);
});

test("a listing that nobody wants any more ends with the reason", async () => {
  const gone = AbortSignal.abort(new Error("nobody wants it"));
  await expect(listOutputs(data, uriOf("some"), { most: 3, signal: gone, onLink })).rejects.toThrow("nobody wants it");
});

test("the pointer names the newest attempt, in whichever order they come, and is no other's file", async () => {
  const folderUri = uriOf("policy");
  const pointer = (attempt: number) => ({
    runId: "r",
    policyId: "p",
    attempt,
    folder: `${attempt}-00c0ffee`,
    outputs: [],
  });
  await Promise.all([2, 1, 3].map((attempt) => publishPointer(data, folderUri, pointer(attempt))));
  await publishPointer(data, folderUri, pointer(2));
  expect(await data.readJson(`${folderUri}${pointerName}`)).toMatchObject({
    attempt: 3,
    folder: "attempts/3-00c0ffee/",
  });
  await data.writeJson(`${folderUri}${pointerName}`, { mine: true });
  await expect(publishPointer(data, folderUri, pointer(4))).rejects.toMatchObject({
    code: "malformed",
    message: `${folderUri}${pointerName} is not the list of outputs of policy "p" of run r`,
  });
  for (const text of ["no JSON", "null"]) {
    await data.writeText(`${folderUri}${pointerName}`, text);
    await expect(publishPointer(data, folderUri, pointer(4))).rejects.toThrow(/policy "p" of run r/);
  }
  await data.writeJson(`${folderUri}${pointerName}`, { mine: true });
  expect(await data.readJson(`${folderUri}${pointerName}`)).toEqual({ mine: true });
});
