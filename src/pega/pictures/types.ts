/** What may be asked of a picture. */

export type PlotKind = "bubble" | "predictors" | "trend";

/** Of every picture. */
export interface PictureOptions {
  /** Default `svg`: drawn, without a script. `html` can be zoomed and says more of what lies under the pointer. */
  readonly format?: "svg" | "html" | undefined;
  /** Default `auto`: as whoever looks at it. */
  readonly theme?: "light" | "dark" | "auto" | undefined;
  /** Default: what the picture is of. */
  readonly title?: string | undefined;
  /** Pixels, 320 to 10,000. Default 1,200. A page takes the width of its window. */
  readonly width?: number | undefined;
  /** Pixels, 240 to 20,000. Default 720; for predictors as much as their rows need. */
  readonly height?: number | undefined;
}

/** Performance and success rate of each model, its size by responses. */
export interface BubbleOptions extends PictureOptions {
  /** A column of models whose values have colours. Default `Channel`. */
  readonly by?: string | undefined;
  /** `false` takes all snapshots. Default `true`: the last one. */
  readonly last?: boolean | undefined;
}

/** Performance of predictors over the models: the best first. */
export interface PredictorOptions extends PictureOptions {
  /** Default: one row for each predictor. */
  readonly by?: "predictor" | "category" | undefined;
  /** How many, from 1. Default 30. */
  readonly top?: number | undefined;
  /** Default `false`: inactive ones, too. */
  readonly activeOnly?: boolean | undefined;
}

/** A figure from snapshot to snapshot. */
export interface TrendOptions extends PictureOptions {
  /** Default `Performance`, the mean of models weighted by their responses. Rates are weighted alike, counts are sums. */
  readonly metric?: "Performance" | "SuccessRate" | "ResponseCount" | "Positives" | undefined;
  /** A column of models, a line for each of its values: `ModelID`, `Name`, `Configuration`. Default `Channel`. */
  readonly by?: string | undefined;
  /** What becomes one point. Default `day`; `snapshot` where there are fewer than three days. */
  readonly every?: "snapshot" | "hour" | "day" | "week" | "month" | undefined;
}

export interface PlotOptionsByKind {
  readonly bubble: BubbleOptions;
  readonly predictors: PredictorOptions;
  readonly trend: TrendOptions;
}

export type PlotOptions<K extends PlotKind = PlotKind> = PlotOptionsByKind[K];
