/** Runs a sub-flow for one item of an `each`; elsewhere a sub-flow's nodes are steps of the flow that it is in. */
import type { SubflowMark } from "../mark.ts";
import { resolve } from "../plan/resolve.ts";
import type { Step } from "../plan/step.ts";
import { Execution } from "./execution.ts";
import { givenValues } from "./given-values.ts";
import type { World } from "./world.ts";

export async function runSubflow(
  step: Step,
  mark: SubflowMark,
  deps: Readonly<Record<string, unknown>>,
  world: World,
): Promise<Readonly<Record<string, unknown>>> {
  const graph = step.graph.innerOf(step.node?.name ?? step.name, mark);
  const outer = (name: string) => mark.inputs[name] ?? name;
  const resolved = resolve(graph, mark.outputs, { given: (name) => Object.hasOwn(deps, outer(name)) });
  const { tell, around } = world;
  const inside = givenValues({}, {});
  const execution = new Execution({
    resolved,
    world: {
      ...{ ...world, engine: undefined, tell: tell && ((event) => tell(within(event, step.name))) },
      around: around && ((node, next) => around({ ...node, name: `${step.name}.${node.name}` }, next)),
    },
    given: (step) => (step.from === "input" ? { value: deps[outer(step.name)] } : inside(step)),
    onFailure: "throw",
    outer: step.name,
  });
  const { values } = await execution.run();
  return Object.fromEntries(mark.outputs.map((name, at) => [name, values[at]]));
}

function within<E extends { readonly type: string }>(event: E, outer: string): E {
  return "node" in event ? { ...event, node: `${outer}.${String(event.node)}` } : event;
}
