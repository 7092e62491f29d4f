/** What of the steps of a plan has not to be computed. */
import type { Step } from "../plan/step.ts";

type Named = Readonly<Record<string, unknown>>;
export type Given = (step: Step) => { readonly value: unknown } | undefined;

/** Whether there is a value of it. */
export function isGiven({ from, node }: Step): boolean {
  return from !== "node" || node?.kind === "constant";
}

export function givenValues(inputs: Named, overrides: Named): Given {
  return ({ from, name, node, value }) => {
    if (from === "value") return { value };
    if (from === "input") return { value: Object.hasOwn(inputs, name) ? inputs[name] : undefined };
    if (from === "override") return { value: overrides[name] };
    return node?.kind === "constant" ? { value: node.value } : undefined;
  };
}
