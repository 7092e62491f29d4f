/** A figure of models from snapshot to snapshot, as lines: the largest in colours, the others in grey, all together in ink. */
import type { DataFrame } from "../../table/index.ts";
import { rounded } from "./cells.ts";
import { axis, type Chart, coloured, frameOf, type Json, type LegendEntry, legendOf, otherName } from "./chart.ts";
import { colours } from "./palette.ts";
import { type Trend, type TrendLine, trendOf } from "./trend-lines.ts";
import type { TrendOptions } from "./types.ts";
import { counted, shownName, shownNumber } from "./words.ts";

const names = {
  Performance: "Performance (AUC)",
  SuccessRate: "Success rate",
  ResponseCount: "Responses",
  Positives: "Positives",
} as const;
/** No label leaves open of which year, or of which day, it speaks. */
const timeLabels = {
  year: "{yyyy}",
  month: "{MMM} {yyyy}",
  day: "{yyyy}-{MM}-{dd}",
  hour: "{MM}-{dd} {HH}:{mm}",
  minute: "{MM}-{dd} {HH}:{mm}",
  second: "{HH}:{mm}:{ss}",
  millisecond: "{HH}:{mm}:{ss}",
  none: "{yyyy}-{MM}-{dd}",
};
const allName = "(all models)";

export function trendChart(models: DataFrame, options: TrendOptions): Chart {
  const { metric = "Performance", by = "Channel" } = options;
  const trend = trendOf(models, options);
  const isCount = metric === "ResponseCount" || metric === "Positives";
  const entries = coloured(new Map(trend.lines.map(({ group, responses }) => [group, responses + 1])));
  const groups = legendOf(entries.values());
  const all: LegendEntry = { name: freeName(groups), colour: colours.ink };
  const hasAll = !isCount && trend.lines.length > 1;
  const legend = trend.lines.length < 2 ? [] : [...(hasAll ? [all] : []), ...groups];
  const [width, height] = [options.width ?? 1200, options.height ?? 720];
  const head = {
    title: shownName(options.title ?? `${names[metric]} of models over time, by ${by}`),
    subtitle: saying(trend, isCount, trend.lines.length > entries.size || entriesOther(entries)),
    width,
  };
  const unit = metric === "SuccessRate" ? "%" : "";
  return {
    ...head,
    height,
    option: {
      ...frameOf(
        head,
        legend,
        true,
        trend.times > 0 ? undefined : models.height === 0 ? "there are no models" : `no row has a time and ${metric}`,
      ),
      xAxis: axis("", 0, {
        type: "time",
        boundaryGap: ["2%", "2%"],
        splitLine: { show: false },
        axisLabel: { formatter: timeLabels },
      }),
      yAxis: axis("", 0, {
        type: "value",
        scale: metric === "Performance",
        axisLabel: { formatter: `{value}${unit}` },
      }),
      series: [
        // grey lines below, ink above
        ...sortedForDrawing(trend.lines, entries).map(({ line, entry }) => drawn(line, entry, trend, unit)),
        ...(hasAll ? [drawn(trend.all, all, trend, unit, true)] : []),
      ],
    },
  };
}

/** A group may be called as all of them are. */
function freeName(groups: readonly LegendEntry[]): string {
  let name = allName;
  for (let at = 2; groups.some((group) => group.name === name); at += 1) name = `${allName} (${at})`;
  return name;
}

function entriesOther(entries: ReadonlyMap<string, LegendEntry>): boolean {
  return [...entries.values()].some(({ name }) => name === otherName);
}

function saying({ times, every, leftOut, lines, all }: Trend, isCount: boolean, hasOthers: boolean): string {
  const [first, last] = [all.points[0]?.[0], all.points.at(-1)?.[0]].map(shownTime);
  const span = first === undefined ? "" : first === last ? `, ${first} GMT` : `, ${first} to ${last} GMT`;
  const points = `${every === "snapshot" ? counted(times, "snapshot") : `${counted(times, every)} with snapshots`}${span}`;
  return [
    times === 1 ? `${points}: one point makes no trend yet` : points,
    isCount ? "sums of models" : "means weighted by responses",
    ...(hasOthers ? [`${shownNumber(lines.length)} lines, the largest in colours`] : []),
    ...(leftOut === 0 ? [] : [`${counted(leftOut, "row")} without time or figure left out`]),
  ].join("; ");
}

function shownTime(ms: number | undefined): string | undefined {
  return ms === undefined
    ? undefined
    : new Date(ms)
        .toISOString()
        .replace("T", " ")
        .replace(/( 00:00)?:\d{2}\.\d{3}Z$/, "");
}

function sortedForDrawing(lines: readonly TrendLine[], entries: ReadonlyMap<string, LegendEntry>) {
  const known = lines.map((line) => ({
    line,
    entry: entries.get(line.group) ?? { name: otherName, colour: colours.other },
  }));
  const isOther = ({ entry }: (typeof known)[number]) => entry.name === otherName;
  return [...known.filter(isOther), ...known.filter((each) => !isOther(each))];
}

function drawn(line: TrendLine, { name, colour }: LegendEntry, trend: Trend, unit: string, isAll = false): Json {
  const isOther = name === otherName;
  const shown = isAll ? name : shownName(line.group);
  return {
    type: "line",
    name,
    itemStyle: { color: colour },
    lineStyle: {
      color: colour,
      width: isOther ? 0.8 : isAll ? 3 : 2,
      opacity: isOther ? (trend.lines.length > 100 ? 0.2 : 0.6) : 1,
    },
    showSymbol: trend.times <= 40 && (!isOther || line.points.length === 1),
    symbol: "circle",
    symbolSize: isOther ? 4 : 6,
    z: isOther ? 1 : isAll ? 4 : 3,
    data: line.points.map(([ms, figure]) => ({
      value: [ms, rounded(figure, 6)],
      lines: [
        shown,
        new Date(ms).toISOString().replace("T", " ").slice(0, 19),
        `${shownNumber(figure, figure % 1 === 0 ? 0 : 4)}${unit}`,
      ],
    })),
  };
}
