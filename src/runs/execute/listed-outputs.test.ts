import { afterAll, beforeAll, expect, test } from "vitest";
import { openShellWorld, type ShellWorld } from "../../../tests/cli/shell-world.ts";
import { listOutputs } from "./attempt-outputs.ts";

let world: ShellWorld;
beforeAll(async () => {
  world = await openShellWorld("bucket");
}, 60_000);
afterAll(async () => {
  await world.command.close();
  await world.data.close();
  await world.server.close();
});

/** What is listed of objects with these names, of the size that is said. */
async function listed(folder: string, objects: Readonly<Record<string, string>>) {
  for (const [name, text] of Object.entries(objects))
    await world.data.writeText({ bucket: "bucket", key: `${folder}/${name}` }, text);
  return (
    await listOutputs(world.data, `s3://bucket/${folder}/`, {
      most: 100,
      signal: new AbortController().signal,
      onLink: () => undefined,
    })
  ).map(({ path, sizeBytes }) => [path, sizeBytes]);
}

test("what marks a folder is no output, and what only looks like it is one", async () => {
  expect(await listed("marks", { "": "", "dir/": "", "dir/f": "1", "full/": "bytes", "a\ufffdb": "xy" })).toEqual([
    ["a\ufffdb", 2],
    ["dir/f", 1],
    ["full/", 5],
  ]);
});

test.each([
  ["nul", { "a.csv": "1", "nul\0x": "1" }],
  ["itself", { "a.csv": "1", "": "bytes" }],
])("an output that cannot be told by its name is no output of another one: %s", async (folder, objects) => {
  await expect(listed(folder, objects)).rejects.toMatchObject({
    code: "unrepresentable-name",
    uri: expect.stringContaining(`s3://bucket/${folder}/`),
  });
});
