/** A chart as SVG that stands alone: no script, no font, no address; light and dark by the colours that each has in the other. */
import type { Chart } from "./chart.ts";
import { loadEcharts } from "./echarts.ts";
import { darkOf } from "./palette.ts";
import { recoloured } from "./recolour.ts";
import type { PictureOptions } from "./types.ts";
import { markup } from "./words.ts";

export async function svgOf(chart: Chart, theme: NonNullable<PictureOptions["theme"]>): Promise<string> {
  const { title, subtitle, width, height, option } = chart;
  const echarts = await loadEcharts();
  const drawing = echarts.init(null, null, { renderer: "svg", ssr: true, width, height });
  let text: string;
  try {
    const silent = (option["series"] as readonly object[]).map((series) => ({ ...series, silent: true }));
    const shown = { ...option, series: silent } as Chart["option"];
    drawing.setOption(theme === "dark" ? recoloured(shown, darkOf) : shown);
    text = drawing.renderToSVGString();
  } finally {
    drawing.dispose();
  }
  const head = `<title>${markup(title)}</title><desc>${markup(subtitle)}</desc>${theme === "auto" ? darkStyle() : ""}`;
  // drawings of one process are counted: without that the same chart is the same file
  const uncounted = text.replace(/((?:class|id)="|url\(#|^\.)zr\d+-(?=c)/gm, "$1p-");
  return uncounted.replace(/^<svg ([^>]*)>/, (_, attributes: string) => `<svg role="img" ${attributes}>\n${head}`);
}

/** Attributes of SVG give way to a style sheet. */
function darkStyle(): string {
  const rules = [...darkOf].map(
    ([light, dark]) => `[fill="${light}"]{fill:${dark}}[stroke="${light}"]{stroke:${dark}}`,
  );
  return `<style>@media (prefers-color-scheme: dark){${rules.join("")}}</style>`;
}
