import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { entrepot } from "../../../depot/index.ts";
import { type Disk, openNodeDisk } from "../../../disk/index.ts";
import { type DataFrame, loadPolars } from "../../../table/index.ts";
import { readPart, savePart } from "./kept-part.ts";

test("a part that another process takes away meanwhile is as one that is not there", async () => {
  const folder = await mkdtemp(join(tmpdir(), "entrepot-pega-"));
  const data = entrepot({ cache: false, env: {}, envFile: false });
  try {
    const pl = await loadPolars();
    const disk = openNodeDisk();
    const files = [{ uri: "memory:///a", source: "a", etag: "1", rows: 1 }];
    const part = { frame: pl.DataFrame({ n: [1] }) as DataFrame, isInferred: false, files, kept: undefined };
    const settings = { data, signal: undefined };
    const taking: Disk = openNodeDisk();
    taking.openRead = async (path, options) => {
      await disk.removeFile(path);
      return disk.openRead(path, options);
    };
    const kept = await savePart(pl, disk, folder, part, settings);
    expect((await readPart(disk, folder, kept, settings))?.frame.height).toBe(1);
    expect(await readPart(taking, folder, kept, settings)).toBeUndefined();
    const lost = await savePart(pl, taking, folder, part, settings);
    expect(await readPart(disk, folder, lost, settings)).toBeUndefined();
  } finally {
    await data.close();
    await rm(folder, { recursive: true, force: true });
  }
});
