/** `entrepot runs model list`: the models there are, or the versions of some. */
import { type Command, defineCommand } from "../../../command.ts";
import { formatCount, formatTime } from "../../../measure.ts";
import { columnLines } from "../../../runs/columns.ts";
import { runsNote, runsOptions, withRuns } from "../../../runs/open-runs.ts";

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
    withRuns(call, values, async (store) => {
      const { output } = call;
      if (model === undefined) {
        const models = await store.models.list();
        const lines = columnLines(
          models.map(({ name, version = "-", versions, runs, description }) => [
            ...[name, version, formatCount(versions, "version"), formatCount(runs, "run"), description],
          ]),
        );
        for (const [at, each] of models.entries())
          await output.tell({
            text: () => lines[at],
            json: () => ({ type: "model", ...each, version: each.version ?? null }),
          });
        if (models.length === 0)
          await output.tell({ text: () => "there is no model; entrepot runs model add NAME", json: () => undefined });
        return;
      }
      const versions = await store.models.versions(model);
      const lines = columnLines(
        versions.map(({ version, deployedMs, program, description }) => [
          ...[version, formatTime(deployedMs), program.command.join(" "), description],
        ]),
      );
      for (const [at, { program, ...each }] of versions.entries())
        await output.tell({
          text: () => lines[at],
          json: () => ({ type: "version", ...each, program: { ...program } }),
        });
    }),
});
