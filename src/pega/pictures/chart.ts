/** What all charts have: title, what it is of, axes, a legend at the right. Options of echarts without a function, so that they are JSON. */
import { colours, seriesColours } from "./palette.ts";
import { cutEnd, shownName, wrapped } from "./words.ts";

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json | undefined };
export type ChartOption = Readonly<Record<string, Json>>;

export interface Chart {
  readonly title: string;
  /** What it shows, in a line below the title. */
  readonly subtitle: string;
  readonly width: number;
  readonly height: number;
  readonly option: ChartOption;
}

/** In pixels; the room at the right is the legend's. */
const margins = { left: 24, right: 28, top: 84, bottom: 44 };
const widestLegend = 216;

export interface LegendEntry {
  readonly name: string;
  readonly colour: string;
}

/** Room for axes, titles and legend; `legend` may be empty. `nothing` stands in the middle of a picture without anything, and says why. */
export function frameOf(
  { title, subtitle, width }: Pick<Chart, "title" | "subtitle" | "width">,
  legend: readonly LegendEntry[],
  selectable: boolean,
  nothing?: string,
): Readonly<Record<string, Json>> {
  // some 7 px a character, and the symbol
  const longest = Math.max(0, ...legend.map(({ name }) => name.length));
  const legendWidth = Math.min(widestLegend, 56 + 7.4 * longest);
  const right = margins.right + (legend.length === 0 ? 0 : legendWidth);
  // fonts of other machines may be wider than echarts thinks
  const fitting = (text: string, pixelsEach: number) =>
    cutEnd(text, Math.floor((width - 2 * margins.left) / pixelsEach));
  const lines = wrapped(subtitle, Math.floor((width - 2 * margins.left) / 7.6), 2);
  const top = margins.top + (lines.length - 1) * 16;
  return {
    animation: false,
    ...(nothing === undefined ? {} : { graphic: [saying(`Nothing to draw: ${nothing}`)] }),
    useUTC: true,
    backgroundColor: colours.paper,
    textStyle: { fontFamily: "system-ui, Helvetica, Arial, Liberation Sans, sans-serif" },
    title: {
      left: margins.left,
      top: 16,
      text: fitting(title, 11.5),
      subtext: lines.join("\n"),
      itemGap: 10,
      textStyle: { fontSize: 18, color: colours.ink },
      subtextStyle: { fontSize: 13, color: colours.soft },
    },
    grid: { left: margins.left + 20, right, top, bottom: margins.bottom, containLabel: true },
    legend: {
      show: legend.length > 0,
      orient: "vertical",
      type: "plain",
      right: 24,
      top,
      itemWidth: 14,
      itemHeight: 10,
      icon: "circle",
      selectedMode: selectable,
      inactiveColor: colours.other,
      textStyle: { color: colours.ink, fontSize: 12, width: legendWidth - 44, overflow: "truncate" },
      data: legend.map(({ name, colour }) => ({ name, itemStyle: { color: colour } })),
    },
  };
}

function saying(text: string): Json {
  return {
    type: "text",
    silent: true,
    left: "center",
    top: "middle",
    style: { text, fill: colours.ink, fontSize: 15 },
  };
}

/** An axis of numbers or times, its name in the middle beside it; `""` for none. */
export function axis(
  name: string,
  gap: number,
  more: Readonly<Record<string, Json>> = {},
): Readonly<Record<string, Json>> {
  return {
    ...(name === ""
      ? {}
      : { name, nameLocation: "middle", nameGap: gap, nameTextStyle: { color: colours.soft, fontSize: 12 } }),
    axisLine: { show: true, lineStyle: { color: colours.line } },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: colours.grid } },
    ...more,
    axisLabel: { color: colours.soft, fontSize: 12, hideOverlap: true, ...((more["axisLabel"] ?? {}) as object) },
  };
}

export const otherName = "(others)";

/**
 * Colours for the values that stand for most, the others together. Names are as shown, each once: two that look alike are told apart
 * by a number.
 */
export function coloured(
  weights: ReadonlyMap<string, number>,
  most: number = seriesColours.length,
): ReadonlyMap<string, LegendEntry> {
  const sorted = [...weights].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const taken = new Set<string>([otherName]);
  return new Map(
    sorted.map(([value], index) => {
      if (index >= most) return [value, { name: otherName, colour: colours.other }];
      const shown = shownName(value, 60);
      let name = shown;
      for (let number = 2; taken.has(name); number += 1) name = `${shown} (${number})`;
      taken.add(name);
      return [value, { name, colour: seriesColours[index] ?? colours.other }];
    }),
  );
}

/** The entries of a legend, each once, the others last. */
export function legendOf(entries: Iterable<LegendEntry>): readonly LegendEntry[] {
  const known = new Map([...entries].map((entry) => [entry.name, entry]));
  const other = known.get(otherName);
  known.delete(otherName);
  return [...known.values(), ...(other === undefined ? [] : [other])];
}
