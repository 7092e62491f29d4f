/** A picture of a datamart: which tables it needs, what it may be asked, and the file that becomes of it. */
import {
  type Check,
  closest,
  EntrepotError,
  isCount,
  isFilledString,
  isFlag,
  isOneOf,
  mistakeInValues,
} from "../../error/index.ts";
import type { DataFrame } from "../../table/index.ts";
import { bubbleChart } from "./bubble.ts";
import type { Chart } from "./chart.ts";
import { htmlOf } from "./html.ts";
import { plotKinds } from "./kinds.ts";
import { predictorChart } from "./predictors.ts";
import { svgOf } from "./svg.ts";
import { trendChart } from "./trend.ts";
import type { BubbleOptions, PictureOptions, PlotKind, PlotOptions, PredictorOptions, TrendOptions } from "./types.ts";

/** What a picture is drawn from; a table that is missing is not-found where it is needed. */
export interface Drawn {
  readonly models: DataFrame | undefined;
  readonly predictors: DataFrame | undefined;
  lastModels(): DataFrame;
  lastPredictors(): DataFrame;
  combined(): DataFrame;
}

const pixels =
  (least: number, most: number): Check =>
  (value, name, what) =>
    isCount(least)(value, name, what) ??
    ((value as number) <= most ? undefined : new RangeError(`${name} of ${what} is at most ${most} pixels`));
const shared: readonly (readonly [string, Check])[] = [
  ["format", isOneOf(["svg", "html"])],
  ["theme", isOneOf(["light", "dark", "auto"])],
  ["title", isFilledString],
  ["width", pixels(320, 10_000)],
  ["height", pixels(240, 20_000)],
];
const checks: Readonly<Record<PlotKind, ReadonlyMap<string, Check>>> = {
  bubble: new Map([...shared, ["by", isFilledString], ["last", isFlag]]),
  predictors: new Map([
    ...shared,
    ["by", isOneOf(["predictor", "category"])],
    ["top", isCount(1)],
    ["activeOnly", isFlag],
  ]),
  trend: new Map([
    ...shared,
    ["metric", isOneOf(["Performance", "SuccessRate", "ResponseCount", "Positives"])],
    ["by", isFilledString],
    ["every", isOneOf(["snapshot", "hour", "day", "week", "month"])],
  ]),
};

/** The text of the file. Errors: not-found for a table that is not there, malformed for a column, missing-peer; TypeError, RangeError. */
export async function drawPlot<K extends PlotKind>(from: Drawn, kind: K, options: PlotOptions<K>): Promise<string> {
  if (!plotKinds.includes(kind)) throw unknownKind(kind);
  const mistake = mistakeInValues(`plot(${JSON.stringify(kind)})`, options, checks[kind]);
  if (mistake !== undefined) throw mistake;
  const { format = "svg", theme = "auto" }: PictureOptions = options;
  const chart = chartOf(from, kind, options);
  return format === "html" ? htmlOf(chart, kind, theme) : svgOf(chart, theme);
}

function unknownKind(kind: unknown): RangeError {
  const near = typeof kind === "string" ? closest(kind, plotKinds) : undefined;
  const meant = near === undefined ? "" : `did you mean ${near}? `;
  return new RangeError(
    `there is no picture ${JSON.stringify(kind)}: ${meant}The pictures are ${plotKinds.join(", ")}`,
  );
}

function chartOf(from: Drawn, kind: PlotKind, options: PlotOptions): Chart {
  if (kind === "bubble") {
    const asked: BubbleOptions = options as BubbleOptions;
    const isLast = asked.last !== false;
    return bubbleChart(isLast ? from.lastModels() : needed(from.models), asked, isLast ? " in the last snapshot" : "");
  }
  if (kind === "trend") return trendChart(needed(from.models), options as TrendOptions);
  const asked = options as PredictorOptions;
  if (from.models === undefined)
    return predictorChart(from.lastPredictors(), { performance: "Performance", responses: "ResponseCount" }, asked, "");
  const columns = { performance: "PerformanceBin", responses: "ResponseCountBin" };
  return predictorChart(from.combined(), columns, asked, " of the models in the last snapshot");
}

function needed(models: DataFrame | undefined): DataFrame {
  if (models !== undefined) return models;
  throw new EntrepotError("not-found", "the datamart has no models", { hint: "give it an export of models, too" });
}
