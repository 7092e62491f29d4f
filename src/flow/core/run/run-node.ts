/** Runs one node: with the values that it asks for, inside its layers, here or on an engine. Knows nothing of kept results. */

import { fieldOf } from "../combine/extract.ts";
import { bindValues } from "../combine/parameterize.ts";
import type { Unwrapped } from "../graph/unwrapped.ts";
import type { LayerContext, NodeContext } from "../layer.ts";
import type { Step } from "../plan/resolve.ts";
import { type Layered, runLayers } from "./layers.ts";
import { infoOf } from "./node-info.ts";
import { runEach } from "./run-each.ts";
import type { World } from "./world.ts";

export type Deps = Readonly<Record<string, unknown>>;
type Call = (...given: readonly unknown[]) => unknown;

/** What a function is given as its last argument, and what its layers know. */
export function contextOf(name: string, { signal, clock, tell }: World): LayerContext {
  return { node: name, signal, clock, tell: tell ?? (() => {}) };
}

/** A plain value only where nothing has to be waited for. */
export function runStep(step: Step, deps: Deps, world: World): Layered | Promise<Layered> {
  const { node, name } = step;
  const unwrapped = node?.unwrapped;
  if (node === undefined || unwrapped === undefined) return { value: node?.value, raw: node?.value };
  const run = () => runHere(step, unwrapped, deps, world);
  const sent =
    world.engine === undefined || node.kind !== "function" ? run : () => send(name, undefined, deps, run, world);
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

function runHere(step: Step, unwrapped: Unwrapped, deps: Deps, world: World): Layered | Promise<Layered> {
  const { name, node } = step;
  const given = unwrapped.bound === undefined ? deps : bindValues(deps, unwrapped.bound);
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

/** Runs a node, or an item of one, on the engine. It comes back as it went into its last check, which is made here again. */
export async function send(
  node: string,
  index: number | undefined,
  values: Deps,
  run: () => Layered | Promise<Layered>,
  { engine, config, signal }: World,
): Promise<Layered> {
  let here: Layered | undefined;
  const raw = await engine?.submit(
    {
      ...{ node, index, values, config },
      run: async () => {
        here = await run();
        return here.raw;
      },
    },
    signal,
  );
  return here !== undefined && here.raw === raw ? here : { value: raw, raw };
}
