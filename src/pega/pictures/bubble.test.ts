import { expect, test } from "vitest";
import { type DataFrame, loadPolars } from "../../table/index.ts";
import { bubbleChart } from "./bubble.ts";
import { trendChart } from "./trend.ts";

async function models(count: number, more: Readonly<Record<string, unknown[]>> = {}): Promise<DataFrame> {
  const pl = await loadPolars();
  const each = <T>(value: (row: number) => T) => Array.from({ length: count }, (_, row) => value(row));
  return pl.DataFrame({
    ModelID: each(String),
    Name: each((row) => `Offer ${row}`),
    Channel: each(() => "Web"),
    Performance: each((row) => 0.5 + (row % 40) / 100),
    SuccessRate: each(() => 0.1),
    ResponseCount: each(() => 10),
    ...more,
  }) as DataFrame;
}

const text = (chart: object) => JSON.stringify(chart);

test("a model with positives and without responses has no rate: it is left out, and said to be", async () => {
  const [Performance, SuccessRate, ResponseCount] = [
    [0.5, 0.5],
    [Number.POSITIVE_INFINITY, 0],
    [0, 0],
  ];
  const chart = bubbleChart(await models(2, { Performance, SuccessRate, ResponseCount }), {}, "");
  expect(text(chart)).toMatch(
    /"1 model; size by responses; 1 \(100.0%\) with nothing learned yet: [^;]+; 1 without figures left out"/,
  );
});

test("a model that is there in several snapshots is one model in several rows", async () => {
  const rows = await models(4, {
    ModelID: ["a", "b", "a", "b"],
    Performance: [0.5, 0.6, 0.7, 0.6],
    SuccessRate: [0, 0.1, 0.1, 0.1],
  });
  expect(text(bubbleChart(rows, {}, ""))).toMatch(
    /"2 models in 4 rows; size by responses; 1 row \(25.0%\) with nothing learned yet: /,
  );
});

test("a channel that is called as all of them are is a line of its own", async () => {
  const SnapshotTime = [new Date(0), new Date(86_400_000), new Date(0)];
  const chart = trendChart(await models(3, { Channel: ["Web", "Web", "(all models)"], SnapshotTime }), {});
  const names = (chart.option["series"] as unknown as { name: string }[]).map(({ name }) => name).sort();
  expect(names).toEqual(["(all models)", "(all models) (2)", "Web"]);
});
