/** What an execution would do, as plain data and in words. */
import type { PictureGraph } from "../picture-graph.ts";
import type { Resolved } from "./step.ts";

export interface PlanStep {
  readonly node: string;
  /**
   * `hit`: kept, and not read before somebody needs it. `given`: by an override. `unneeded`: only kept results follow from it.
   */
  readonly state: "run" | "hit" | "given" | "unneeded";
  /** In words. */
  readonly why: string;
}

export interface Plan {
  readonly outputs: readonly string[];
  /** In an order where each node comes after what it asks for. */
  readonly steps: readonly PlanStep[];
  /** Names of the inputs that are used. */
  readonly inputs: readonly string[];
  /** Names that are needed and not given, each with the way to it. */
  readonly missing: readonly { readonly name: string; readonly path: readonly string[] }[];
  /** As text for people. */
  explain(): string;
  picture(): PictureGraph;
}

export function makePlan(
  outputs: readonly string[],
  { steps, missing }: Resolved,
  states: readonly Omit<PlanStep, "node">[],
  picture: () => PictureGraph,
): Plan {
  const all = steps.map(({ name, from }, place) => ({ name, from, ...(states[place] as Omit<PlanStep, "node">) }));
  const plan = {
    outputs,
    steps: all
      .filter(({ from }) => from === "node" || from === "override")
      .map(({ name, state, why }) => ({ node: name, state, why })),
    inputs: all.filter(({ from }) => from === "input").map(({ name }) => name),
    missing: missing.map(({ name, path }) => ({ name, path })),
  };
  return { ...plan, explain: () => explained(plan), picture };
}

function explained({
  outputs,
  steps,
  inputs,
  missing,
}: Pick<Plan, "outputs" | "steps" | "inputs" | "missing">): string {
  const width = Math.max(0, ...steps.map(({ node }) => node.length));
  const counts = (["run", "hit", "given", "unneeded"] as const)
    .map((state) => [state, steps.filter((step) => step.state === state).length] as const)
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${count} ${state}`);
  return [
    `outputs  ${outputs.join(", ")}`,
    `inputs   ${inputs.length === 0 ? "none" : inputs.join(", ")}`,
    ...missing.map(({ name, path }) => `missing  ${name} (${path.join(" → ")})`),
    ...steps.map(({ node, state, why }) => `${state.padEnd(8)} ${node.padEnd(width)}  ${why}`),
    `in all   ${counts.join(", ")}`,
  ].join("\n");
}
