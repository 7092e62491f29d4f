/** From an error of a read to what is noted of it. */
import { isEntrepotError } from "../../error/index.ts";
import { currentFrame } from "./frame.ts";
import type { Recorder } from "./recorder.ts";
import { inStore } from "./seen-read.ts";

/** Of a read that was refused, whatever is there, nothing depends on the day. */
const always = ["unsupported", "invalid-address"] as const;

/** An absence is an answer. Whoever goes on after any other error has made something from what could not be read. */
export function noteFailure(
  uri: string,
  origin: string | undefined,
  error: unknown,
  recorder: Recorder | undefined = currentFrame()?.recorder,
): void {
  if (recorder === undefined || !isEntrepotError(error) || isEntrepotError(error, ...always)) return;
  if (error.code === "not-found") recorder.note({ kind: "absent", uri, ...inStore(origin) });
  else recorder.note({ kind: "failed", uri, ...inStore(origin), code: error.code });
}
