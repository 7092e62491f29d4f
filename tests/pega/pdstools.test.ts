import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Depot } from "entrepot";
import { readExport } from "entrepot/pega";
import "entrepot/table";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exportName, gzOf, lines, modelRows, write, zipOf } from "./exports.ts";
import { openPegaFolder } from "./folder.ts";
import { byPython, hasPdstools, realFolder } from "./pdstools.ts";

const hasOne = hasPdstools("import pdstools");

const script = `
import json, sys, os
from pdstools.pega_io.File import readDSExport, readMultiZip
mode, path, *more = sys.argv[1:]
if mode == "multi":
    frame = readMultiZip([path, *more], verbose=False)
else:
    frame = readDSExport(os.path.basename(path), os.path.dirname(path), verbose=False).collect()
print(json.dumps({"columns": frame.columns, "rows": frame.to_dicts()}, default=lambda v: v.isoformat()))
`;

interface Read {
  readonly columns: readonly string[];
  readonly rows: readonly Record<string, unknown>[];
}

async function byPdstools(...args: readonly string[]): Promise<Read> {
  return JSON.parse(await byPython(script, ...args)) as Read;
}

describe.skipIf(!hasOne)("pdstools and entrepot", { timeout: 120_000 }, () => {
  let folder: string;
  let data: Depot;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ folder, data, close } = await openPegaFolder());
  });
  afterAll(() => close());

  async function expectSame(theirs: Read, from: Parameters<typeof readExport>[0]): Promise<void> {
    const frame = await readExport(from, { data });
    expect([...frame.columns].sort()).toEqual([...theirs.columns].sort());
    const rows = JSON.parse(JSON.stringify(frame.toRecords())) as Record<string, unknown>[];
    expect(rows.length).toBe(theirs.rows.length);
    for (const name of theirs.columns)
      expect([name, rows.map((row) => row[name] ?? null)]).toEqual([name, theirs.rows.map((row) => row[name] ?? null)]);
  }

  const given = modelRows(30);
  const csv = `PYMODELID,PYPOSITIVES,PYNAME\n${given.map((row) => `${row["pyModelID"]},${row["pyPositives"]},NA\n`).join("")}`;
  test.for([
    ["lines.json", lines(given)],
    ["array.json", JSON.stringify(given)],
    ["table.csv", csv],
    ["top.zip", zipOf({ "data.json": lines(given) })],
    ["nested.zip", zipOf({ "a/data.json": lines(given) })],
  ] as const)("read the same from %s", async ([name, body], { skip }) => {
    const path = await write(folder, name, body);
    const theirs = await byPdstools("one", path).catch((error: unknown) => {
      if (!String(error).includes("PanicException")) throw error;
      console.warn(`SKIPPED: the polars of pdstools 3.5 fails on ${name}`);
      return skip();
    });
    await expectSame(theirs, path);
  });

  test("make the same table of many", async () => {
    const paths = [];
    for (const day of [1, 2, 3])
      paths.push(
        await write(
          folder,
          exportName("m", day, ".json.gz"),
          gzOf(lines(modelRows(5, day).map((row) => ({ ...row, [`only${day}`]: day })))),
        ),
      );
    await expectSame(await byPdstools("multi", ...paths), paths);
  });

  const names =
    realFolder === undefined
      ? []
      : readdirSync(realFolder).filter((name) => /Decision-ADM|Notification|Snapshot_/.test(name));
  test.each(names)("read the same from the real export %s", async (name) => {
    await expectSame(await byPdstools("one", join(realFolder ?? "", name)), join(realFolder ?? "", name));
  });
});
