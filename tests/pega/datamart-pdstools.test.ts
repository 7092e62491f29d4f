/**
 * The datamart that pdstools 3.5.2 makes of the same files, column by column. It wants an interpreter with pdstools 3.5 and the polars of
 * its time (1.9), named by `PDSTOOLS_PYTHON`; without one, and without real exports beside this repository, it says so and skips.
 */
import { execFile, spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Depot, entrepot } from "entrepot";
import { type AdmOptions, admDatamart, readExport } from "entrepot/pega";
import { type Frame, rows } from "entrepot/table";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lines, write } from "./exports.ts";
import { binRows, snapshotRows } from "./snapshots.ts";

const python = process.env["PDSTOOLS_PYTHON"] ?? "python3";
const hasPdstools = spawnSync(python, ["-c", "from pdstools import ADMDatamart"]).status === 0;
const realFolder = ["../../../shared/data/pega/", "../../../../shared/data/pega/"]
  .map((path) => new URL(path, import.meta.url).pathname)
  .find((folder) => existsSync(folder));
if (!hasPdstools) console.warn(`SKIPPED: ${python} has no pdstools 3.5; PDSTOOLS_PYTHON names one that has`);
if (realFolder === undefined) console.warn("SKIPPED: there are no real exports in ../shared/data/pega");

const script = `
import datetime, json, math, os, sys
import polars as pl
from pdstools import ADMDatamart
models, predictors, options = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
made = ADMDatamart(os.path.dirname(models), model_filename=os.path.basename(models), predictor_filename=os.path.basename(predictors) or None, **options)
def dump(frame):
    frame = frame.collect()
    types = {name: str(kind) for name, kind in frame.schema.items()}
    frame = frame.with_columns(pl.col(pl.Categorical).cast(pl.Utf8))
    def say(v):
        if isinstance(v, datetime.datetime):
            return round(v.replace(tzinfo=datetime.timezone.utc).timestamp() * 1000)
        return str(v) if isinstance(v, float) and not math.isfinite(v) else v
    return {"types": types, "rows": [{k: say(v) for k, v in row.items()} for row in frame.to_dicts()]}
print("ANSWER" + json.dumps({name: dump(getattr(made, name)) for name in ["modelData", "predictorData", "combinedData"] if getattr(made, name, None) is not None}))
`;

interface Table {
  readonly types: Readonly<Record<string, string>>;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

async function byPdstools(
  models: string,
  predictors: string,
  options: Readonly<Record<string, unknown>> = {},
): Promise<Readonly<Record<string, Table>>> {
  const given = ["-c", script, models, predictors, JSON.stringify(options)];
  const { stdout } = await promisify(execFile)(python, given, { maxBuffer: 1 << 28 });
  return JSON.parse(stdout.slice(stdout.indexOf("ANSWER") + 6)) as Record<string, Table>;
}

/** pdstools keeps counts, and what it computes of them, as 32-bit floats, the last bit of which is not to be relied on. */
function expectSame(frame: Frame, theirs: Table): void {
  expect([...frame.columns].sort()).toEqual(Object.keys(theirs.types).sort());
  const ours = inOrder([...rows(frame)]);
  const expected = inOrder(theirs.rows);
  expect(ours.length).toBe(expected.length);
  for (const [name, type] of Object.entries(theirs.types)) {
    const isSingle = type === "Float32";
    ours.forEach((row, at) => {
      const [mine, other] = [shown(row[name]), shown(expected[at]?.[name])];
      const isClose =
        isSingle &&
        typeof mine === "number" &&
        typeof other === "number" &&
        Math.abs(mine - other) <= Math.abs(other) * 2 ** -22;
      if (!isClose) expect([name, at, mine]).toEqual([name, at, other]);
    });
  }
}

function shown(value: unknown): unknown {
  if (value instanceof Date) return value.getTime();
  if (typeof value !== "number") return value ?? null;
  if (!Number.isFinite(value)) return { NaN: "nan", Infinity: "inf", "-Infinity": "-inf" }[String(value)];
  return value;
}

function inOrder<T extends Readonly<Record<string, unknown>>>(given: readonly T[]): readonly T[] {
  const keys = ["ModelID", "SnapshotTime", "PredictorName", "BinIndex", "BinSymbol"];
  const keyed = given.map((row, at) => [JSON.stringify(keys.map((key) => shown(row[key]))), at, row] as const);
  return keyed.sort(([a, i], [b, j]) => (a < b ? -1 : a > b ? 1 : i - j)).map(([, , row]) => row);
}

describe.skipIf(!hasPdstools)("pdstools and entrepot make the same datamart", () => {
  let folder: string;
  let data: Depot;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "entrepot-pega-"));
    data = entrepot({ cache: false, env: {}, envFile: false });
  });
  afterAll(async () => {
    await data.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function expectSameDatamart(
    models: string,
    predictors: string,
    options: AdmOptions = {},
    theirOptions: Readonly<Record<string, unknown>> = {},
  ): Promise<void> {
    const theirs = await byPdstools(models, predictors, theirOptions);
    const ours = await admDatamart(
      {
        models: await readExport(models, { data }),
        predictors: predictors === "" ? undefined : await readExport(predictors, { data }),
      },
      options,
    );
    expectSame(ours.models, theirs["modelData"] as Table);
    if (predictors === "") return;
    expectSame(ours.predictors, theirs["predictorData"] as Table);
    expectSame(ours.combined(), theirs["combinedData"] as Table);
  }

  test.each([
    ["as it is by default", {}, {}],
    [
      "of some columns more, and some fewer",
      { includeColumns: ["pyNegatives", "TotalPredictors"], dropColumns: ["Contents"] },
      { include_cols: ["pyNegatives", "TotalPredictors"], drop_cols: ["Contents"] },
    ],
    [
      "of other context keys",
      { contextKeys: ["Channel", "Treatment", "Season"] },
      { context_keys: ["Channel", "Treatment", "Season"] },
    ],
    [
      "of some models",
      { query: { Channel: ["Web", "SMS"], Issue: ["Sales"] } },
      { query: { Channel: ["Web", "SMS"], Issue: ["Sales"] } },
    ],
    ["with keys of names", { extractKeys: true }, { extract_keys: true }],
  ])("of generated exports, %s", async (_, options, theirs) => {
    const models = await write(folder, "models.json", lines(snapshotRows(40, 3)));
    const predictors = await write(folder, "predictors.json", lines(binRows(30, 6)));
    await expectSameDatamart(models, predictors, options, theirs);
  });

  const real = (name: string) => join(realFolder ?? "", name);
  const names = realFolder === undefined ? [] : readdirSync(realFolder);
  const models = names.filter((name) => name.includes("ADM-ModelSnapshot"));
  const predictors = names.filter((name) => name.includes("ADM-PredictorBinningSnapshot"));
  test.each(models.flatMap((one) => ["", ...predictors].map((other) => [one, other])))(
    "of the real exports %s and %s",
    async (one = "", other = "") => expectSameDatamart(real(one), other === "" ? "" : real(other)),
  );
  test.each(models.flatMap((one) => predictors.map((other) => [one, other])))(
    "of all columns of %s and %s",
    async (one = "", other = "") => expectSameDatamart(real(one), real(other), { subset: false }, { subset: false }),
  );
});
