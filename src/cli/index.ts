/** The command line as a function: for tests that are the process around it. `main.ts` is the program. */
export type { Host } from "./host.ts";
export { runCommandLine } from "./run.ts";
