/** echarts, which draws: an optional package that is loaded when a picture is asked for. */
import { createRequire } from "node:module";
import { readTextNow } from "../../disk/index.ts";
import { EntrepotError } from "../../error/index.ts";
import type { ChartOption } from "./chart.ts";

/** What we use of it. */
export interface Echarts {
  init(
    element: null,
    theme: null,
    options: { readonly renderer: "svg"; readonly ssr: true; readonly width: number; readonly height: number },
  ): { setOption(option: ChartOption): void; renderToSVGString(): string; dispose(): void };
}

const version = "6.1.0";

/** Error: missing-peer, saying what to install. */
export async function loadEcharts(load: () => Promise<unknown> = () => import("echarts")): Promise<Echarts> {
  try {
    return (await load()) as Echarts;
  } catch (cause) {
    throw missing(cause);
  }
}

/** The library as one script for a page. Error: missing-peer. */
export function echartsScript(): string {
  let text: string | undefined;
  try {
    text = readTextNow(createRequire(import.meta.url).resolve("echarts/dist/echarts.min.js"));
  } catch (cause) {
    throw missing(cause);
  }
  if (text === undefined) throw missing(undefined);
  // a script that holds its own end would be cut off there
  return text.replaceAll(/<\/(?=script)/gi, "<\\/");
}

function missing(cause: unknown): EntrepotError {
  return new EntrepotError("missing-peer", "pictures need the package echarts, which is not installed", {
    cause,
    hint: `npm install echarts@${version}`,
  });
}
