/** `entrepot runs show`: what a run is made of. */
import type { FileRecord, RunRecord, TaskRecord } from "../../../runs/index.ts";
import { type Command, defineCommand } from "../../command.ts";
import { printable } from "../../escape.ts";
import { formatCount, formatNumber, formatSize, formatTime } from "../../measure.ts";
import type { JsonValue } from "../../message.ts";
import { columnLines } from "../../runs/columns.ts";
import { namedRun } from "../../runs/named.ts";
import { runsNote, runsOptions, withRuns } from "../../runs/open-runs.ts";
import { recordJson } from "../../runs/record-json.ts";

/** How many policies and files are shown to people. */
const mostShown = 100;

export const show: Command = defineCommand({
  name: "runs show",
  summary: "what a run is made of: options, policies, files",
  synopsis: "[options] <run>",
  operands: { min: 1, max: 1 },
  options: { ...runsOptions },
  notes: [runsNote],
  examples: [
    { line: "entrepot runs show 01k9x4c2tq0aa", says: "by its id" },
    { line: "entrepot runs show --json test", says: "by its name, where no other run has it, for programs" },
  ],
  run: (call, values, [word = ""]) =>
    withRuns(call, values, async (store) => {
      const run = await namedRun(store, word);
      const [files, tasks] = [await store.files.list(run.id), await store.tasks.list(run.id)];
      await call.output.tell({
        text: () => [...factLines(run), ...policyLines(run, tasks), ...fileLines(files)].join("\n"),
        json: () => ({
          ...recordJson("run", run),
          files: files.map((file) => recordJson("parameter-file", file)) as readonly JsonValue[],
          policyTasks: tasks.map((task) => recordJson("task", task)) as readonly JsonValue[],
        }),
      });
    }),
});

function factLines(run: RunRecord): readonly string[] {
  const { id, model, version, state, description, options, baselineFirst, retries, timeoutSeconds } = run;
  const facts: readonly (readonly [string, string])[] = [
    ["id", id],
    ["model", `${model} ${version}`],
    ["state", state],
    ["created", `${formatTime(run.createdMs)} UTC`],
    ["started", run.startedMs === undefined ? "" : `${formatTime(run.startedMs)} UTC`],
    ["ended", run.endedMs === undefined ? "" : `${formatTime(run.endedMs)} UTC`],
    ["description", description],
    ["order", baselineFirst ? "the baseline first" : ""],
    ["retries", formatNumber(retries)],
    ["timeout", timeoutSeconds === undefined ? "" : `${timeoutSeconds} s`],
    ...Object.entries(options).map(([name, value]) => [`option ${name}`, JSON.stringify(value)] as const),
  ];
  return [printable(run.name), ...indented(columnLines(facts.filter(([, value]) => value !== "")))];
}

function policyLines({ policies, baseline }: RunRecord, tasks: readonly TaskRecord[]): readonly string[] {
  const states = new Map(tasks.map(({ policyId, state }) => [policyId, state]));
  const rows = policies
    .slice(0, mostShown)
    .map((policy) => [policy, states.get(policy) ?? "", policy === baseline ? "baseline" : ""]);
  return [
    `${formatCount(policies.length, "policy", "policies")}`,
    ...indented(columnLines(rows)),
    ...more(policies.length),
  ];
}

function fileLines(files: readonly FileRecord[]): readonly string[] {
  const rows = files
    .slice(0, mostShown)
    .map(({ name, policyId, sizeBytes, isText }) => [
      ...[name, formatSize(sizeBytes), isText ? "text" : "binary", policyId ?? "(all policies)"],
    ]);
  return [formatCount(files.length, "parameter file"), ...indented(columnLines(rows)), ...more(files.length)];
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}

function more(count: number): readonly string[] {
  return count <= mostShown ? [] : [`  and ${formatNumber(count - mostShown)} more; --json names them all`];
}
