/** The rule that a caller's `completeWhen` stands for. */
import type { Context } from "../context.ts";
import type { SignalOptions } from "../options.ts";
import { durationMs } from "../units.ts";
import { readJsonOf } from "../values.ts";
import { folderRule } from "./folder-rule.ts";
import { type Candidate, gate, taken, type Verdict, waiting } from "./gate.ts";
import { manifestRule } from "./manifest-rule.ts";
import { markerRule } from "./marker-rule.ts";
import type { CompleteWhen } from "./types.ts";

/** Verdicts on candidates. TypeError for a rule that makes no sense, RangeError for no duration. */
export function verdictsBy(
  context: Context,
  rule: CompleteWhen | undefined,
  { signal }: SignalOptions,
): (candidates: AsyncIterable<Candidate>) => AsyncIterable<Verdict> {
  if (rule === undefined) return (candidates) => each(candidates, (candidate) => taken(candidate));
  if (rule.marker !== undefined) return by(markerRule(rule.marker));
  if (rule.file !== undefined) return by(folderRule(rule.file));
  if (rule.manifest !== undefined)
    return by(manifestRule(rule.manifest, (uri) => readJsonOf(context, uri, { signal })));
  const stableMs = durationMs(rule.stableFor);
  return (candidates) =>
    each(candidates, (candidate) => {
      const ageMs = context.now() - candidate.entry.modifiedMs;
      if (ageMs >= stableMs) return taken(candidate);
      return waiting(candidate, `was written ${Math.max(0, Math.round(ageMs / 1000))} s ago`);
    });
}

function by<S>(rule: Parameters<typeof gate<S>>[1]): (candidates: AsyncIterable<Candidate>) => AsyncIterable<Verdict> {
  return (candidates) => gate(candidates, rule);
}

async function* each(
  candidates: AsyncIterable<Candidate>,
  judge: (candidate: Candidate) => Iterable<Verdict>,
): AsyncGenerator<Verdict> {
  for await (const candidate of candidates) yield* judge(candidate);
}
