/** `entrepot runs worker`: executes the tasks of runs. */
import type { Depot } from "../../../depot/index.ts";
import { EntrepotError, isEntrepotError } from "../../../error/index.ts";
import { type RunTaskEvent, type RunWorkerOptions, runTask, runWorker } from "../../../runs/index.ts";
import { type Call, type Command, defineCommand } from "../../command.ts";
import { printable } from "../../escape.ts";
import type { Message } from "../../message.ts";
import { count, text, texts } from "../../option.ts";
import { namedPolicy, namedRun } from "../../runs/named.ts";
import { openRuns, runsNote, runsOptions } from "../../runs/open-runs.ts";
import { ownFolder, pathWith } from "../../runs/own-folder.ts";
import { recordJson } from "../../runs/record-json.ts";
import { UsageError } from "../../usage-error.ts";

/** Beside the grace of the programs, for telling the database, milliseconds. */
const tellMs = 10_000;
const defaultGraceSeconds = 5;

export const worker: Command = defineCommand({
  name: "runs worker",
  summary: "execute the tasks of runs, until it is stopped",
  synopsis: "[options]",
  operands: { min: 0, max: 0 },
  options: {
    slots: count("N", "tasks at a time (1)", undefined, 1),
    models: texts("NAMES", "of these models only, with commas between them"),
    grace: count("SECONDS", "between SIGTERM and SIGKILL of a program that is to end (5)"),
    "work-dir": text("FOLDER", "where programs find their files (that of temporary files)"),
    name: text("NAME", "how it is called in the runs (host and process)"),
    run: text("RUN", "one task of this run alone, with --policy"),
    policy: text("NAME", "the policy of that task"),
    ...runsOptions,
  },
  notes: [
    "Start as many as you like, on as many machines as reach the database and the bucket. One that is killed loses nothing: another takes over what it ran, and its programs end with it.",
    "Ctrl-C or SIGTERM ends its programs and gives their tasks back, without an attempt less.",
    "Programs have the worker's environment without the way to its database, and the variables of the contract: docs/runs.md.",
    "With --run and --policy it executes one task, once, and ends: for jobs that are started for it. The exit code is 1 where the task was not done.",
    runsNote,
  ],
  examples: [
    { line: "entrepot runs worker --slots 4", says: "four programs at a time, of all models" },
    { line: "entrepot runs worker --models growth,tax", says: "of two models, on the machine that has them" },
    { line: "entrepot runs worker --run test --policy high", says: "one task alone" },
  ],
  async run(call, values) {
    const { slots, run, policy, name, grace = defaultGraceSeconds, "work-dir": workDir } = values;
    if ((run === undefined) !== (policy === undefined))
      throw new UsageError("--run and --policy go together", "name both, for one task, or none");
    if (run !== undefined && (slots !== undefined || values.models !== undefined))
      throw new UsageError("--run is one task alone", "leave --slots and --models out");
    call.allowEnding(grace * 1000 + tellMs);
    const store = await openRuns(call, values, { create: true });
    try {
      const data = await call.depot("many");
      const root = data.resolve("", { for: "write" });
      if (!call.output.quiet) call.output.say(placeMessage(store.database.address, root));
      await reachRoot(data, root);
      const options: RunWorkerOptions = {
        ...{ store, name, workDir, signal: call.interrupted, graceMs: grace * 1000 },
        env: await environment(call),
        onTask: teller(call),
        onWarning: (error) => call.output.say(warning(error)),
      };
      if (run !== undefined && policy !== undefined) return await one(call, options, run, policy);
      const models = values.models?.flatMap((names) => names.split(","));
      const running = await runWorker(data, { ...options, slots, models });
      await call.output.tell({
        text: () => (call.output.quiet ? undefined : "waits for tasks"),
        json: () => ({ type: "ready" }),
      });
      await call.output.flush();
      await running.stopped;
    } finally {
      await store.close();
    }
  },
});

/** One that cannot be reached would cost each task an attempt. Errors: those of the store. */
async function reachRoot(data: Depot, root: string): Promise<void> {
  // a folder that is not there is made by the first program
  try {
    for await (const _ of data.list(root, { depth: 1 })) break;
  } catch (error) {
    if (!isEntrepotError(error)) throw error;
    const { code, hint } = error;
    throw new EntrepotError(code, `outputs cannot go below ${root}: ${error.message}`, { cause: error, hint });
  }
}

function placeMessage(database: string, root: string): Message {
  return {
    text: () => `runs of ${printable(database)}, outputs below ${printable(root)}`,
    json: () => ({ type: "worker", database, root }),
  };
}

async function one(call: Call, options: RunWorkerOptions, run: string, policy: string): Promise<void> {
  const found = await namedRun(options.store, run);
  const ids = { runId: found.id, policyId: namedPolicy(found, policy) };
  const { state } = await runTask(await call.depot(), { ...options, ...ids });
  if (state !== "done") call.endWith("io");
}

/** What the command line says of the store, programs are to find, too. */
async function environment({ settings, options }: Call): Promise<Readonly<Record<string, string | undefined>>> {
  const { env } = (await options()).options;
  const { profile, region, endpoint, location, anonymous } = settings;
  return {
    ...env,
    PATH: pathWith(env?.["PATH"], await ownFolder(process.argv[1])),
    ...(profile === undefined ? {} : { AWS_PROFILE: profile }),
    ...(region === undefined ? {} : { AWS_REGION: region }),
    ...(endpoint === undefined ? {} : { AWS_ENDPOINT_URL_S3: endpoint }),
    ...(location === undefined ? {} : { ENTREPOT_LOCATION: location }),
    // credentials of somebody else's would be worse than none
    ...(anonymous ? { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined } : {}),
  };
}

function teller({ output }: Call): (event: RunTaskEvent) => void {
  return (event) => {
    if (output.quiet) return;
    output.tellLater({
      text: () => printable(lineOf(event)),
      json: () => recordJson("task", { ...event, event: event.type }),
    });
  };
}

function lineOf(event: RunTaskEvent): string {
  const what = `${event.runId} ${event.policyId}`;
  if (event.type === "started") return `${what}: started, attempt ${event.attempt}`;
  const { state, reason, ms } = event;
  if (state === undefined) return `${what}: ended, since it was cancelled or somebody else's`;
  return `${what}: ${state === "done" ? "done" : `${state}${reason === undefined ? "" : `: ${reason}`}`}, ${(ms / 1000).toFixed(1)} s`;
}

function warning(error: unknown) {
  const message = error instanceof Error ? error.message : String(error);
  return { text: () => printable(message), json: () => ({ type: "warning", message }) };
}
