import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
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

test("what an attempt wrote is listed below its folder, and no further than is allowed", async () => {
  await mkdir(join(folder, "some/deep"), { recursive: true });
  for (const name of ["a.txt", "b.txt", "deep/c.txt"]) await writeFile(join(folder, "some", name), name);
  const all = await listOutputs(data, uriOf("some"), { most: 3, signal });
  expect(all.map(({ path, sizeBytes }) => [path, sizeBytes])).toEqual([
    ["a.txt", 5],
    ["b.txt", 5],
    ["deep/c.txt", 10],
  ]);
  expect(await listOutputs(data, uriOf("some"), { most: 1, signal })).toHaveLength(2);
});

test("a listing that nobody wants any more ends with the reason", async () => {
  const gone = AbortSignal.abort(new Error("nobody wants it"));
  await expect(listOutputs(data, uriOf("some"), { most: 3, signal: gone })).rejects.toThrow("nobody wants it");
});

test("the pointer names the newest attempt, in whichever order they come, and is no other's file", async () => {
  const folderUri = uriOf("policy");
  const pointer = (attempt: number) => ({ runId: "r", policyId: "p", attempt, outputs: [] });
  await Promise.all([2, 1, 3].map((attempt) => publishPointer(data, folderUri, pointer(attempt))));
  await publishPointer(data, folderUri, pointer(2));
  expect(await data.readJson(`${folderUri}${pointerName}`)).toMatchObject({ attempt: 3, folder: "attempts/3/" });
  await data.writeJson(`${folderUri}${pointerName}`, { mine: true });
  await expect(publishPointer(data, folderUri, pointer(4))).rejects.toMatchObject({ code: "malformed" });
  expect(await data.readJson(`${folderUri}${pointerName}`)).toEqual({ mine: true });
});
