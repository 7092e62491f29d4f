/** Performance of predictors, or of their categories, over the models that have them: boxes, or bars where there is one model. */
import type { DataFrame } from "../../table/index.ts";
import { cellsOf, percentScale, rounded } from "./cells.ts";
import { axis, type Chart, coloured, frameOf, type Json, legendOf } from "./chart.ts";
import { spanOf } from "./nice-span.ts";
import { colours } from "./palette.ts";
import type { PredictorOptions } from "./types.ts";
import { counted, cutInside, shownName, shownNumber } from "./words.ts";

interface Row {
  readonly name: string;
  readonly category: string;
  /** One for each model, ascending. */
  readonly performances: readonly number[];
  readonly mean: number;
}

/** `performance` and `responses` are the predictor's own columns: joined with models they end in `Bin`. */
export interface PredictorColumns {
  readonly performance: string;
  readonly responses: string;
}

export function predictorChart(frame: DataFrame, at: PredictorColumns, options: PredictorOptions, of: string): Chart {
  const all = rowsOf(frame, at, options);
  const top = options.top ?? 30;
  const rows = [...all].sort((a, b) => b.mean - a.mean || (a.name < b.name ? -1 : 1)).slice(0, top);
  rows.sort((a, b) => quantile(a.performances, 0.5) - quantile(b.performances, 0.5) || (a.name < b.name ? 1 : -1));
  const [width, height] = [options.width ?? 1200, options.height ?? Math.max(320, 150 + 22 * rows.length)];
  const weights = new Map<string, number>();
  for (const { category } of rows) weights.set(category, (weights.get(category) ?? 0) + 1);
  const entries = coloured(weights);
  const legend = options.by === "category" || entries.size < 2 ? [] : legendOf(entries.values());
  const isBars = rows.every(({ performances }) => performances.length === 1);
  const what = options.by === "category" ? "category" : "predictor";
  const shown = rows.length < all.length ? `the best ${shownNumber(rows.length)} of ` : "";
  const head = {
    title: shownName(
      options.title ?? (what === "category" ? "Performance of categories of predictors" : "Performance of predictors"),
    ),
    subtitle: `${shown}${what === "category" ? `${shownNumber(all.length)} ${all.length === 1 ? "category" : "categories"}` : counted(all.length, "predictor")}${of}${
      isBars ? "" : "; boxes: quartiles and median, whiskers: least and most of the models"
    }`,
    width,
  };
  const ends = rows.flatMap(({ performances: [least = 50, ...others] }) => [least, others.at(-1) ?? least]);
  const span = spanOf(ends, 50, 51);
  const colourOf = (row: Row) => entries.get(row.category)?.colour ?? colours.other;
  return {
    ...head,
    height,
    option: {
      ...frameOf(head, legend, false, rows.length > 0 ? undefined : nothingOf(frame, of, options)),
      xAxis: axis("Performance (AUC)", 34, { type: "value", ...span }),
      yAxis: {
        type: "category",
        data: rows.map(({ name }) => cutInside(name, 46)),
        axisLine: { lineStyle: { color: colours.line } },
        axisTick: { show: false },
        axisLabel: {
          color: colours.ink,
          fontSize: 12,
          ...((height - 128) / Math.max(1, rows.length) >= 13 ? { interval: 0 } : {}),
        },
      },
      series: [
        isBars ? bars(rows, colourOf, span.min) : boxes(rows, colourOf),
        // of one series of boxes there is one entry: these are the entries of the legend
        ...legend.map(({ name, colour }) => ({ type: "scatter", name, itemStyle: { color: colour }, data: [] })),
      ],
    },
  };
}

function nothingOf(frame: DataFrame, of: string, { activeOnly }: PredictorOptions): string {
  if (frame.height > 0) return `no predictor has a performance${activeOnly === true ? " and is active" : ""}`;
  return of === "" ? "there are no predictors" : "no predictor belongs to a model of the last snapshot";
}

function boxes(rows: readonly Row[], colourOf: (row: Row) => string): Json {
  return {
    type: "boxplot",
    boxWidth: [6, 14],
    data: rows.map((row) => {
      const five = [0, 0.25, 0.5, 0.75, 1].map((share) => rounded(quantile(row.performances, share), 4));
      const colour = colourOf(row);
      return {
        value: five,
        itemStyle: { color: colours.paper, borderColor: colour, borderWidth: 1.6 },
        lines: [
          row.name,
          shownName(row.category),
          `median ${five[2]}, quartiles ${five[1]} and ${five[3]}, from ${five[0]} to ${five[4]}`,
          counted(row.performances.length, "model"),
        ],
      };
    }),
  };
}

function bars(rows: readonly Row[], colourOf: (row: Row) => string, base: number): Json {
  return {
    type: "bar",
    barMaxWidth: 14,
    startValue: base,
    data: rows.map((row) => ({
      value: rounded(row.performances[0] ?? base, 4),
      itemStyle: { color: colourOf(row) },
      lines: [row.name, shownName(row.category), `performance ${rounded(row.performances[0] ?? base, 4)}`],
    })),
  };
}

function rowsOf(frame: DataFrame, at: PredictorColumns, { by, activeOnly }: PredictorOptions): readonly Row[] {
  const needed = ["ModelID", "PredictorName", "PredictorCategory", at.performance, at.responses];
  const cells = cellsOf(frame, activeOnly === true ? [...needed, "EntryType"] : needed);
  const scale = percentScale(cells, at.performance);
  const seen = new Set<string>();
  const groups = new Map<
    string,
    { category: string; models: Map<string, { weighted: number; plain: number; weight: number; count: number }> }
  >();
  for (let row = 0; row < cells.height; row += 1) {
    const [model, predictor] = [cells.text("ModelID", row) ?? "", cells.text("PredictorName", row)];
    if (predictor === undefined || predictor === "Classifier") continue;
    if (activeOnly === true && cells.text("EntryType", row) !== "Active") continue;
    const performance = cells.number(at.performance, row);
    const once = JSON.stringify([model, predictor]);
    if (performance === undefined || seen.has(once)) continue;
    seen.add(once);
    const category = cells.text("PredictorCategory", row) ?? "";
    const name = by === "category" ? category : predictor;
    const group = groups.get(name) ?? { category, models: new Map() };
    groups.set(name, group);
    const sum = group.models.get(model) ?? { weighted: 0, plain: 0, weight: 0, count: 0 };
    group.models.set(model, sum);
    const weight = cells.number(at.responses, row) ?? 0;
    sum.weighted += performance * scale * weight;
    sum.plain += performance * scale;
    sum.weight += weight;
    sum.count += 1;
  }
  return [...groups].map(([name, { category, models }]) => {
    const sums = [...models.values()];
    const performances = sums.map((sum) => (sum.weight > 0 ? sum.weighted / sum.weight : sum.plain / sum.count));
    const weight = sums.reduce((all, sum) => all + sum.weight, 0);
    const mean =
      weight > 0
        ? sums.reduce((all, sum) => all + sum.weighted, 0) / weight
        : performances.reduce((all, each) => all + each, 0) / performances.length;
    return { name: shownName(name), category, performances: performances.sort((a, b) => a - b), mean };
  });
}

/** Between two of the sorted values it lies on the line between them. */
export function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(at)] ?? Number.NaN, sorted[Math.ceil(at)] ?? Number.NaN];
  return low + (high - low) * (at - Math.floor(at));
}
