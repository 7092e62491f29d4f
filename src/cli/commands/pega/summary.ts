/** `entrepot pega summary`: what a datamart of adaptive models holds. */
import type { ChannelFigures, DatamartSummary, Figures, SnapshotSpan } from "../../../pega/index.ts";
import { type Command, defineCommand } from "../../command.ts";
import { printable } from "../../escape.ts";
import type { JsonObject } from "../../message.ts";
import { datamartNote, datamartOf, datamartOptions } from "../../pega/datamart-options.ts";
import { counted, prettyLines } from "../../table/pretty.ts";

export const summary: Command = defineCommand({
  name: "pega summary",
  summary: "models, predictors, snapshots, channels, totals",
  synopsis: "[options] [folder]",
  operands: { min: 0, max: 1 },
  options: datamartOptions,
  notes: [
    datamartNote,
    "Channels and totals are those of the last snapshot. Performance is in the scale of the exports: 0.5 to 1, or 50 to 100.",
    "Needs the package nodejs-polars.",
  ],
  examples: [
    { line: "entrepot pega summary s3://my-bucket/datamart/", says: "of the newest exports" },
    { line: "entrepot pega summary --where Channel=Web,SMS ./exports/", says: "of some models" },
  ],
  async run(call, values, [folder]) {
    const found = (await datamartOf(call, values, folder)).summary();
    await call.output.tell({
      text: () => linesOf(found, call.output.width ?? 120).join("\n"),
      json: () => ({ type: "summary", ...(JSON.parse(JSON.stringify(found)) as JsonObject) }),
    });
  },
});

function linesOf({ models, predictors, channels, totals }: DatamartSummary, width: number): string[] {
  const lines: string[] = [];
  if (models !== undefined)
    lines.push(
      `models      ${counted(models.models, "model")}, ${counted(models.rows, "row")}, ${spanText(models.snapshots)}`,
    );
  if (predictors !== undefined)
    lines.push(
      `predictors  ${counted(predictors.predictors, "predictor")}, ${counted(predictors.active, "of them active").replace(/s$/, "")}, of ${counted(predictors.models, "model")}, ${counted(predictors.rows, "row")}, ${spanText(predictors.snapshots)}`,
    );
  if (totals === undefined) return lines;
  const all: ChannelFigures[] = [...channels, { channel: "all", direction: undefined, ...totals }];
  const number = (name: string, value: (figures: Figures) => string) => ({ name, right: true, cells: all.map(value) });
  lines.push(
    "",
    ...prettyLines(
      [
        { name: "channel", right: false, cells: all.map(({ channel }) => printable(channel ?? "(none)")) },
        { name: "direction", right: false, cells: all.map(({ direction }) => printable(direction ?? "")) },
        number("models", ({ models: count }) => shown(count, 0)),
        number("responses", ({ responses }) => shown(responses, 0)),
        number("positives", ({ positives }) => shown(positives, 0)),
        number("success rate", ({ successRate }) =>
          successRate === undefined ? "" : `${shown(100 * successRate, 2)}%`,
        ),
        // in the scale of the export, as programs get it
        number("performance", ({ performance }) =>
          performance === undefined ? "" : shown(performance, performance > 1 ? 2 : 4),
        ),
      ],
      width,
    ),
  );
  return lines;
}

function spanText({ count, first, last }: SnapshotSpan): string {
  if (first === undefined || last === undefined) return "no times of snapshots";
  const text = (time: Date) => time.toISOString().replace("T", " ").slice(0, 19);
  return `${counted(count, "snapshot")}, ${count === 1 ? text(first) : `${text(first)} to ${text(last)}`} GMT`;
}

function shown(value: number, digits: number): string {
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
