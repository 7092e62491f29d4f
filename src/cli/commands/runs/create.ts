/** `entrepot runs create`: a run of a model, which can still be changed until it starts. */
import { durationMs, parseDuration } from "../../../depot/index.ts";
import { exactJsonOf } from "../../../format/index.ts";
import type { NewRun, RunOptions } from "../../../runs/index.ts";
import { type Call, type Command, defineCommand } from "../../command.ts";
import { fileOrAddress } from "../../file-or-address.ts";
import { namedValues, valueNote } from "../../named-values.ts";
import { count, flag, parsed, text, texts } from "../../option.ts";
import { withNamedModel } from "../../runs/named.ts";
import { runsNote, runsOptions, withRuns } from "../../runs/open-runs.ts";
import { recordJson } from "../../runs/record-json.ts";
import { UsageError } from "../../usage-error.ts";

export const create: Command = defineCommand({
  name: "runs create",
  summary: "a run of a model; its id is printed",
  synopsis: "[options] <model>",
  operands: { min: 1, max: 1 },
  options: {
    policy: texts("NAME", "a policy, as often as needed; the first is the baseline"),
    option: texts("NAME=VALUE", "an option, as often as needed"),
    options: text("FILE", "options as one object of a JSON file; --option counts before it"),
    "baseline-first": flag("the others wait until the baseline is done"),
    name: text("NAME", "for people (the id)"),
    description: text("TEXT", "what it is for"),
    version: text("NAME", "of the model (the one that was deployed last)"),
    retries: count("N", "further attempts of a policy that failed (2)"),
    timeout: parsed("TIME", "for each attempt, e.g. 2h (no limit)", parseDuration),
    ...runsOptions,
  },
  notes: [valueNote, runsNote],
  examples: [
    { line: "entrepot runs create growth --policy baseline --policy high", says: "two policies" },
    {
      line: "entrepot runs create growth --policy baseline --option first_year=2024 --timeout 2h",
      says: "options of the model, and when it is given up",
    },
    { line: "entrepot runs create growth --name test --options options.json", says: "policies can be added later" },
  ],
  async run(call, values, [model = ""]) {
    const { policy, name, description, version, retries, timeout } = values;
    const options = await optionsOf(call, values);
    const run: NewRun = {
      ...{ model, version, name, description, options, policies: policy, retries },
      baselineFirst: values["baseline-first"],
      timeoutSeconds: timeout === undefined ? undefined : Math.ceil(durationMs(timeout) / 1000),
    };
    await withRuns(call, values, async (store) => {
      const created = await withNamedModel(store, model, version, () => store.runs.create(run));
      await call.output.tell({ text: () => created.id, json: () => recordJson("run", created) });
    });
  },
});

/** Those of the file, and those of the command line, which count before them. */
async function optionsOf(
  call: Call,
  { option, options }: { readonly option: readonly string[] | undefined; readonly options: string | undefined },
): Promise<RunOptions> {
  const named = namedValues("--option", option) as RunOptions;
  if (options === undefined) return named;
  const at = fileOrAddress(options);
  const found: unknown = exactJsonOf(await (await call.depot()).readText(at), { uri: String(at) });
  if (typeof found !== "object" || found === null || Array.isArray(found))
    throw new UsageError(`${options} is no object of options by name`, 'write { "name": value, … }');
  return { ...(found as RunOptions), ...named };
}
