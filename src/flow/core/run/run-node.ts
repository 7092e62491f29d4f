/** Runs one node: with the values that it asks for, inside its layers, here or on an engine. Knows nothing of kept results. */

import { fieldOf } from "../combine/extract.ts";
import { bindValues } from "../combine/parameterize.ts";
import type { Unwrapped } from "../graph/unwrapped.ts";
import type { NodeContext } from "../layer.ts";
import type { Step } from "../plan/step.ts";
import { contextOf, type Deps } from "./context.ts";
import { isPromiseLike, type Layered, runLayers } from "./layers.ts";
import { infoOf } from "./node-info.ts";
import { runEach } from "./run-each.ts";
import { send } from "./send.ts";
import type { World } from "./world.ts";

type Call = (...given: readonly unknown[]) => unknown;

/** A plain value only where nothing has to be waited for. */
export function runStep(step: Step, deps: Deps, world: World): Layered | Promise<Layered> {
  const { node, name } = step;
  const unwrapped = node?.unwrapped;
  if (node === undefined || unwrapped === undefined) return { value: node?.value, raw: node?.value };
  if (world.engine === undefined && world.around === undefined) return runHere(step, unwrapped, deps, world);
  const run = () => runHere(step, unwrapped, deps, world);
  const sent =
    world.engine === undefined || node.kind !== "function"
      ? run
      : () => send(name, undefined, deps, run, unwrapped.layers, world);
  const { around } = world;
  if (around === undefined) return sent();
  let layered: Layered | undefined;
  const next = async () => {
    layered = await sent();
    return layered.value;
  };
  return around(infoOf(node, name), next).then((value): Layered => {
    const seen = layered as Layered | undefined;
    return seen !== undefined && seen.value === value ? seen : { value, raw: value };
  });
}

/** The usual node: nothing around it, often nothing to wait for. */
function runPlain({ fn }: Unwrapped, given: Deps, name: string, { signal }: World): Layered | Promise<Layered> {
  const value = (fn as unknown as Call)(given, { node: name, signal } satisfies NodeContext);
  return isPromiseLike(value) ? Promise.resolve(value).then((raw) => ({ value: raw, raw })) : { value, raw: value };
}

function runHere(step: Step, unwrapped: Unwrapped, deps: Deps, world: World): Layered | Promise<Layered> {
  const { name, node } = step;
  const given = unwrapped.bound === undefined ? deps : bindValues(deps, unwrapped.bound);
  if (unwrapped.layers.length === 0 && node?.kind === "function") return runPlain(unwrapped, given, name, world);
  const context = contextOf(name, world);
  switch (node?.kind) {
    case "field": {
      const field = unwrapped.field?.name ?? "";
      return runLayers(unwrapped.layers, () => fieldOf(deps[step.names[0] ?? ""], field), context);
    }
    case "subflow":
      return runLayers(unwrapped.layers, () => deps, context);
    case "each":
      return runLayers(unwrapped.layers, (signal) => runEach(step, unwrapped, given, { ...world, signal }), context);
    default: {
      const call = unwrapped.fn as unknown as Call;
      return runLayers(
        unwrapped.layers,
        (signal) => call(given, { node: name, signal } satisfies NodeContext),
        context,
      );
    }
  }
}
