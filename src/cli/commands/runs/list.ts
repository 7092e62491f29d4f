/** `entrepot runs list`: the runs there are, the newest first. */
import { type RunSummary, runStates } from "../../../runs/index.ts";
import { type Call, type Command, defineCommand } from "../../command.ts";
import { formatCount, formatTime } from "../../measure.ts";
import { choice, count, flag, text } from "../../option.ts";
import { columnLines } from "../../runs/columns.ts";
import { withNamedModel } from "../../runs/named.ts";
import { runsNote, runsOptions, withRuns } from "../../runs/open-runs.ts";
import { recordJson } from "../../runs/record-json.ts";
import { taskText } from "../../runs/run-lines.ts";
import { UsageError } from "../../usage-error.ts";

/** Runs that are asked for at once. */
const pageSize = 1_000;

export const list: Command = defineCommand({
  name: "runs list",
  summary: "the runs there are, the newest first",
  synopsis: "[options]",
  operands: { min: 0, max: 0 },
  options: {
    model: text("NAME", "of this model"),
    version: text("NAME", "of this version of it"),
    state: choice(runStates, "in this state"),
    search: text("TEXT", "with this in the name or the id"),
    limit: count("N", "at most so many (50)", undefined, 1),
    all: flag("all of them, whatever --limit would say"),
    before: text("ID", "only older ones: where the list before stopped"),
    ...runsOptions,
  },
  notes: [runsNote],
  examples: [
    { line: "entrepot runs list", says: "the newest" },
    { line: "entrepot runs list --model growth --state failed --limit 10", says: "some of them" },
    { line: "entrepot runs list --all --json", says: "all, for programs" },
  ],
  async run(call, values) {
    const { model, version, state, search, limit, all } = values;
    if (all && limit !== undefined) throw new UsageError("--all and --limit contradict each other", "give one of them");
    if (version !== undefined && model === undefined)
      throw new UsageError("--version is one of a model", "name it with --model");
    if (values.before !== undefined && !/^[0-9a-z]{13}$/.test(values.before))
      throw new UsageError(
        `--before ${values.before} is no id of a run`,
        "the list before says which, in its last line",
      );
    await withRuns(call, values, async (store) => {
      // a model that was mistyped is not one without runs
      if (model !== undefined)
        await withNamedModel<unknown>(store, model, version, () =>
          version === undefined ? store.models.get(model) : store.models.version(model, version),
        );
      const isFiltered = [model, state, search, values.before].some((each) => each !== undefined);
      const wanted = all ? Number.POSITIVE_INFINITY : (limit ?? 50);
      let told = 0;
      let after = values.before;
      do {
        const { items, next } = await store.runs.list({
          ...{ model, version, state, search, after },
          limit: Math.min(pageSize, wanted - told),
        });
        await tellRuns(call, items);
        told += items.length;
        after = next;
      } while (after !== undefined && told < wanted);
      await call.output.tell({
        text: () => (call.output.quiet ? undefined : sumText(told, after, isFiltered)),
        json: () => ({ type: "summary", runs: told, next: after ?? null }),
      });
    });
  },
});

async function tellRuns({ output }: Call, runs: readonly RunSummary[]): Promise<void> {
  const lines = columnLines(
    runs.map((run) => [
      ...[run.id, formatTime(run.createdMs), run.state, `${run.model} ${run.version}`],
      ...[run.name === run.id ? "" : run.name, taskText(run)],
    ]),
  );
  for (const [at, run] of runs.entries())
    await output.tell({ text: () => lines[at], json: () => recordJson("run", run) });
}

function sumText(told: number, next: string | undefined, isFiltered: boolean): string {
  if (told === 0)
    return isFiltered
      ? "there is no such run"
      : "there are no runs yet: entrepot runs model deploy makes a version of a model, entrepot runs create a run of it";
  return next === undefined ? formatCount(told, "run") : `${formatCount(told, "run")}; older ones: --before ${next}`;
}
