/** Pictures of a datamart, as SVG and HTML that need nothing else. */
export { plotKinds } from "./kinds.ts";
export { drawPlot } from "./plot.ts";
export type {
  BubbleOptions,
  PictureOptions,
  PlotKind,
  PlotOptions,
  PlotOptionsByKind,
  PredictorOptions,
  TrendOptions,
} from "./types.ts";
