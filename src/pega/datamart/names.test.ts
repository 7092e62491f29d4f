import { expect, test } from "vitest";
import { columnName, columnNames } from "./names.ts";

test.each([
  ["pyModelID", "ModelID"],
  ["PYMODELID", "ModelID"],
  ["ModelID", "ModelID"],
  ["pyConfigurationName", "Configuration"],
  ["pyBinResponseCountPercentage", "BinResponseCountPercentage"],
  ["pyRelativeBinPositives", "RelativeBinPositives"],
  ["pyFactoryUpdatetime", "FactoryUpdateTime"],
  ["pyAppliesToClass", "AppliesToClass"],
  ["pxSaveDateTime", "SaveDateTime"],
  ["pyModelData", "Modeldata"],
  ["pyZRatio", "ZRatio"],
  ["pyGroupIndex", "GroupIndex"],
  ["pzInsKey", "InsKey"],
  ["px", "px"],
])("%s is called %s", (given, name) => expect(columnName(given)).toBe(name));

test("two columns of one name are told apart by a number", () => {
  expect(columnNames(["pyName", "pxName", "NAME", "Name_2"])).toEqual(["Name", "Name_2", "Name_3", "Name_2_2"]);
});

test("ModelName is the name where nothing else is", () => {
  expect(columnNames(["ModelName"])).toEqual(["Name"]);
  expect(columnNames(["ModelName", "pyName"])).toEqual(["ModelName", "Name"]);
});
