import { expect, test } from "vitest";
import { type DataFrame, loadPolars } from "../../table/index.ts";
import { admDatamart } from "./adm-datamart.ts";
import { readDatamart } from "./read-datamart.ts";
import type { AdmOptions } from "./types.ts";

async function made(options: AdmOptions) {
  const pl = await loadPolars();
  const row = { pyModelID: "m", pyName: "n", pyPositives: 1, pyResponseCount: 2, pyPerformance: 0.5 };
  const more = { pySnapshotTime: "20210601T082326.07 GMT", pyChannel: "Web", pyApplication: "Shop" };
  return admDatamart({ models: pl.DataFrame([{ ...row, ...more }] as never) as DataFrame }, options);
}

test("columns of the context are those of the export, in any case, and NA where it has none", async () => {
  const { models } = await made({ contextKeys: ["pyChannel", "application", "pyregion"] });
  expect(models.toRecords()).toMatchObject([{ Channel: "Web", Application: "Shop", Region: "NA" }]);
  expect(models.columns).not.toContain("pyChannel");
  expect((await made({})).models.columns).not.toContain("Application");
});

test("ModelID cannot be left out: it says which model a row is of", async () => {
  for (const name of ["ModelID", "pymodelid"]) {
    await expect(made({ dropColumns: ["Name", name] })).rejects.toThrow(RangeError);
    await expect(readDatamart("memory:///none/", { dropColumns: [name] })).rejects.toThrow(RangeError);
  }
});
