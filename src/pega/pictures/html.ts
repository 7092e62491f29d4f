/** A chart as one HTML file, the library within: zoom, and what lies under the pointer. It fetches nothing; names are text in it. */
import type { Chart } from "./chart.ts";
import { echartsScript } from "./echarts.ts";
import { colours, darkOf } from "./palette.ts";
import type { PictureOptions } from "./types.ts";
import { markup } from "./words.ts";

export function htmlOf(chart: Chart, kind: string, theme: NonNullable<PictureOptions["theme"]>): string {
  const { title, subtitle, height, option } = chart;
  const zooms = kind === "predictors" ? [] : kind === "trend" ? [{ type: "inside", xAxisIndex: 0 }] : bothAxes;
  const facts = json({
    option: { ...option, title: { show: false }, ...withoutTitle(option), dataZoom: zooms },
    dark: Object.fromEntries(darkOf),
    theme,
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<title>${markup(title)}</title>
<style>html{color-scheme:${theme === "auto" ? "light dark" : theme}}${style(theme)}#chart{width:100%;min-width:320px;height:${height - titlePx}px}</style>
</head>
<body>
<h1>${markup(title)}</h1>
<p>${markup(subtitle)}</p>
<div id="chart" role="img" aria-label="${markup(title)}"></div>
<script>${echartsScript()}</script>
<script type="application/json" id="facts">${facts}</script>
<script>${script}</script>
</body>
</html>
`;
}

const titlePx = 64;

/** Title and subtitle are the page's, where they can be wrapped. */
function withoutTitle({ grid, legend }: Chart["option"]): Chart["option"] {
  const higher = (part: unknown) => ({
    ...(part as { readonly top: number }),
    top: (part as { readonly top: number }).top - titlePx,
  });
  return { grid: higher(grid), legend: higher(legend) };
}

function style(theme: NonNullable<PictureOptions["theme"]>): string {
  const ofColours = (paper: string, ink: string, soft: string) =>
    `body{background:${paper};color:${ink}}p{color:${soft}}`;
  const { paper, ink, soft } = colours;
  const light = ofColours(paper, ink, soft);
  const dark = ofColours(darkOf.get(paper) ?? "", darkOf.get(ink) ?? "", darkOf.get(soft) ?? "");
  const shown =
    theme === "auto" ? `${light}@media (prefers-color-scheme: dark){${dark}}` : theme === "dark" ? dark : light;
  return `body{margin:0;font:13px/1.4 system-ui,Helvetica,Arial,sans-serif}h1{font-size:18px;margin:14px 24px 4px;overflow-wrap:anywhere}p{margin:0 24px;overflow-wrap:anywhere}${shown}`;
}

const bothAxes = [
  { type: "inside", xAxisIndex: 0, filterMode: "none" },
  { type: "inside", yAxisIndex: 0, filterMode: "none" },
];

/** A script cannot be ended from within a string that holds no "<". */
function json(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll("<", "\\u003c")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
}

/** What the pointer is on is shown as text nodes: nothing of it is ever read as markup. */
const script = `
const { option, dark, theme } = JSON.parse(document.getElementById("facts").textContent);
const prefersDark = matchMedia("(prefers-color-scheme: dark)");
const inDark = (value, name) => {
  if (typeof value === "string") return /colou?r$|^fill$/i.test(name) && Object.hasOwn(dark, value) ? dark[value] : value;
  if (Array.isArray(value)) return value.map((each) => inDark(each, name));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, inDark(each, key)]));
};
const chart = echarts.init(document.getElementById("chart"), null, { renderer: "canvas" });
const said = ({ data }) => {
  const box = document.createElement("div");
  for (const line of data?.lines ?? []) {
    const row = document.createElement("div");
    row.textContent = line;
    if (row.textContent === data.lines[0]) row.style.fontWeight = "600";
    box.append(row);
  }
  return box;
};
const draw = () => {
  const isDark = theme === "dark" || (theme === "auto" && prefersDark.matches);
  const shown = isDark ? inDark(option, "") : option;
  const ink = getComputedStyle(document.body).color;
  const tooltip = {
    trigger: "item", confine: true, formatter: said, backgroundColor: shown.backgroundColor, textStyle: { color: ink, fontSize: 12 },
    extraCssText: "max-width:min(480px,90vw);white-space:normal;overflow-wrap:anywhere",
  };
  chart.setOption({ ...shown, tooltip }, { notMerge: true });
};
draw();
prefersDark.addEventListener("change", draw);
addEventListener("resize", () => chart.resize());
`;
