/** `entrepot pega plot`: a picture of a datamart of adaptive models. */
import { closest } from "../../../error/index.ts";
import type { AdmDatamart, PictureOptions, PlotKind, TrendOptions } from "../../../pega/index.ts";
import { plotKinds } from "../../../pega/index.ts";
import { type Command, defineCommand } from "../../command.ts";
import { choice, count, flag, text, type ValuesOf } from "../../option.ts";
import { datamartNote, datamartOf, datamartOptions } from "../../pega/datamart-options.ts";
import { UsageError } from "../../usage-error.ts";

const options = {
  ...datamartOptions,
  out: text("ADDRESS", "where it is written (standard output)"),
  as: choice(["svg", "html"], "how it is drawn (by the suffix of --out; svg)"),
  by: text("COLUMN", "a colour or line for each value; for predictors: category"),
  metric: choice(["Performance", "SuccessRate", "ResponseCount", "Positives"], "of trend (Performance)"),
  every: choice(["snapshot", "hour", "day", "week", "month"], "of trend: what becomes one point"),
  top: count("N", "of predictors: how many (30)", undefined, 1),
  "active-only": flag("of predictors: active ones"),
  title: text("TEXT", "above the picture"),
  theme: choice(["light", "dark", "auto"], "colours (auto: as whoever looks at it)"),
  width: count("PIXELS", "320 to 10,000 (1,200)", undefined, 320),
  height: count("PIXELS", "240 to 20,000 (720)", undefined, 240),
};
type Values = ValuesOf<typeof options>;

/** Options that only one of the pictures has. */
const only: Readonly<Partial<Record<keyof Values, PlotKind>>> = {
  metric: "trend",
  every: "trend",
  top: "predictors",
  "active-only": "predictors",
};

export const plot: Command = defineCommand({
  name: "pega plot",
  summary: "a picture: bubbles of models, predictors, a trend",
  synopsis: "[options] <bubble | predictors | trend> [folder]",
  operands: { min: 1, max: 2 },
  options,
  notes: [
    "bubble: performance and success rate of models; predictors: their performance over the models; trend: a figure of models over time.",
    datamartNote,
    "The file needs nothing else: svg has no script, html can be zoomed. Needs the packages nodejs-polars and echarts.",
  ],
  examples: [
    {
      line: "entrepot pega plot bubble s3://my-bucket/datamart/ --out models.svg",
      says: "models of the last snapshot",
    },
    { line: "entrepot pega plot predictors ./exports/ --active-only --out predictors.html", says: "active predictors" },
    { line: "entrepot pega plot trend ./exports/ --all --by Name --out trend.svg", says: "a line for each name" },
  ],
  async run(call, values, [asked = "", folder]) {
    const kind = plotKinds.find((each) => each === asked);
    if (kind === undefined) throw new UsageError(`there is no picture ${asked}`, meantKind(asked));
    const format = values.as ?? formatOf(values.out);
    for (const [name, of] of Object.entries(only) as [keyof Values, PlotKind][])
      if (of !== kind && values[name] !== undefined && values[name] !== false)
        throw new UsageError(`--${name} is for ${of}`, `leave it out of ${kind}`);
    if (kind === "predictors" && values.by !== undefined && values.by !== "predictor" && values.by !== "category")
      throw new UsageError("--by of predictors is predictor or category", "leave it out for one row each");
    const drawn = await draw(await datamartOf(call, values, folder), kind, values, format);
    if (values.out === undefined) return await call.output.write(drawn);
    const depot = await call.depot("many");
    const contentType = format === "svg" ? "image/svg+xml" : "text/html; charset=utf-8";
    const { uri } = await depot.writeText(values.out, drawn, { contentType });
    await call.output.tell({
      text: () => `drawn to ${call.output.show(uri)}`,
      json: () => ({ type: "picture", kind, format, uri }),
    });
  },
});

function meantKind(asked: string): string {
  const near = closest(asked, plotKinds);
  return `${near === undefined ? "" : `did you mean ${near}? `}the pictures are ${plotKinds.join(", ")}`;
}

function formatOf(out: string | undefined): "svg" | "html" {
  if (out === undefined || /\.svg$/i.test(out)) return "svg";
  if (/\.html?$/i.test(out)) return "html";
  throw new UsageError("the suffix of --out says no format", "name it .svg or .html, or give --as");
}

function draw(datamart: AdmDatamart, kind: PlotKind, values: Values, format: "svg" | "html"): Promise<string> {
  const { title, theme, width, height, by } = values;
  const shared: PictureOptions = { format, title, theme, width, height };
  if (kind === "bubble") return datamart.plot("bubble", { ...shared, by });
  if (kind === "trend") {
    const { metric, every }: TrendOptions = values;
    return datamart.plot("trend", { ...shared, by, metric, every });
  }
  const isByCategory = by === "category";
  return datamart.plot("predictors", {
    ...shared,
    by: isByCategory ? "category" : "predictor",
    top: values.top,
    activeOnly: values["active-only"],
  });
}
