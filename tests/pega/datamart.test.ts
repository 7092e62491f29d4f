import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { entrepot } from "entrepot";
import { type AdmOptions, admDatamart, parsePegaTime, readDatamart } from "entrepot/pega";
import { type Frame, rows } from "entrepot/table";
import pl from "nodejs-polars";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { code } from "../table/world.ts";
import { exportName, lines } from "./exports.ts";
import { binRows, modelId, snapshotRows } from "./snapshots.ts";
import { openPegaWorld, type PegaWorld } from "./world.ts";

const frameOf = (records: readonly Record<string, unknown>[]): Frame => pl.DataFrame(records as never) as Frame;
const tables = { models: frameOf(snapshotRows(14, 3)), predictors: frameOf(binRows(14, 4)) };
const made = (options: AdmOptions = {}) => admDatamart(tables, options);
const cells = (frame: Frame, column: string) => [...rows(frame.select(column) as never)].map((row) => row[column]);
const records = (frame: Frame) => [...rows(frame as never)];
const nothingOf = (row: object) => Object.fromEntries(Object.keys(row).map((name) => [name, null]));
const one = (extra: Record<string, unknown> = {}) => ({
  pyModelID: "m",
  pyName: "n",
  pyPositives: 1,
  pyResponseCount: 2,
  pyPerformance: 0.5,
  pySnapshotTime: "20210601T082326.07 GMT",
  ...extra,
});

describe("a datamart", () => {
  test("has counts and figures as numbers, times as instants, and the tables that were given stay as they are", async () => {
    const before = [...tables.models.columns];
    const { models, predictors } = await made();
    const [first] = records(models);
    expect(first).toMatchObject({ ModelID: modelId(0), Positives: 0, ResponseCount: 0, Performance: 0.5 });
    expect(first?.["SnapshotTime"]).toEqual(new Date(Date.UTC(2021, 5, 1, 8, 23, 26)));
    expect(cells(predictors, "BinIndex").slice(0, 3)).toEqual([1, 2, 1]);
    expect(models.columns).not.toContain("TotalPredictors");
    expect(tables.models.columns).toEqual(before);
  });

  test("has rates without responses as 0, and the time at which a figure last changed", async () => {
    const { models } = await made();
    const of = (model: number) => records(models).filter(({ ModelID }) => ModelID === modelId(model));
    expect(of(7).map(({ SuccessRate }) => SuccessRate)).toEqual([0, 0, 0]);
    // the third model has the same counts in all of its snapshots, the second has more in each
    const last = new Date(parsePegaTime("20210615T082326.014 GMT")?.ms ?? 0);
    expect(of(3).map(({ Last_Positives }) => Last_Positives)).toEqual([last, last, last]);
    const changed = await admDatamart({
      models: frameOf([
        one({ pySnapshotTime: "20210601T000000.000 GMT" }),
        one({ pySnapshotTime: "20210602T000000.000 GMT", pyPositives: 5 }),
        one({ pySnapshotTime: "20210603T000000.000 GMT", pyPositives: 5 }),
      ]),
    });
    const day = (number: number) => new Date(Date.UTC(2021, 5, number));
    expect(cells(changed.models, "Last_Positives")).toEqual([day(2), day(2), day(2)]);
    expect(cells(changed.models, "Last_ResponseCount")).toEqual([day(3), day(3), day(3)]);
  });

  test("joins the last snapshots of models and predictors, and tells their columns apart", async () => {
    const datamart = await made();
    const combined = datamart.combined();
    expect(combined.height).toBe(14 * 5 * 2);
    expect(combined.columns).toEqual(
      expect.arrayContaining(["Performance", "PerformanceBin", "PositivesBin", "BinPropensity"]),
    );
    expect(datamart.combined({ last: false }).height).toBe(3 * 14 * 5 * 2);
    expect(datamart.last().height).toBe(14);
    expect(new Set(cells(combined, "PredictorCategory"))).toEqual(new Set(["Primary", "Customer"]));
  });

  test("has NA where a key of the context is missing", async () => {
    const { models } = await admDatamart({ models: frameOf([one()]) }, { contextKeys: ["Channel", "Season"] });
    expect(records(models)[0]).toMatchObject({ Channel: "NA", Season: "NA" });
  });

  test("keeps the columns that are asked for, in any spelling, and none that is not wanted", async () => {
    const more = await made({ includeColumns: ["pyTotalPredictors"], dropColumns: ["CONTENTS"] });
    expect(more.models.columns).toContain("TotalPredictors");
    expect(more.predictors.columns).not.toContain("Contents");
    expect(more.remarks).toEqual([]);
    const { remarks } = await made({ includeColumns: ["pyTotalPredictor", "Season"] });
    expect(remarks.map(({ kind, message }) => [kind, message])).toEqual([
      ["missing-column", 'includeColumns: no table has "pyTotalPredictor"; did you mean TotalPredictors?'],
      ["missing-column", 'includeColumns: no table has "Season"'],
    ]);
    const all = await made({ subset: false });
    expect(all.models.columns).toEqual(expect.arrayContaining(["ObjClass", "AppliesToClass", "Negatives"]));
  });

  test("makes columns of keys in names; what is no JSON stays a name, and is told", async () => {
    const { models, remarks } = await admDatamart(
      {
        models: frameOf([
          one({ pyName: '{"pyName":"Offer + more","pyTreatment":"Banner","pyWeight":2}', pyTreatment: "before" }),
          one({ pyName: "Plain + more", pyTreatment: "kept" }),
          one({ pyName: '{"pyName":', pyTreatment: null }),
        ]),
      },
      { extractKeys: true },
    );
    expect(cells(models, "Name")).toEqual(["Offer + more", "Plain + more", '{"pyName":']);
    expect(cells(models, "Treatment")).toEqual(["Banner", "kept", null]);
    expect(cells(models, "Weight")).toEqual([2, null, null]);
    expect(remarks).toEqual([
      expect.objectContaining({ kind: "unreadable-name", count: 1, example: '{"pyName":', column: "Name" }),
    ]);
  });

  test("has no time where none can be read, and says so", async () => {
    const { models, remarks } = await admDatamart({
      models: frameOf([one({ pySnapshotTime: "soon" }), one({ pySnapshotTime: "20210601T082326.789 CET" }), one()]),
    });
    expect(cells(models, "SnapshotTime").map((time) => (time as Date | null)?.getUTCMilliseconds())).toEqual([
      undefined,
      789,
      70,
    ]);
    expect(remarks.map(({ kind, count }) => [kind, count])).toEqual([
      ["unreadable-time", 1],
      ["unknown-zone", 1],
    ]);
  });

  test("has one column where its files call it by two names, of whichever types", async () => {
    const other = { ModelID: "7", Name: "n2", Positives: "4", ResponseCount: 8, Performance: "0.75" };
    const united = frameOf([
      { ...one({ pxName: null }), ...nothingOf(other), SnapshotTime: null },
      { ...nothingOf(one()), pxName: null, ...other, SnapshotTime: new Date(Date.UTC(2021, 5, 2, 8)) },
    ]);
    const { models, remarks } = await admDatamart({ models: united }, { subset: false });
    expect(records(models)).toMatchObject([
      { ModelID: "m", Name: "n", Positives: 1, Performance: 0.5, SnapshotTime: new Date("2021-06-01T08:23:26.070Z") },
      { ModelID: "7", Name: "n2", Positives: 4, Performance: 0.75, SnapshotTime: new Date("2021-06-02T08:00:00Z") },
    ]);
    expect([models.columns.filter((name) => name.startsWith("Model")), remarks]).toEqual([["ModelID"], []]);
    const two = await admDatamart(
      { models: frameOf([one({ Name: "another" }), one({ Name: null })]) },
      { subset: false },
    );
    expect([cells(two.models, "Name"), cells(two.models, "Name_2")]).toEqual([
      ["n", "n"],
      ["another", null],
    ]);
    const older = frameOf([one({ ModelName: null }), { ...nothingOf(one()), pyModelID: "o", ModelName: "old" }]);
    expect(cells((await admDatamart({ models: older })).models, "Name")).toEqual(["n", "old"]);
  });

  test("says of which rows neither model nor time is known", async () => {
    const { remarks } = await admDatamart({
      models: frameOf([one(), one({ pyModelID: null }), one({ pyModelID: "", pySnapshotTime: "" })]),
    });
    expect(remarks.map(({ kind, column, count }) => [kind, column, count])).toEqual([
      ["missing-value", "ModelID", 2],
      ["missing-value", "SnapshotTime", 1],
    ]);
    expect(remarks[0]?.message).toMatch(/^ModelID of models: 2 rows of 3 without a model/);
    const timeless = await admDatamart({ models: frameOf([{ pyModelID: "m" }]) });
    expect(timeless.remarks).toMatchObject([{ kind: "missing-column", column: "SnapshotTime" }]);
  });

  test("says that no predictor belongs to one of its models, and the picture says it, too", async () => {
    const strange = frameOf(binRows(3, 2).map((row) => ({ ...row, pyModelID: `other-${row["pyModelID"]}` })));
    const datamart = await admDatamart({ models: tables.models, predictors: strange });
    expect(datamart.remarks).toMatchObject([{ kind: "no-common-model", table: "predictors", count: 18 }]);
    expect(datamart.remarks[0]?.message).toContain("none of their 3 models is one of the 14 in models");
    expect(datamart.query({ Channel: ["Web"] }).remarks).toEqual(datamart.remarks);
    const nothing = "Nothing to draw: no predictor belongs to a model of the last snapshot";
    for (const format of ["svg", "html"] as const)
      expect(await datamart.plot("predictors", { format })).toContain(nothing);
    expect((await made()).remarks).toEqual([]);
  });

  test("refuses text in the place of a number, and a table that has no models", async () => {
    const text = admDatamart({ models: frameOf([one({ pyPositives: "3" }), one({ pyPositives: "many" })]) });
    await expect(text).rejects.toMatchObject({
      ...code("malformed"),
      message: expect.stringMatching(/"many" in row 2/),
    });
    const absent = admDatamart({ models: frameOf([one({ pyPositives: "3" }), one({ pyPositives: "NA" })]) });
    expect(cells((await absent).models, "Positives")).toEqual([3, null]);
    await expect(admDatamart({ predictors: frameOf([{ a: 1 }]) })).rejects.toMatchObject(code("malformed"));
    const made = await admDatamart({ models: frameOf([one()]) });
    expect(() => made.predictors).toThrow(/no predictors/);
  });

  test("of exports without rows is one without models", async () => {
    const empty = await admDatamart({ models: pl.DataFrame({}) as Frame, predictors: pl.DataFrame({}) as Frame });
    expect([empty.models.height, empty.combined().height, empty.summary().totals?.models]).toEqual([0, 0, 0]);
    for (const kind of ["bubble", "predictors", "trend"] as const) expect(await empty.plot(kind)).toMatch(/^<svg /);
  });
});

describe("a query", () => {
  test("leaves models with allowed values, and their predictors", async () => {
    const datamart = await made();
    const some = datamart.query({ pyChannel: ["Web", "SMS"], Issue: "Sales" });
    expect(new Set(cells(some.models, "Channel"))).toEqual(new Set(["Web", "SMS"]));
    expect(new Set(cells(some.predictors, "ModelID"))).toEqual(new Set(cells(some.models, "ModelID")));
    expect(datamart.models.height).toBe(42);
    const active = datamart.query({ EntryType: ["Active"] });
    expect([active.models.height, new Set(cells(active.predictors, "EntryType"))]).toEqual([42, new Set(["Active"])]);
  });

  test("may be a predicate on rows, an instant, or what is missing", async () => {
    const datamart = await made();
    const good = datamart.query((row) => row.Performance > 0.7);
    expect(good.models.height).toBeGreaterThan(0);
    expect(cells(good.models, "Performance").every((value) => (value as number) > 0.7)).toBe(true);
    const time = cells(datamart.models, "SnapshotTime")[1] as Date;
    expect(datamart.query({ SnapshotTime: time }).models.height).toBe(14);
    expect(datamart.query({ Name: null }).models.height).toBe(0);
  });

  test("for a column that there is none of says which there are", async () => {
    const datamart = await made();
    expect(() => datamart.query({ Chanel: ["Web"] })).toThrow(
      expect.objectContaining({
        ...code("malformed"),
        hint: expect.stringMatching(/^did you mean Channel\? there are .*ModelID/),
      }),
    );
    expect(() => datamart.query({ Channel: [{}] } as never)).toThrow(TypeError);
    await expect(made({ extract_keys: true } as never)).rejects.toThrow(/extractKeys/);
  });
});

describe("the datamart of a repository", () => {
  let world: PegaWorld;
  const model = "datamart/Data-Decision-ADM-ModelSnapshot_pzModelSnapshots";
  const bins = "datamart/Data-Decision-ADM-PredictorBinningSnapshot_pzADMPredictorSnapshots";
  beforeAll(async () => {
    world = await openPegaWorld();
    for (const day of [1, 2])
      await world.put(exportName(model, day, ".json"), lines(snapshotRows(5, 3).slice((day - 1) * 8, day * 8)));
    await world.put(exportName(bins, 1, ".json"), lines(binRows(5, 2)));
  });
  afterAll(() => world.close());

  test("is fetched, made and drawn in one call", async () => {
    const datamart = await world.pega.admDatamart({ query: { Issue: ["Sales"] } });
    expect(new Set(cells(datamart.models, "ModelID"))).toEqual(new Set([modelId(0), modelId(2), modelId(4)]));
    expect(datamart.combined().columns).toContain("BinAdjustedPropensity");
    expect(await datamart.plot("trend")).toContain("</svg>");
    await expect(world.pega.admDatamart({ dropCols: [] } as never)).rejects.toThrow(TypeError);
  });

  test("that was saved is found again as the newest export, the same", async () => {
    const saved = await world.pega.admDatamart();
    const { models, predictors } = await saved.save("s3://testbucket/saved/");
    expect(models).toMatch(/^s3:\/\/testbucket\/saved\/cached_modelData_\d{8}T\d{6}\.\d{3}_GMT\.parquet$/);
    expect(predictors).toMatch(/cached_predictorData_/);
    await world.put(exportName("saved/Data-Decision-ADM-ModelSnapshot_old", 1, ".json"), lines(snapshotRows(1, 1)));
    const again = await readDatamart("s3://testbucket/saved/", { data: world.data });
    expect(again.models.columns).toEqual(saved.models.columns);
    expect(records(again.models)).toEqual(records(saved.models));
    expect(records(again.predictors)).toEqual(records(saved.predictors));
  });

  test("has the rows of all files, whatever each of them calls its columns", async () => {
    const plain = (row: object) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [name.replace(/^p[xyz]/, ""), value]));
    for (const day of [1, 2]) {
      const rows = snapshotRows(5, 2).map((row) => ({ ...row, pyPerformance: day }));
      await world.put(
        exportName("mixed/Data-Decision-ADM-ModelSnapshot_pzModelSnapshots", day, ".json"),
        lines(day === 1 ? rows : rows.map(plain)),
      );
    }
    const folder = await readDatamart("s3://testbucket/mixed/", { data: world.data, files: "all" });
    for (const { models, remarks } of [folder, await world.pega.admDatamart({ datamartFolder: "mixed" })]) {
      expect([models.height, models.getColumn("ModelID").nullCount(), remarks]).toEqual([20, 0, []]);
      expect(new Set(cells(models, "Performance"))).toEqual(new Set([1, 2]));
    }
  });

  test("can be saved to a folder of this disk, and a folder without exports is not-found", async () => {
    const folder = await mkdtemp(join(tmpdir(), "entrepot-pega-"));
    const data = entrepot({ cache: false, env: {}, envFile: false });
    await expect(readDatamart(folder, { data })).rejects.toMatchObject(code("not-found"));
    await expect(readDatamart(folder, { data, querry: {} } as never)).rejects.toThrow(
      'readDatamart() has no option "querry": did you mean query?',
    );
    const datamart = await admDatamart({ models: tables.models }, { data });
    expect((await datamart.save(folder)).predictors).toBeUndefined();
    expect(await readdir(folder)).toEqual([expect.stringMatching(/^cached_modelData_.*\.parquet$/)]);
    await data.close();
    await rm(folder, { recursive: true });
  });
});

test("the summary counts what there is, channels of the last snapshot by their responses", async () => {
  const { models, predictors, channels, totals } = (await made()).summary();
  expect(models).toMatchObject({ rows: 42, models: 14, snapshots: { count: 3 } });
  expect(predictors).toMatchObject({ predictors: 4, active: 2, models: 14, snapshots: { count: 1 } });
  expect(channels).toHaveLength(4);
  expect(channels.reduce((sum, { responses }) => sum + responses, 0)).toBe(totals?.responses);
  expect(totals?.performance).toBeGreaterThan(0.5);
});
