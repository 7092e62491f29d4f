/** Performance and success rate of models, as bubbles: their size by responses, their colour by channel. */
import type { DataFrame } from "../../table/index.ts";
import { type Cells, cellsOf, percentScale, rounded } from "./cells.ts";
import { axis, type Chart, coloured, frameOf, type Json, legendOf } from "./chart.ts";
import { spanOf } from "./nice-span.ts";
import { colours, seriesColours } from "./palette.ts";
import type { BubbleOptions } from "./types.ts";
import { asLabel, counted, shownName, shownNumber } from "./words.ts";

interface Bubble {
  readonly row: number;
  readonly performance: number;
  readonly ratePercent: number;
  readonly responses: number;
  readonly group: string;
}

/** How many of the largest are named; names that would lie upon others are left out. */
const named = 12;

/** `models` are one snapshot, or as many as are meant. */
export function bubbleChart(models: DataFrame, options: BubbleOptions, of: string): Chart {
  const by = options.by ?? "Channel";
  const cells = cellsOf(models, ["ModelID", "Name", "Performance", "SuccessRate", "ResponseCount", by]);
  const bubbles = bubblesOf(cells, by);
  const weights = new Map<string, number>();
  for (const { group, responses } of bubbles) weights.set(group, (weights.get(group) ?? 0) + responses + 1);
  const entries = coloured(weights);
  const [width, height] = [options.width ?? 1200, options.height ?? 720];
  const idle = bubbles.filter(({ performance, ratePercent }) => performance === 50 && ratePercent === 0).length;
  const ids = new Set(bubbles.map(({ row }) => cells.text("ModelID", row)));
  // a model has a row of each snapshot
  const hasMany = ids.size < bubbles.length;
  const some = (count: number) => (hasMany ? counted(count, "row") : shownNumber(count));
  const idling =
    idle === 0
      ? ""
      : `; ${some(idle)} (${shownNumber((100 * idle) / bubbles.length, 1)}%) with nothing learned yet: performance 50, success rate 0%`;
  const unknown = cells.height - bubbles.length;
  const head = {
    title: shownName(options.title ?? "Performance and success rate of models"),
    subtitle: `${counted(ids.size, "model")}${hasMany ? ` in ${some(bubbles.length)}` : ""}${of}; size by responses${idling}${
      unknown === 0 ? "" : `; ${some(unknown)} without figures left out`
    }`,
    width,
  };
  const largestPx = (Math.min(width, height) / 720) * (bubbles.length > 200 ? 40 : 60);
  const items = itemsOf(cells, bubbles, entries, largestPx);
  // the axes' labels stand beside the bubbles that lie on them
  const aside = Math.ceil(largestPx / 2) + 3;
  const legend = entries.size < 2 ? [] : legendOf(entries.values());
  const performances = bubbles.map(({ performance }) => performance);
  const groups = legend.length === 0 ? [{ name: "models", colour: seriesColours[0] ?? colours.ink }] : legend;
  return {
    ...head,
    height,
    option: {
      ...frameOf(
        head,
        legend,
        true,
        bubbles.length > 0 ? undefined : cells.height === 0 ? "there are no models" : "no model has a performance",
      ),
      xAxis: axis("Performance (AUC)", aside + 26, {
        type: "value",
        ...spanOf(performances, 50, 60),
        axisLabel: { margin: aside },
      }),
      yAxis: axis("Success rate", aside + 44, {
        type: "value",
        min: 0,
        axisLabel: { formatter: "{value}%", margin: aside },
        boundaryGap: [0, 0.08],
      }),
      series: groups.map(({ name, colour }) => ({
        type: "scatter",
        name,
        clip: false,
        itemStyle: { color: colour, opacity: 0.68, borderColor: colours.paper, borderWidth: 1 },
        labelLayout: { hideOverlap: true },
        data: items.filter(({ group }) => legend.length === 0 || group === name).map(({ item }) => item),
      })),
    },
  };
}

function bubblesOf(cells: Cells, by: string): readonly Bubble[] {
  const scale = percentScale(cells, "Performance");
  const bubbles: Bubble[] = [];
  for (let row = 0; row < cells.height; row += 1) {
    const performance = cells.number("Performance", row);
    // positives without responses are no rate
    const rate = cells.number("SuccessRate", row);
    if (performance === undefined || rate === undefined) continue;
    bubbles.push({
      row,
      performance: rounded(performance * scale, 4),
      ratePercent: rounded(100 * rate, 6),
      responses: cells.number("ResponseCount", row) ?? 0,
      group: cells.text(by, row) ?? "",
    });
  }
  // the large ones first, so that the small ones lie upon them
  return bubbles.sort((a, b) => b.responses - a.responses);
}

function itemsOf(
  cells: Cells,
  bubbles: readonly Bubble[],
  entries: ReturnType<typeof coloured>,
  largestPx: number,
): readonly { readonly group: string; readonly item: Json }[] {
  const most = Math.max(1, bubbles[0]?.responses ?? 1);
  const middle = bubbles.reduce((sum, { performance }) => sum + performance, 0) / Math.max(1, bubbles.length);
  const labels = labelsOf(cells, bubbles.slice(0, named));
  return bubbles.map(({ row, performance, ratePercent, responses, group }, index) => {
    const name = shownName(cells.text("Name", row) ?? cells.text("ModelID", row));
    const entry = entries.get(group);
    const item = {
      value: [performance, ratePercent],
      symbolSize: rounded(Math.max(5, Math.sqrt(Math.max(0, responses) / most) * largestPx), 1),
      lines: [
        name,
        `performance ${performance}, success rate ${ratePercent}%`,
        `${counted(responses, "response")}, ${shownName(group)}`,
        shownName(cells.text("ModelID", row)),
      ],
      ...(index < named
        ? {
            label: {
              show: true,
              formatter: asLabel(labels[index] ?? ""),
              position: performance > middle ? "left" : "right",
              color: colours.ink,
              fontSize: 11,
              opacity: 1,
              minMargin: 6,
              textBorderColor: colours.paper,
              textBorderWidth: 3,
            },
          }
        : {}),
    };
    return { group: entry?.name ?? "", item };
  });
}

/** Names in short; of those that look alike each says its group, too. */
function labelsOf(cells: Cells, bubbles: readonly Bubble[]): readonly string[] {
  const names = bubbles.map(({ row }) => shownName(cells.text("Name", row) ?? cells.text("ModelID", row), 26));
  const groups = bubbles.map(({ group }) => shownName(group, 16));
  return names.map((name, at) => {
    const twins = names.flatMap((each, other) => (each === name && other !== at ? [groups[other]] : []));
    return twins.some((group) => group !== groups[at]) ? `${name} (${groups[at]})` : name;
  });
}
