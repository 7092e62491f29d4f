import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { nodeFsOperations } from "./fs-operations.ts";
import { openNodeDisk } from "./open-node-disk.ts";

/** A disk on which files can be opened again after so many waits. */
function crowded(errno: string, waits: number) {
  const root = fs.mkdtempSync(join(tmpdir(), "entrepot-files-"));
  onTestFinished(() => fs.rmSync(root, { recursive: true }));
  const waited: number[] = [];
  const fail = () => {
    if (waited.length < waits) throw Object.assign(new Error(errno), { code: errno, errno: -24 });
  };
  const disk = openNodeDisk({
    pause: async (ms) => void waited.push(ms),
    operations: {
      ...nodeFsOperations,
      open: (...args) => {
        fail();
        return nodeFsOperations.open(...args);
      },
      readFolderLater: async (path) => {
        fail();
        return nodeFsOperations.readFolderLater(path);
      },
    },
  });
  return { disk, root, waited };
}

test.each(["EMFILE", "ENFILE"])("with %s the disk waits until files were closed", async (errno) => {
  for (const waits of [1, 5, 8]) {
    const { disk, root, waited } = crowded(errno, waits);
    await disk.writeFile(join(root, "x"), new Uint8Array(3));
    expect((await disk.readFile(join(root, "x"))).bytes).toHaveLength(3);
    expect(waited).toHaveLength(waits);
  }
  const { disk, root } = crowded(errno, 2);
  expect(await disk.readFolder(root)).toEqual([]);
});

test("it does not wait for ever, nor for what waiting does not mend", async () => {
  const { disk, root, waited } = crowded("EMFILE", 1_000);
  await expect(disk.writeFile(join(root, "x"), new Uint8Array(3))).rejects.toMatchObject({ code: "busy" });
  expect(waited.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(2_000);
  await expect(disk.readFolder(root)).rejects.toMatchObject({ code: "busy" });
  const broken = crowded("EIO", 1);
  await expect(broken.disk.writeFile(join(broken.root, "x"), new Uint8Array(3))).rejects.toMatchObject({ code: "io" });
  expect(broken.waited).toEqual([]);
});
