import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openNodeDisk } from "../../disk/index.ts";
import type { Depot } from "../depot.ts";
import { openDepot } from "../entrepot.ts";
import { openBlindDisk } from "./blind-disk.fixture.ts";
import { isCaseBlind } from "./case-blind.ts";

let folder: string;
let data: Depot;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "entrepot-blind-"));
  data = openDepot({ cache: false, env: {}, envFile: false }, { disk: openBlindDisk() }) as Depot;
});
afterEach(async () => {
  await data.close();
  await rm(folder, { recursive: true, force: true });
});

describe("whether a disk is blind to case", () => {
  test.each([
    ["this one is not", openNodeDisk, false],
    ["that one is", openBlindDisk, true],
  ])("is asked of the disk: %s", async (_, open, expected) => {
    const disk = open();
    await mkdir(join(folder, "Empty"));
    await mkdir(join(folder, "1"));
    await writeFile(join(folder, "1", "Named"), "");
    for (const mayWrite of [true, false])
      for (const place of ["Empty", "1", "Empty/not/there"])
        expect(await isCaseBlind(disk, { folder: join(folder, place), mayWrite }), place).toBe(expected);
    expect(await readdir(join(folder, "Empty"))).toEqual([]);
  });
});

describe("keys that such a disk takes for one", () => {
  const keys = ["Data.csv", "data.csv", "DATA.csv", "Dir/x", "dir/y", "\u00e9", "e\u0301"];
  beforeEach(async () => {
    for (const key of keys) await data.writeText(`memory:///src/${key}`, key);
  });

  test("are refused together, and nothing is written", async () => {
    const error = await data.copy("memory:///src/", `${folder}/dest/`).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "unrepresentable-name", hint: expect.stringContaining("--names map") });
    expect((error as { failures: { uri: string }[] }).failures.map(({ uri }) => uri).sort()).toEqual(
      ["data.csv", "Data.csv", "dir/y", "\u00e9"].map((key) => `memory:///src/${key}`).sort(),
    );
    expect(await readdir(folder)).toEqual([]);
  });

  test("are told apart with names: map, and come back as exactly themselves", async () => {
    await data.copy("memory:///src/", `${folder}/dest/`, { names: "map" });
    expect((await readdir(join(folder, "dest"))).filter((name) => !name.startsWith("\u201b")).sort()).toEqual(
      [".entrepot-names.ndjson", "DATA.csv", "Dir", "e\u0301"].sort(),
    );
    // again, and with only one of the twins: the names that were given stay
    await data.copy("memory:///src/data.csv", `${folder}/dest/`, { names: "map" });
    await data.copy(["memory:///src/data.csv"], `${folder}/dest/`, { names: "map" });
    await data.copy(`${folder}/dest/`, "memory:///back/", { names: "map" });
    const back = await data.list("memory:///back/").toArray();
    expect(back.map(({ path }) => path).sort()).toEqual([...keys].sort());
    for (const { uri, path } of back) expect(await data.readText(uri)).toBe(path);
  });

  test("another spelling of a file that is there is no way to replace it", async () => {
    await writeFile(join(folder, "DATA.CSV"), "mine");
    await expect(data.copy(["memory:///src/data.csv"], `${folder}/`)).rejects.toMatchObject({
      code: "unrepresentable-name",
    });
    await data.copy(["memory:///src/data.csv"], `${folder}/`, { names: "map" });
    expect(await readFile(join(folder, "DATA.CSV"), "utf8")).toBe("mine");
  });
});
