/** How the work of a call is carried out, by its verb and options: the same when it is said and when its job is resumed. */
import type { CarrySettings, JobVerb } from "../../transfer/index.ts";
import { conditionOf } from "../calls.ts";
import type { Compression } from "../options.ts";
import { recoding } from "../recoding.ts";
import type { ByteSize } from "../units.ts";

export type VerbSettings = Pick<
  CarrySettings,
  "move" | "keepsAfterFailure" | "pinned" | "condition" | "ifMatch" | "recode"
>;

/** `options` as they were given, or as the header of a job holds them. */
export function verbSettings(verb: JobVerb, options: object): VerbSettings {
  const { pinned, compress, decompress, maxRatio, maxDecompressedBytes } = options as Partial<Record<string, unknown>>;
  if (verb === "sync") return { keepsAfterFailure: true };
  const condition = conditionOf(options as Parameters<typeof conditionOf>[0]);
  if (verb === "remove") return { ifMatch: condition.ifMatch };
  const recode = {
    compress: compress as Compression | false | undefined,
    decompress: decompress === true,
    // JSON, which holds the options of a job, has null for Infinity
    maxRatio: maxRatio === null ? Number.POSITIVE_INFINITY : (maxRatio as number | undefined),
    maxDecompressedBytes: maxDecompressedBytes as ByteSize | undefined,
  };
  return {
    condition,
    move: verb === "move",
    // The mark of a folder goes last, and only when all that it marks was moved.
    keepsAfterFailure: true,
    pinned: pinned === true,
    recode: (job) => recoding(job, recode),
  };
}

/** Whether each file of a folder is flushed to this disk before it counts: what is moved always is, unless somebody says otherwise. */
export function isDurable(verb: JobVerb, { durable }: { readonly durable?: unknown }): boolean {
  return durable === undefined ? verb === "move" : durable === true;
}
