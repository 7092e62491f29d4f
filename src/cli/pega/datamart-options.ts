/** The options of commands over a datamart of adaptive models, and the datamart that they mean. */
import type { AdmDatamart, AdmOptions, DatamartRemark, ModelQuery } from "../../pega/index.ts";
import { admDatamart, readDatamart, readExport } from "../../pega/index.ts";
import type { Call } from "../command.ts";
import { printable } from "../escape.ts";
import { type Flag, flag, text, texts, type ValueOption, type ValuesOf } from "../option.ts";
import { UsageError } from "../usage-error.ts";
import { onBrokenOf, skipBrokenOption } from "./pega-options.ts";

type DatamartOptions = {
  readonly models: ValueOption<string>;
  readonly predictors: ValueOption<string>;
  readonly all: Flag;
  readonly where: ValueOption<readonly string[]>;
  readonly "extract-keys": Flag;
  readonly "skip-broken": Flag;
};

export const datamartOptions: DatamartOptions = {
  models: text("ADDRESS", "an export of models, whatever its name"),
  predictors: text("ADDRESS", "an export of predictors, whatever its name"),
  all: flag("of a folder all exports of each table, not the newest"),
  where: texts("COLUMN=A,B", "models that have one of these values"),
  "extract-keys": flag("columns of the keys that names hold as JSON"),
  ...skipBrokenOption,
};

export const datamartNote =
  "Of a folder the newest export of each table is read, by its name; either table may be missing.";

/** Tells what in the exports was not as it should be. */
export async function datamartOf(
  call: Call,
  values: ValuesOf<DatamartOptions>,
  folder: string | undefined,
): Promise<AdmDatamart> {
  const { models, predictors } = values;
  const named = models !== undefined || predictors !== undefined;
  if ((folder === undefined) !== named)
    throw new UsageError(
      named ? "a folder and an export are two places" : "nothing to read",
      "give a folder of exports, or --models and --predictors",
    );
  if (named && values.all) throw new UsageError("--all is for a folder of exports", "leave it out");
  const data = await call.depot("many");
  const { signal } = call;
  const options: AdmOptions = { data, extractKeys: values["extract-keys"], query: queryOf(values.where) };
  const read = (address: string | undefined) =>
    address === undefined ? undefined : readExport(address, { data, signal, onBroken: onBrokenOf(call, values) });
  const datamart =
    folder === undefined
      ? await admDatamart({ models: await read(models), predictors: await read(predictors) }, options)
      : await readDatamart(folder, {
          ...options,
          files: values.all ? "all" : "newest",
          // the remarks say it
          onBroken: values["skip-broken"] ? () => undefined : undefined,
          signal,
        });
  for (const remark of datamart.remarks) sayRemark(call, remark);
  const { where } = values;
  if (where !== undefined && where.length > 0 && !call.output.quiet) sayNoMatch(call, datamart, where);
  return datamart;
}

/** Nothing that fits is no error, but what follows is empty. */
function sayNoMatch({ output }: Call, datamart: AdmDatamart, where: readonly string[]): void {
  const left = (["models", "predictors"] as const).filter((name) => datamart.has[name] && datamart[name].height === 0);
  if (left.length === 0) return;
  const asked = where.map((condition) => `--where ${condition}`).join(" ");
  output.say({
    text: () =>
      `note: no ${left.join(" and no ")} match ${printable(asked)}; values are exact, in upper and lower case`,
    json: () => ({ type: "no-match", tables: [...left] }),
  });
}

function sayRemark({ output }: Call, { kind, table, column, count, example, message }: DatamartRemark): void {
  output.say({
    text: () => (output.quiet ? undefined : `note: ${printable(message)}`),
    json: () => ({ type: "remark", kind, table, column, count, example, message }),
  });
}

/** `Channel=Web,SMS`; what reads as a number may be one. A column that is named again has more values. */
function queryOf(where: readonly string[] | undefined): ModelQuery | undefined {
  if (where === undefined || where.length === 0) return undefined;
  const query = new Map<string, readonly (string | number)[]>();
  for (const condition of where) {
    const [, column, allowed] = /^([^=]+)=(.*)$/s.exec(condition) ?? [];
    if (column === undefined || allowed === undefined)
      throw new UsageError(`--where ${condition} has no =`, "write --where Channel=Web,SMS");
    const values = allowed.split(",").flatMap((value) => {
      const number = value.trim() === "" ? Number.NaN : Number(value);
      return Number.isNaN(number) ? [value] : [value, number];
    });
    query.set(column, [...(query.get(column) ?? []), ...values]);
  }
  return Object.fromEntries(query);
}
