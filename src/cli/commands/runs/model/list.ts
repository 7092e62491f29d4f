/** `entrepot runs model list`: the models there are, or the versions of one. */
import type { Program, RunStore } from "../../../../runs/index.ts";
import { type Call, type Command, defineCommand } from "../../../command.ts";
import { formatCount, formatTime } from "../../../measure.ts";
import { columnLines } from "../../../runs/columns.ts";
import { withNamedModel } from "../../../runs/named.ts";
import { runsNote, runsOptions, withRuns } from "../../../runs/open-runs.ts";
import { recordJson } from "../../../runs/record-json.ts";
import { commandText } from "../../../runs/run-lines.ts";

export const list: Command = defineCommand({
  name: "runs model list",
  summary: "the models there are, or the versions of one",
  synopsis: "[options] [<model>]",
  operands: { min: 0, max: 1 },
  options: { ...runsOptions },
  notes: [runsNote],
  examples: [
    { line: "entrepot runs model list", says: "by name, with the version that was deployed last" },
    { line: "entrepot runs model list growth", says: "its versions, the newest first, and what they execute" },
  ],
  run: (call, values, [model]) =>
    withRuns(call, values, (store) =>
      model === undefined ? tellModels(call, store) : tellVersions(call, store, model),
    ),
});

async function tellModels({ output }: Call, store: RunStore): Promise<void> {
  const models = await store.models.list();
  const lines = columnLines(
    models.map(({ name, version = "-", versions, runs, description }) => [
      ...[name, version, formatCount(versions, "version"), formatCount(runs, "run"), description],
    ]),
  );
  for (const [at, model] of models.entries())
    await output.tell({ text: () => lines[at], json: () => recordJson("model", model) });
  if (models.length === 0)
    await output.tell({ text: () => "there is no model: entrepot runs model add", json: () => undefined });
}

async function tellVersions({ output }: Call, store: RunStore, model: string): Promise<void> {
  const versions = await withNamedModel(store, model, undefined, () => store.models.versions(model));
  const lines = columnLines(
    versions.map(({ version, deployedMs, program, description }) => [
      ...[version, formatTime(deployedMs), startText(program), description],
    ]),
  );
  for (const [at, version] of versions.entries())
    await output.tell({ text: () => lines[at], json: () => recordJson("version", version) });
  if (versions.length === 0)
    await output.tell({ text: () => "it has no version: entrepot runs model deploy", json: () => undefined });
}

/** The command, and where it starts if not in the folder of the worker. */
function startText({ command, dir }: Program): string {
  return dir === undefined ? commandText(command) : `${commandText(command)} (in ${dir})`;
}
