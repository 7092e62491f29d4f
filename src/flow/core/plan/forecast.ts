/**
 * What an execution would do, found without doing it: versions forward as far as they are known, then what is wanted backward
 * from the outputs. A result whose key follows from what has to run first is not known before.
 */
import type { ResultKeeper } from "../kept.ts";
import { derived } from "../run/derived.ts";
import {
  type Behaviours,
  behaviourOf,
  callOf,
  countedNeeds,
  isKept,
  isVersionedByValue,
  type StepVersion,
  uncounted,
  unversioned,
} from "../run/kept-call.ts";
import type { PlanStep } from "./plan.ts";
import type { Resolved, Step } from "./step.ts";

export interface ForecastOptions {
  readonly keeper: ResultKeeper | undefined;
  readonly behaviours: Behaviours;
  /** The value of a step that is given. */
  readonly given: (step: Step) => { readonly value: unknown } | undefined;
  readonly signal: AbortSignal | undefined;
}

interface Known {
  /** `undefined` where it is not known before something has run. */
  readonly version?: StepVersion | undefined;
  /** The node that has to run first. */
  readonly after?: string | undefined;
  readonly hit?: boolean | undefined;
  readonly why?: string | undefined;
}

/** State of each step and why, by place. */
export async function forecast(
  { steps, outputs }: Resolved,
  options: ForecastOptions,
): Promise<Omit<PlanStep, "node">[]> {
  const known: Known[] = [];
  for (let place = 0; place < steps.length; place++) known.push(await look(place));
  const { values, versions } = wanted();
  return steps.map((step, place) => {
    const { hit, why } = known[place] ?? {};
    if (step.from !== "node") return { state: "given", why: step.from === "override" ? "an override" : "given" };
    const isWanted = values.has(place) || (versions.has(place) && isKept(step, options.behaviours));
    if (!isWanted) return { state: "unneeded", why: "only results that are kept follow from it" };
    return hit === true ? { state: "hit", why: why ?? "kept" } : { state: "run", why: why ?? whyRun(step, place) };
  });

  function whyRun({ node }: Step, place: number): string {
    if (node?.kind === "constant") return "a constant";
    if (node?.unwrapped?.isVolatile === true) return "volatile: it runs every time";
    const why = outputs.includes(place) ? "asked for" : "needed";
    const each = node?.unwrapped?.each;
    if (each === undefined) return why;
    const isKept = options.keeper !== undefined && each.item.cached !== undefined;
    return `${why}: once for each item of '${each.over}'${isKept ? ", those that are kept excepted" : ""}`;
  }

  async function look(place: number): Promise<Known> {
    const step = steps[place] as Step;
    const { keeper, behaviours, signal } = options;
    if (keeper === undefined) return {};
    const versionAt = (need: number): StepVersion => known[need]?.version ?? unversioned;
    try {
      const given = options.given(step);
      if (given !== undefined) return { version: keeper.versionOf(given.value, step.name) };
      const behaviour = behaviourOf(step, behaviours);
      if (behaviour === "ignore") return { version: uncounted, why: "its results do not count" };
      if (behaviour === "disable") return { version: unversioned, why: "keeping is disabled" };
      const counted = countedNeeds(step);
      const first = counted.find((need) => known[need]?.version === undefined);
      if (first !== undefined) {
        const after = known[first]?.after ?? steps[first]?.name ?? "";
        return { after, ...(isKept(step, behaviours) ? { why: `not known before '${after}' has run` } : {}) };
      }
      if (isKept(step, behaviours)) {
        const call = callOf(step, versionAt, keeper, behaviour ?? "default");
        if (call === unversioned) return { version: unversioned, why: "it follows from what has no version" };
        const found = await keeper.peek(call, signal);
        if (found.kind === "miss") return { why: found.why };
        const why = `kept since ${new Date(found.keptMs).toISOString()}`;
        return { hit: true, version: isVersionedByValue(step) ? undefined : found.version, why };
      }
      if (isVersionedByValue(step)) return {};
      if (step.node?.kind === "function" || step.node?.kind === "each") {
        const call = callOf(step, versionAt, keeper, "default");
        return { version: call === unversioned ? unversioned : await keeper.recipeOf(call) };
      }
      return { version: derived(step, versionAt) };
    } catch (error) {
      return { version: unversioned, why: error instanceof Error ? error.message : String(error) };
    }
  }

  function wanted(): { values: ReadonlySet<number>; versions: ReadonlySet<number> } {
    const values = new Set(outputs);
    const versions = new Set<number>();
    for (let place = steps.length - 1; place >= 0; place--) {
      const step = steps[place] as Step;
      if (options.given(step) !== undefined) continue;
      const kept = options.keeper !== undefined && isKept(step, options.behaviours);
      if (kept && values.has(place)) versions.add(place);
      if (versions.has(place)) {
        if (!kept && isVersionedByValue(step)) values.add(place);
        else for (const need of countedNeeds(step)) versions.add(need);
      }
      const runs = kept ? versions.has(place) && known[place]?.hit !== true : values.has(place);
      if (runs) for (const need of step.needs) values.add(need);
    }
    return { values, versions };
  }
}
