/** What tasks are made of. A run that has started does not change, so it is asked for once, not once for each of its policies. */
import type { Files, Program, RunRecord, RunStore } from "../store/index.ts";
import { keptFiles } from "./kept-files.ts";

export interface TaskSource {
  run(runId: string): Promise<TaskParts>;
}

export interface TaskParts {
  readonly run: RunRecord;
  readonly program: Program;
  readonly files: Pick<Files, "list" | "read">;
  /** `undefined`: it may take as long as it likes. */
  readonly timeoutMs: number | undefined;
}

/** Runs that are remembered; a worker seldom works on more at a time. */
const mostRuns = 20;

export function taskSource(store: Pick<RunStore, "runs" | "models" | "files">): TaskSource {
  const known = new Map<string, Promise<TaskParts>>();
  const read = async (runId: string): Promise<TaskParts> => {
    const run = await store.runs.get(runId);
    const { program } = await store.models.version(run.model, run.version);
    const { timeoutSeconds } = run;
    return {
      run,
      program,
      files: keptFiles(store.files, runId),
      timeoutMs: timeoutSeconds === undefined ? undefined : timeoutSeconds * 1000,
    };
  };
  return {
    run(runId) {
      const before = known.get(runId);
      if (before !== undefined) return before;
      const parts = read(runId);
      known.set(runId, parts);
      parts.catch(() => known.delete(runId));
      for (const oldest of known.keys()) {
        if (known.size <= mostRuns) break;
        known.delete(oldest);
      }
      return parts;
    },
  };
}
