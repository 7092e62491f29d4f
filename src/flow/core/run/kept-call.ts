/** What a store of results is asked about a step: its function, and the versions of what it is given. */

import type { GraphNode } from "../graph/graph.ts";
import type { CachedOptions, NodeCall, ResultKeeper, Version } from "../kept.ts";
import type { Step } from "../plan/step.ts";

/** A value of which nobody knows whether it is the same as before: what follows from it always runs. */
export const unversioned: unique symbol = Symbol("unversioned");
/** A value that does not count where keys are made. */
export const uncounted: unique symbol = Symbol("uncounted");

export type StepVersion = Version | typeof unversioned | typeof uncounted;
export type Behaviour = NonNullable<CachedOptions["behaviour"]>;
export type Behaviours = Readonly<Record<string, Behaviour | undefined>>;

/** How results of a step are kept, where they are at all. What the execution says comes before what the code says. */
export function behaviourOf({ name, node }: Step, behaviours: Behaviours): Behaviour | undefined {
  const { cached, isVolatile } = node?.unwrapped ?? {};
  if (behaviours[name] !== undefined) return behaviours[name];
  return cached === undefined || isVolatile === true ? undefined : (cached.behaviour ?? "default");
}

/** Whether it is found where results are kept, or put there. */
export function isKept(step: Step, behaviours: Behaviours): boolean {
  const behaviour = behaviourOf(step, behaviours);
  const isFunction = step.node?.kind === "function" || step.node?.kind === "each";
  return step.from === "node" && isFunction && (behaviour === "default" || behaviour === "recompute");
}

/** Whether its value has to be known before its version: it is not repeatable, or a check may change what was computed. */
export function isVersionedByValue({ node, from }: Step): boolean {
  if (from !== "node" || node?.unwrapped === undefined) return false;
  const { isVolatile, layers, each } = node.unwrapped;
  const items = each !== undefined && (each.item.cached ?? each.item.subflow) !== undefined;
  return isVolatile || items || layers.some(({ changes }) => changes === true);
}

/** Places that count for the version of a step. */
export function countedNeeds({ needs, names, node }: Step): readonly number[] {
  const ignore = node?.unwrapped?.cached?.ignore;
  return ignore === undefined ? needs : needs.filter((_, at) => !ignore.includes(names[at] ?? ""));
}

/** The call, or `unversioned` where something that counts has no version. Throws `unsupported` where a bound value has none. */
export function callOf(
  step: Step,
  versionAt: (place: number) => StepVersion,
  keeper: ResultKeeper,
  behaviour: Behaviour,
): NodeCall | typeof unversioned {
  const { node, needs, names, name } = step;
  const unwrapped = node?.unwrapped;
  const options = { ...unwrapped?.cached, behaviour };
  const inputs = new Map<string, Version>();
  for (let at = 0; at < needs.length; at++) {
    const asked = names[at] ?? "";
    if (options.ignore?.includes(asked)) continue;
    const version = versionAt(needs[at] ?? -1);
    if (version === unversioned) return unversioned;
    if (version === uncounted) continue;
    inputs.set(asked, version);
    for (const [inner, binding] of Object.entries(unwrapped?.bound ?? {}))
      if ("source" in binding && binding.source === asked) inputs.set(`${inner} is`, version);
  }
  for (const [inner, binding] of Object.entries(unwrapped?.bound ?? {}))
    if ("value" in binding && !options.ignore?.includes(inner))
      inputs.set(`${inner} is`, keeper.versionOf(binding.value, inner));
  for (const [inner, binding] of Object.entries(unwrapped?.each?.item.bound ?? {})) {
    if (options.ignore?.includes(inner)) continue;
    const is = "value" in binding ? keeper.versionOf(binding.value, inner) : inputs.get(binding.source);
    if (is !== undefined) inputs.set(`each ${inner} is`, is);
  }
  if (unwrapped?.each !== undefined) inputs.set(`each of ${unwrapped.each.over} as ${unwrapped.each.as ?? ""}`, "00");
  const variant = node === undefined ? undefined : variantOf(node);
  return { node: name, fn: unwrapped?.fn ?? (() => {}), inputs, options, variant, told: name };
}

/** All that the configuration chose on the way to the function. */
export function variantOf({ variant, unwrapped }: Pick<GraphNode, "variant" | "unwrapped">): string | undefined {
  const choices = [...(unwrapped?.choices ?? []), ...(unwrapped?.each?.item.choices ?? [])];
  if (variant === undefined && choices.length === 0) return undefined;
  return [variant ?? "", ...choices].join(", ");
}
