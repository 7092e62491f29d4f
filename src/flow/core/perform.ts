/** The worker's side of an engine: runs one node, or one item of one, of a flow that this process has loaded, too. */
import { systemFlowClock } from "./clock.ts";
import { itemArguments } from "./combine/each.ts";
import { definitionOf } from "./dataflow.ts";
import type { FlowEvent } from "./events.ts";
import { asksOf } from "./graph/asks.ts";
import { Graph } from "./graph/graph.ts";
import { loadParser } from "./names/parser.ts";
import { unknownOutput } from "./plan/mistakes.ts";
import type { Step } from "./plan/step.ts";
import type { Layered } from "./run/layers.ts";
import { runItem } from "./run/run-each.ts";
import { runStep } from "./run/run-node.ts";
import { runSubflow } from "./run/run-subflow.ts";
import { Slots } from "./run/slots.ts";
import type { World } from "./run/world.ts";

/** What an `EngineTask` says, and what came with it over the wire. */
export interface PerformOptions {
  readonly config?: Readonly<Record<string, unknown>> | undefined;
  /** A node of a sub-flow is called `outer.inner`. */
  readonly node: string;
  readonly index?: number | undefined;
  readonly values: Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal | undefined;
  /** Told what happens within: attempts, warnings of checks, nodes of a sub-flow. */
  readonly tell?: ((event: FlowEvent) => void) | undefined;
}

/**
 * Runs the node inside its wrappers (attempts, time limit, checks), and gives what the engine is to hand back: the value as it
 * went into the last check that may change it, since the other side checks it again.
 */
export async function perform(flow: object, options: PerformOptions): Promise<unknown> {
  const { config = {}, node: path, index, values, signal = new AbortController().signal, tell } = options;
  const graph = graphOf(new Graph(definitionOf(flow), config, asksOf), path);
  const node = graph.nodes.get(path.slice(path.lastIndexOf(".") + 1));
  const unwrapped = node?.unwrapped;
  if (node === undefined || unwrapped === undefined) throw unknownOutput(path, graph);
  const step: Step = { name: path, node, from: "node", needs: [], names: [], graph };
  const world: World = {
    ...{
      signal,
      config,
      runSubflow,
      clock: systemFlowClock,
      slots: new Slots(Number.POSITIVE_INFINITY),
      behaviours: {},
    },
    ...{ tell, around: undefined, engine: undefined, keeper: undefined },
  };
  if (index === undefined || unwrapped.each === undefined) return raw(await runStep(step, values, world));
  const { item, over, as } = unwrapped.each;
  if (item.subflow !== undefined) graph.parser = await loadParser();
  return raw(await runItem(step, item, itemArguments(values[over], values, as), world));
}

function raw(layered: Layered): unknown {
  return layered.raw;
}

function graphOf(graph: Graph, path: string): Graph {
  let current = graph;
  for (const outer of path.split(".").slice(0, -1)) {
    const mark = current.nodes.get(outer)?.unwrapped?.subflow;
    if (mark === undefined) throw unknownOutput(outer, current);
    current = current.innerOf(outer, mark);
  }
  return current;
}
