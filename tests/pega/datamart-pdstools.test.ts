import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Depot } from "entrepot";
import { type AdmOptions, admDatamart, readExport } from "entrepot/pega";
import { type Frame, rows } from "entrepot/table";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lines, write } from "./exports.ts";
import { openPegaFolder } from "./folder.ts";
import { byPython, hasPdstools, realFolder } from "./pdstools.ts";
import { binRows, snapshotRows } from "./snapshots.ts";

/** Some that a model has in one snapshot and not in the next. */
const evenPositives = Array.from({ length: 2000 }, (_, at) => 2 * at);

const hasOne = hasPdstools("from pdstools import ADMDatamart");

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
  const stdout = await byPython(script, models, predictors, JSON.stringify(options));
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

describe.skipIf(!hasOne)("pdstools and entrepot make the same datamart", { timeout: 120_000 }, () => {
  let folder: string;
  let data: Depot;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ folder, data, close } = await openPegaFolder());
  });
  afterAll(() => close());

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
    [
      "of some snapshots of a model",
      { query: { ActivePredictors: [1, 2, 3, 4, 5, 6], Positives: evenPositives }, subset: false },
      { query: { ActivePredictors: [1, 2, 3, 4, 5, 6], Positives: evenPositives }, subset: false },
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
