/**
 * What some outputs need: the steps, each after those that it needs, and what nobody gives. Sub-flows are entered: their nodes
 * are steps like all others. Works on a stack of its own.
 */
import type { Graph, GraphNode } from "../graph/graph.ts";
import type { Ask } from "../names/ask.ts";
import { cycleError, unknownOutput } from "./mistakes.ts";
import { type Meaning, meaningOf, outermost, type Scope, scopeIn } from "./scope.ts";
import type { Missing, Resolved, Step } from "./step.ts";

export interface Giving {
  /** Whether an input of this name is given. */
  readonly given: (name: string) => boolean;
  readonly overrides?: ReadonlySet<string> | undefined;
}

interface Frame {
  readonly key: string;
  readonly node: GraphNode;
  readonly graph: Graph;
  /** Where what it asks for is looked up. */
  readonly scope: Scope;
  readonly asks: readonly Ask[];
  next: number;
}

const none: readonly never[] = [];
/** In the place of a step that is met and whose needs are being met. */
const open = -1;

/** Throws TypeError for an output that is none, and for a cycle, which it prints. */
export function resolve(graph: Graph, outputs: readonly string[], { given, overrides }: Giving): Resolved {
  const steps: Step[] = [];
  const places = new Map<string, number>();
  const stack: Frame[] = [];
  const missing: Missing[] = [];
  const asked = new Map<string, Ask>();
  const top = outermost(graph);

  for (const output of outputs) {
    if (!graph.nodes.has(output) && !overrides?.has(output) && !given(output)) throw unknownOutput(output, graph);
    enter({ name: output, optional: false }, top);
    for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
      const ask = frame.asks[frame.next++];
      if (ask !== undefined) enter(ask, frame.scope);
      else leave(frame);
    }
  }
  const found = outputs.map((name) => places.get(name) ?? -1);
  return { outputs: found, steps, missing, asked: [...asked.values()] };

  function enter(ask: Ask, within: Scope): void {
    const isTop = within.within === undefined;
    // most names are known by then
    let known = isTop ? places.get(ask.name) : undefined;
    if (known !== undefined && known !== open) return;
    const meaning = meaningOf(ask.name, within);
    const key = keyOf(meaning, within, ask.name);
    if (!isTop) known = places.get(key);
    if (known === open) throw cycleError([...stack.map((frame) => frame.key), key]);
    if (known !== undefined) return;
    if (meaning.kind === "value") {
      add({ name: key, node: undefined, from: "value", value: meaning.value, needs: none, names: none, graph });
      return;
    }
    const node = meaning.kind === "node" ? meaning.node : undefined;
    if (overrides?.has(key)) {
      add({ name: key, node, from: "override", needs: none, names: none, graph });
      return;
    }
    if (meaning.kind === "outside") {
      outside({ ...ask, name: meaning.name });
      return;
    }
    const { scope } = meaning;
    if (meaning.node.problem !== undefined) {
      missing.push({ name: key, path: [...stack.map((frame) => frame.key), key], problem: meaning.node.problem });
      add({ name: key, node, from: "node", needs: none, names: none, graph: scope.graph });
      return;
    }
    const mark = meaning.node.unwrapped?.subflow;
    const asks = mark?.outputs.map((name) => ({ name, optional: false })) ?? scope.graph.asksOf(meaning.node);
    if (asks.length === 0) {
      add({ name: key, node, from: "node", needs: none, names: none, graph: scope.graph });
      return;
    }
    const looked = mark === undefined ? scope : scopeIn(scope, meaning.node, mark);
    places.set(key, open);
    stack.push({ key, node: meaning.node, graph: scope.graph, scope: looked, asks, next: 0 });
  }

  function leave({ key, node, graph: own, scope, asks }: Frame): void {
    stack.pop();
    // of their size and of one kind: growing takes ten times the room, and map() gives two kinds, for which the engine compiles again
    const needs = new Array<number>(asks.length);
    const names = new Array<string>(asks.length);
    let count = 0;
    for (const { name } of asks) {
      const place = places.get(scope.within === undefined ? name : keyOf(meaningOf(name, scope), scope, name));
      if (place === undefined) continue;
      needs[count] = place;
      names[count] = name;
      count++;
    }
    if (count < asks.length) needs.length = names.length = count;
    add({ name: key, node, from: "node", needs, names, graph: own });
  }

  function outside(ask: Ask): void {
    const known = asked.get(ask.name);
    if (known === undefined || (known.optional && !ask.optional)) asked.set(ask.name, ask);
    if (given(ask.name)) add({ name: ask.name, node: undefined, from: "input", needs: none, names: none, graph });
    else if (!ask.optional && known?.optional !== false)
      missing.push({ name: ask.name, path: [...stack.map((frame) => frame.key), ask.name] });
  }

  function add(step: Step): void {
    places.set(step.name, steps.length);
    steps.push(step);
  }
}

function keyOf(meaning: Meaning, within: Scope, asked: string): string {
  if (meaning.kind === "node") return meaning.scope.prefix + meaning.name;
  // a bound value belongs to the sub-flow that it is bound for
  return meaning.kind === "outside" ? meaning.name : `${within.prefix}${asked}`;
}
