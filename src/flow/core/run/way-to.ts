/** How an output comes to need a step. */
import type { Resolved } from "../plan/step.ts";

/** Names from an output to the step, both included; where several ways lead there, one of them. */
export function wayTo(place: number, { steps, outputs }: Pick<Resolved, "steps" | "outputs">): string[] {
  const wanted = new Set(outputs);
  const next = new Map<number, number | undefined>([[place, undefined]]);
  // each step comes after what it needs
  for (let at = place; at < steps.length; at++) {
    const through = steps[at]?.needs.find((need) => next.has(need));
    if (at !== place && through === undefined) continue;
    if (at !== place) next.set(at, through);
    if (!wanted.has(at)) continue;
    const names: string[] = [];
    for (let current: number | undefined = at; current !== undefined; current = next.get(current))
      names.push(steps[current]?.name ?? "");
    return names;
  }
  return [steps[place]?.name ?? ""];
}
