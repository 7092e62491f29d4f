/** Jobs by the front door; the work is loaded when it is first asked for. */
import { withClosedOptions } from "../closed-options.ts";
import type { Context } from "../context.ts";
import type { Jobs } from "./types.ts";

export function jobsControl(context: Context): Jobs {
  const work = () => import("./jobs.ts");
  const control: Jobs = {
    list: async (options) => (await work()).listOf(context, options),
    resume: async (id, options) => (await work()).resumeOf(context, id, options),
    abort: async (id, options) => (await work()).abortOf(context, id, options),
    gc: async (options) => (await work()).gcOf(context, options),
    uploads: async (folder, options) => (await import("./uploads.ts")).uploadsOf(context, folder, options),
    abortUploads: async (folder, options) => (await import("./uploads.ts")).abortUploadsOf(context, folder, options),
  };
  return withClosedOptions(control, "jobs.");
}
