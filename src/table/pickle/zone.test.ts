import { expect, test } from "vitest";
import { knownZone } from "./zone.ts";

test.each([
  ["Europe/Vienna", "Europe/Vienna"],
  ["UTC", "UTC"],
  ["+00:00", "UTC"],
  ["+02:00", "Etc/GMT-2"],
  ["-11:00", "Etc/GMT+11"],
  ["+05:30", "UTC"],
  ["+15:00", "UTC"],
  ["Mars/Olympus", "UTC"],
  ["europe/vienna", "UTC"],
])("the zone %s is %s to polars", (zone, known) => {
  expect(knownZone(zone)).toBe(known);
});
