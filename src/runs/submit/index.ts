/** Tasks as jobs of services that start containers. */
export {
  type BatchSettings,
  type KubernetesSettings,
  parseBatchSettings,
  parseKubernetesSettings,
} from "./settings.ts";
export { type SubmittedJobs, submitJobs } from "./submit-jobs.ts";
export { cancelJobs, type DescribedJob, describeJobs, type SubmittedTask } from "./submitted-jobs.ts";
export type {
  JobManifest,
  Submission,
  SubmitCallOptions,
  SubmittedJob,
  Submitter,
  SubmitterName,
} from "./submitter.ts";
export { checkSharedDatabase, type SubmitterSettings, submitterNames, submitterOf } from "./submitter-of.ts";
