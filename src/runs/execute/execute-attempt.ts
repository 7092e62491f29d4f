/** One attempt, from its files to its end: laid out, started, listened to, ended. What became of it is a plain value. */
import { hostname, tmpdir } from "node:os";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Depot, LocalPath } from "../../depot/index.ts";
import {
  endMarked,
  type HeldFolders,
  openNodeDisk,
  type ProgramGuard,
  type StartedProgram,
  startProgram,
} from "../../disk/index.ts";
import { EntrepotError } from "../../error/index.ts";
import type { Clock } from "../../queue/index.ts";
import { contractArguments, contractEnvironment, failedForGood, layOut } from "../contract/index.ts";
import { type Attempt, mostOutputs, type Outcome, type RunStore } from "../store/index.ts";
import { attemptUri, listOutputs } from "./attempt-outputs.ts";
import { readLines } from "./output-lines.ts";
import { programEnvironment } from "./program-environment.ts";
import { Reporter } from "./reporter.ts";
import { startFailure } from "./start-failure.ts";
import type { TaskSource } from "./task-source.ts";
import { whileWanted } from "./while-wanted.ts";

export interface ExecutionParts {
  readonly data: Depot;
  readonly store: Pick<RunStore, "tasks">;
  readonly source: TaskSource;
  readonly guard: ProgramGuard;
  readonly clock: Clock;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Between SIGTERM and SIGKILL, milliseconds. */
  readonly graceMs: number;
  /** Where programs find their files, one for each attempt. */
  readonly folders: Pick<HeldFolders, "make" | "remove">;
  readonly onWarning: (error: unknown) => void;
}

export interface ExecutionWatch {
  /** Aborts with a `Stop`. */
  readonly stop: AbortSignal;
  readonly onFenced: () => void;
  readonly onStarted: (pid: number) => void;
  /** The program has ended, and what it wrote is looked at. */
  readonly onEnded: () => void;
}

/** `undefined`: it was fenced, and there is nothing to tell. */
export async function executeAttempt(
  parts: ExecutionParts,
  attempt: Attempt,
  watch: ExecutionWatch,
): Promise<Outcome | undefined> {
  const { data, clock, onWarning, store } = parts;
  let dir: string | undefined;
  const { onFenced } = watch;
  const reporter = new Reporter({ tasks: store.tasks, token: attempt.token, clock, onFenced, onWarning });
  try {
    dir = await parts.folders.make(`${attempt.taskId}-${attempt.number}`);
    const { program, outputUri, ...limits } = await startedProgram(parts, attempt, { dir, stop: watch.stop });
    const said = await attended(program, { parts, reporter, watch, ...limits });
    watch.onEnded();
    await reporter.flush();
    const links: string[] = [];
    const onLink = (path: string): void => void links.push(path);
    const list = (signal: AbortSignal) => listOutputs(data, outputUri, { most: mostOutputs, signal, onLink });
    const outcome = await outcomeOf(said, () => whileWanted(list, watch.stop, parts), watch.stop);
    await reporter.leftOut(links);
    return outcome;
  } catch (error) {
    if (watch.stop.reason === "fenced") return undefined;
    if (watch.stop.reason === "released") return released;
    return { state: "failed", error: reasonOf(error), mayRetry: !(error instanceof RangeError) };
  } finally {
    if (dir !== undefined) await parts.folders.remove(dir).catch(onWarning);
  }
}

const released: Outcome = { state: "released", error: "its worker was stopped" };

async function startedProgram(
  { data, source, env }: ExecutionParts,
  attempt: Attempt,
  { dir, stop }: { readonly dir: string; readonly stop: AbortSignal },
): Promise<Pick<Listening, "timeoutMs" | "mark"> & { readonly program: StartedProgram; readonly outputUri: string }> {
  const { policyId, number } = attempt;
  const { run, program, files, timeoutMs } = await source.run(attempt.runId);
  const laidOut = await layOut(data, { files }, run, { policyId, dir });
  const outputUri = attemptUri(data, run, policyId, attempt.folder);
  // a program that knows nothing of object stores finds its folder
  if (outputUri.startsWith("file:")) await openNodeDisk().makeFolder(fileURLToPath(outputUri));
  const contract = contractEnvironment(run, { ...laidOut, policyId, outputUri, attempt: number });
  const folder = resolve(program.dir ?? ".");
  if ((await openNodeDisk().stat(folder)) === undefined)
    throw new EntrepotError("not-found", `there is no folder ${folder} on ${hostname()} for the program to start in`, {
      hint: "deploy a version with the folder that its workers have",
    });
  stop.throwIfAborted();
  const command = [...program.command, ...contractArguments(run.id, policyId)];
  const [name = ""] = command;
  const started = startProgram(command, { env: programEnvironment(env, program, contract), dir: folder }).catch(
    (error: unknown) => {
      throw startFailure(error, { name, version: run.version, folder });
    },
  );
  const mark = `ENTREPOT_FILES_DIR=${contract["ENTREPOT_FILES_DIR"]}`;
  return { program: await started, outputUri, timeoutMs, mark };
}

/** How a program ended, and whether it was made to: what is wished after its end changes nothing of it. */
interface Said {
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly outOfTimeMs: number | undefined;
  readonly wasReleased: boolean;
}

interface Listening {
  readonly parts: ExecutionParts;
  readonly reporter: Reporter;
  readonly watch: ExecutionWatch;
  readonly timeoutMs: number | undefined;
  /** Of the environment of this attempt alone. */
  readonly mark: string;
}

/** Whatever goes wrong here: no program goes on after its attempt. */
async function attended(program: StartedProgram, listening: Listening): Promise<Said> {
  const { parts, watch } = listening;
  try {
    parts.guard.watch(program.pid);
    watch.onStarted(program.pid);
    return await listen(program, listening);
  } catch (error) {
    program.kill("SIGKILL");
    throw error;
  } finally {
    parts.guard.forget(program.pid);
  }
}

async function listen(program: StartedProgram, listening: Listening): Promise<Said> {
  const { parts, reporter, watch, timeoutMs, mark } = listening;
  const { clock, graceMs } = parts;
  const over = new AbortController();
  let outOfTimeMs: number | undefined;
  const end = (): void => {
    program.kill("SIGTERM");
    clock.sleep(graceMs, over.signal).then(
      () => program.kill("SIGKILL"),
      () => undefined,
    );
  };
  const disarm = (): void => {
    over.abort();
    watch.stop.removeEventListener("abort", end);
  };
  if (timeoutMs !== undefined)
    sleepLong(clock, timeoutMs, over.signal).then(
      () => {
        outOfTimeMs = timeoutMs;
        end();
      },
      () => undefined,
    );
  if (watch.stop.aborted) end();
  else watch.stop.addEventListener("abort", end, { once: true });
  const outputs = (["stdout", "stderr"] as const).map((name) =>
    readLines(program[name], (line) => reporter.line(name, line)),
  );
  try {
    const { exitCode, signal } = await program.ended;
    disarm();
    const wasReleased = watch.stop.reason === "released";
    // what it has left behind in a session of its own
    await endMarked(mark);
    await Promise.all(outputs.map((output) => output.lastWords(clock)));
    return { exitCode, signal, outOfTimeMs, wasReleased };
  } finally {
    disarm();
    program.stdout.destroy();
    program.stderr.destroy();
    await Promise.all(outputs.map(({ ended }) => ended));
  }
}

/** A timer of Node goes off at once when it is set for longer than 2³¹ ms. */
async function sleepLong(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  for (let left = ms; left > 0; left -= 2 ** 30) await clock.sleep(Math.min(left, 2 ** 30), signal);
}

async function outcomeOf(
  { exitCode, signal, outOfTimeMs, wasReleased }: Said,
  outputs: () => ReturnType<typeof listOutputs>,
  stop: AbortSignal,
): Promise<Outcome | undefined> {
  if (stop.reason === "fenced") return undefined;
  // also where it then ended with 0: it was told to end, so its outputs may be half of what they were to be
  if (outOfTimeMs !== undefined)
    return { state: "failed", error: `it took longer than ${outOfTimeMs / 1000} s`, exitCode };
  if (wasReleased) return released;
  if (exitCode === undefined) return { state: "failed", error: `the program was ended by ${signal ?? "a signal"}` };
  if (exitCode === failedForGood)
    return {
      state: "failed",
      error: `exit code ${exitCode}: a further attempt would fail, too`,
      exitCode,
      mayRetry: false,
    };
  if (exitCode !== 0) return { state: "failed", error: `exit code ${exitCode}`, exitCode };
  const written = await outputs();
  if (written.length > mostOutputs)
    return {
      state: "failed",
      error: `it wrote more than ${mostOutputs} files, and a task may give no more`,
      exitCode,
      mayRetry: false,
    };
  return { state: "done", outputs: written, exitCode };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error instanceof EntrepotError && error.hint !== undefined
    ? `${error.message} (${error.hint})`
    : error.message;
}

/** Where folders of attempts are made. */
export function workFolder(given: LocalPath | undefined): string {
  return given === undefined ? tmpdir() : resolve(typeof given === "string" ? given : fileURLToPath(given));
}
