/** Explains settings, credentials, endpoints and errors. */
export { type DiagnoseOptions, diagnose } from "./diagnose.ts";
export type { Finding } from "./finding.ts";
