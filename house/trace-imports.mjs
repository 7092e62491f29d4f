/**
 * For `node --import`: appends the URL of every module that is loaded to the file named by TRACE_IMPORTS.
 * Says what an import costs as a count, which is the same on every machine.
 */
import { appendFileSync } from "node:fs";
import { register } from "node:module";
import { isMainThread } from "node:worker_threads";

// Loader hooks run on a thread of their own, which evaluates this file again.
if (isMainThread) register(import.meta.url);

/** @type {import("node:module").LoadHook} */
export async function load(url, context, next) {
  if (process.env.TRACE_IMPORTS !== undefined) appendFileSync(process.env.TRACE_IMPORTS, `${url}\n`);
  return next(url, context);
}
