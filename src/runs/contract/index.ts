/** What a worker and a program say to each other. */
export {
  contractArguments,
  contractEnvironment,
  type Execution,
  failedForGood,
  type LaidOut,
  layOut,
} from "./environment.ts";
export { isLink, refuseLinks } from "./output-links.ts";
export { parseProgressLine, progressLine } from "./progress-line.ts";
