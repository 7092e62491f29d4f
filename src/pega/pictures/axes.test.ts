import { expect, test } from "vitest";
import { coloured, legendOf, otherName } from "./chart.ts";
import { niceSpan, spanOf } from "./nice-span.ts";
import { beginOf, usualPeriod } from "./periods.ts";
import { quantile } from "./predictors.ts";
import { recoloured } from "./recolour.ts";

test.each([
  [50, 67.2, 50, 70, 5],
  [49.9, 50, 49.9, 50, 0.02],
  [50, 50, 50, 50.0000000002, 0.0000000002],
  [47, 99, 40, 100, 10],
])("an axis from %d to %d has round ends", (least, most, min, max, interval) => {
  expect(niceSpan(least, most)).toEqual({ min, max, interval });
});

test("an axis holds as many values as there are, more than a call takes", () => {
  expect(
    spanOf(
      {
        *[Symbol.iterator]() {
          for (let at = 0; at < 500_000; at += 1) yield at % 90;
        },
      },
      50,
      60,
    ),
  ).toMatchObject({ min: 0, max: 100 });
});

test("periods begin at their hour, day, Monday and month, GMT", () => {
  const ms = Date.UTC(2021, 5, 3, 8, 23, 26, 789);
  const begins = (["snapshot", "hour", "day", "week", "month"] as const).map((every) =>
    new Date(beginOf(ms, every)).toISOString(),
  );
  expect(begins).toEqual([
    "2021-06-03T08:23:26.789Z",
    "2021-06-03T08:00:00.000Z",
    "2021-06-03T00:00:00.000Z",
    "2021-05-31T00:00:00.000Z",
    "2021-06-01T00:00:00.000Z",
  ]);
});

test("snapshots of fewer than three days are points of their own", () => {
  const day = 86_400_000;
  expect(usualPeriod([0, 1000, day])).toBe("snapshot");
  expect(usualPeriod([0, day])).toBe("day");
  expect(usualPeriod([0, 1000, day, 2 * day])).toBe("day");
});

test("quantiles lie on the line between two values", () => {
  expect([0, 0.25, 0.5, 1].map((share) => quantile([1, 2, 3, 10], share))).toEqual([1, 1.75, 2.5, 10]);
});

test("names that look alike have entries of their own, and those beyond the tenth have one together", () => {
  const weights = new Map(Array.from({ length: 12 }, (_, at) => [`c${at}`, 100 - at] as const));
  const entries = coloured(new Map([...weights, ["a\u0007", 300], ["a\u0001", 200]]));
  expect(legendOf(entries.values()).map(({ name }) => name)).toEqual([
    ...["a\ufffd", "a\ufffd (2)", "c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7", otherName],
  ]);
});

test("only what stands for a colour changes its colour", () => {
  const option = { name: "#ffffff", itemStyle: { color: "#ffffff", data: ["#ffffff"] }, borderColor: "#000000" };
  expect(recoloured(option, new Map([["#ffffff", "#111111"]]))).toEqual({
    name: "#ffffff",
    itemStyle: { color: "#111111", data: ["#ffffff"] },
    borderColor: "#000000",
  });
});
