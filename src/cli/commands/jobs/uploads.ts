/** `entrepot jobs uploads`: uploads in parts that nobody ended, which cost storage until somebody does. */
import { parseDuration } from "../../../depot/index.ts";
import { type Command, defineCommand } from "../../command.ts";
import { printable } from "../../escape.ts";
import { formatAge, formatCount } from "../../measure.ts";
import { flag, parsed } from "../../option.ts";
import { UsageError } from "../../usage-error.ts";

export const uploads: Command = defineCommand({
  name: "jobs uploads",
  summary: "unfinished uploads in a bucket, and their end",
  synopsis: "[options] <folder>",
  operands: { min: 1, max: 1 },
  options: {
    abort: flag("abort them, but for those of jobs that run"),
    all: flag("also those that no journal here knows"),
    "older-than": parsed("TIME", "only those that were begun longer ago, e.g. 1d", parseDuration),
    "dry-run": flag("with --abort: say which, change nothing"),
  },
  notes: ["A job that is resumed after its upload was aborted sends all of the object again."],
  examples: [
    { line: "entrepot jobs uploads s3://my-bucket/", says: "those of this cache's jobs" },
    { line: "entrepot jobs uploads --all s3://my-bucket/data/", says: "anybody's" },
    { line: "entrepot jobs uploads --abort --older-than 1d s3://my-bucket/", says: "ends those of yesterday" },
  ],
  async run(call, values, [folder = ""]) {
    if (values["dry-run"] && !values.abort)
      throw new UsageError(
        "--dry-run says what --abort would do, which is missing",
        "add --abort, or leave --dry-run out",
      );
    const depot = await call.depot();
    const { abort, all, "older-than": olderThan, "dry-run": dryRun } = values;
    const options = { all, olderThan, signal: call.signal };
    const found = abort
      ? await depot.jobs.abortUploads(folder, { ...options, dryRun })
      : await depot.jobs.uploads(folder, options);
    const did = abort ? (dryRun ? "would abort " : "aborted ") : "";
    const now = Date.now();
    for (const { uri, uploadId, startedMs, jobId, isRunning } of found) {
      const age = Number.isNaN(startedMs) ? "?" : formatAge(Math.max(0, now - startedMs));
      const whose = jobId === undefined ? "" : `  job ${jobId}${isRunning ? " (running)" : ""}`;
      await call.output.tell({
        text: () =>
          call.output.quiet ? undefined : `${did}${printable(uri)}  ${age} ago${whose}  ${printable(uploadId)}`,
        json: () => ({
          type: "upload",
          uri,
          uploadId,
          startedMs: Number.isNaN(startedMs) ? null : startedMs,
          jobId: jobId ?? null,
          isRunning,
          aborted: abort && !dryRun,
        }),
      });
    }
    await call.output.tell({
      text: () => (call.output.quiet ? undefined : `${did}${formatCount(found.length, "upload")}`),
      json: () => ({ type: "summary", uploads: found.length, aborted: abort && !dryRun }),
    });
  },
});
