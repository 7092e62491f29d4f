/** The run that a program is. */
export { currentRun } from "./current-run.ts";
export { inputsName, outputsName } from "./recording.ts";
export type { CurrentRunOptions, LocalRun, PolicyFiles, Run, RunOf } from "./run.ts";
export type { RunFile } from "./run-file.ts";
