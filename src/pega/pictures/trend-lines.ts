/** A figure of models over their snapshots: one line for each value of a column, and one for all of them. */
import type { DataFrame } from "../../table/index.ts";
import { cellsOf, percentScale } from "./cells.ts";
import { beginOf, type Period, usualPeriod } from "./periods.ts";
import type { TrendOptions } from "./types.ts";

export interface TrendLine {
  readonly group: string;
  /** Of its last point: what the line stands for. */
  readonly responses: number;
  /** By time. */
  readonly points: readonly (readonly [ms: number, figure: number])[];
}

export interface Trend {
  readonly lines: readonly TrendLine[];
  readonly all: TrendLine;
  readonly every: Period;
  /** Points in time. */
  readonly times: number;
  /** Rows without a time or without the figure. */
  readonly leftOut: number;
}

interface Sum {
  weighted: number;
  plain: number;
  weight: number;
  rows: number;
  /** Of counts the last row of each model counts in a period. */
  readonly lastOf: Map<string, { readonly ms: number; readonly figure: number; readonly responses: number }>;
}

export function trendOf(models: DataFrame, options: TrendOptions): Trend {
  const { metric = "Performance", by = "Channel" } = options;
  const cells = cellsOf(models, ["ModelID", "SnapshotTime", "ResponseCount", metric, by]);
  const scale = metric === "Performance" ? percentScale(cells, metric) : metric === "SuccessRate" ? 100 : 1;
  const rows = Array.from({ length: cells.height }, (_, row) => row);
  const times = rows.flatMap((row) => cells.time("SnapshotTime", row) ?? []);
  const every = options.every ?? usualPeriod(times);
  const groups = new Map<string, Map<number, Sum>>();
  const all = new Map<number, Sum>();
  let leftOut = 0;
  for (const row of rows) {
    const [ms, figure] = [cells.time("SnapshotTime", row), cells.number(metric, row)];
    if (ms === undefined || figure === undefined) {
      leftOut += 1;
      continue;
    }
    const group = cells.text(by, row) ?? "";
    const periods = groups.get(group) ?? new Map<number, Sum>();
    groups.set(group, periods);
    const one = { ms, figure: figure * scale, responses: cells.number("ResponseCount", row) ?? 0 };
    for (const sums of [periods, all]) add(sums, beginOf(ms, every), cells.text("ModelID", row) ?? "", one);
  }
  const isCount = metric === "ResponseCount" || metric === "Positives";
  return {
    lines: [...groups].map(([group, sums]) => lineOf(group, sums, isCount)),
    all: lineOf("", all, isCount),
    every,
    times: all.size,
    leftOut,
  };
}

function add(
  sums: Map<number, Sum>,
  begin: number,
  model: string,
  one: { readonly ms: number; readonly figure: number; readonly responses: number },
): void {
  const sum = sums.get(begin) ?? { weighted: 0, plain: 0, weight: 0, rows: 0, lastOf: new Map() };
  sums.set(begin, sum);
  sum.weighted += one.figure * one.responses;
  sum.plain += one.figure;
  sum.weight += one.responses;
  sum.rows += 1;
  if ((sum.lastOf.get(model)?.ms ?? Number.NEGATIVE_INFINITY) <= one.ms) sum.lastOf.set(model, one);
}

function lineOf(group: string, sums: ReadonlyMap<number, Sum>, isCount: boolean): TrendLine {
  const sorted = [...sums].sort(([a], [b]) => a - b);
  const figure = ({ weighted, plain, weight, rows, lastOf }: Sum) => {
    if (isCount) return [...lastOf.values()].reduce((sum, each) => sum + each.figure, 0);
    return weight > 0 ? weighted / weight : plain / rows;
  };
  const last = sorted.at(-1)?.[1].lastOf.values() ?? [];
  return {
    group,
    responses: [...last].reduce((sum, each) => sum + each.responses, 0),
    points: sorted.map(([begin, sum]) => [begin, figure(sum)] as const),
  };
}
