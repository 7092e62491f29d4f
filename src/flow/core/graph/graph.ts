/**
 * The nodes of a flow under one configuration. What a function asks for is read when somebody asks for that node, and once: a
 * helper that is exported beside nodes harms nobody.
 */
import { definitionOf, type FlowDefinition, isNodeName, nodeName } from "../dataflow.ts";
import { markOf, type SubflowMark } from "../mark.ts";
import type { Ask } from "../names/ask.ts";
import type { ParseFunction } from "../names/parser.ts";
import type { AnyFunction } from "../types/functions.ts";
import { Unchosen, type Unwrapped, unwrap } from "./unwrapped.ts";
import { type Variant, variantFor } from "./variants.ts";

export type Config = Readonly<Record<string, unknown>>;

export interface GraphNode {
  readonly name: string;
  readonly module: string;
  readonly kind: "function" | "constant" | "field" | "each" | "subflow" | "unresolved";
  /** Of a constant. */
  readonly value?: unknown;
  readonly unwrapped?: Unwrapped | undefined;
  /** Of an unresolved node: why nothing stands for it, told to whoever asks for it. */
  readonly problem?: string | undefined;
  readonly variants?: readonly string[] | undefined;
  readonly variant?: string | undefined;
  /** What it asks for, once somebody wanted to know. */
  asks?: readonly Ask[] | undefined;
}

/** Reads what a node asks for; it may have to look into other graphs. */
export type AskReader = (node: GraphNode, graph: Graph) => readonly Ask[];

export class Graph {
  readonly config: Config;
  readonly nodes: ReadonlyMap<string, GraphNode>;
  /** Set once the parser is loaded. */
  parser: ParseFunction | undefined;
  private readonly exported = new Map<unknown, string>();
  private readonly inner = new Map<string, Graph>();
  private readonly read: AskReader;

  constructor({ modules }: FlowDefinition, config: Config, read: AskReader) {
    this.config = config;
    this.read = read;
    const nodes = new Map<string, GraphNode>();
    const variants = new Map<string, Variant[]>();
    for (const [module, namespace] of Object.entries(modules)) {
      // entries() of a namespace takes half as long again
      for (const key of Object.keys(namespace)) {
        if (!isNodeName(key)) continue;
        const value = (namespace as Readonly<Record<string, unknown>>)[key];
        const condition = markOf(value)?.condition;
        if (condition === undefined) this.add(nodes, graphNode(key, module, value, config), value);
        else collect(variants, nodeName(key), { exported: key, module, value, condition });
      }
    }
    for (const [name, group] of variants) {
      const choice = variantFor(name, group, config);
      const { module, value } = choice.chosen ?? { module: group[0]?.module ?? "", value: undefined };
      const found =
        choice.chosen === undefined ? unresolved(name, module, choice.problem) : graphNode(name, module, value, config);
      const all = group.map(({ exported }) => exported);
      this.add(nodes, { ...found, variants: all, variant: choice.chosen?.exported }, value);
      for (const each of group) this.exported.set(each.value, name);
    }
    this.nodes = nodes;
  }

  /** What a node asks for. Throws `ParserNeeded` until there is a parser, TypeError where it cannot be read. */
  asksOf(node: GraphNode): readonly Ask[] {
    node.asks ??= this.read(node, this);
    return node.asks;
  }

  /** Name of the node that an exported function is. */
  nameOf(fn: AnyFunction): string | undefined {
    return this.exported.get(fn);
  }

  /** All functions that are exported, those of variants that were not chosen included. */
  functions(): AnyFunction[] {
    return [...this.exported.keys()].filter((value) => typeof value === "function") as AnyFunction[];
  }

  /** The graph of the sub-flow that a node is; `key` tells sub-flows of sub-flows apart. */
  innerOf(key: string, { flow, config }: SubflowMark): Graph {
    const known = this.inner.get(key);
    const graph = known ?? new Graph(definitionOf(flow), config, this.read);
    if (known === undefined) this.inner.set(key, graph);
    graph.parser = this.parser;
    return graph;
  }

  private add(nodes: Map<string, GraphNode>, node: GraphNode, value: unknown): void {
    const other = nodes.get(node.name);
    if (other !== undefined)
      throw new TypeError(`'${node.name}' is in module '${other.module}' and in module '${node.module}': rename one`);
    nodes.set(node.name, node);
    if (typeof value === "function" && !this.exported.has(value)) this.exported.set(value, node.name);
  }
}

function graphNode(name: string, module: string, value: unknown, config: Config): GraphNode {
  if (typeof value !== "function") return { name, module, kind: "constant", value };
  try {
    const unwrapped = unwrap(value as AnyFunction, name, config);
    const { field, each, subflow, variant } = unwrapped;
    const kind =
      field !== undefined ? "field" : each !== undefined ? "each" : subflow !== undefined ? "subflow" : "function";
    return { name, module, kind, unwrapped, variants: variant?.cases, variant: variant?.chosen, asks: undefined };
  } catch (error) {
    if (error instanceof Unchosen) return { ...unresolved(name, module, error.message), variants: error.cases };
    throw error;
  }
}

function unresolved(name: string, module: string, problem: string): GraphNode {
  return { name, module, kind: "unresolved", problem };
}

function collect(variants: Map<string, Variant[]>, name: string, variant: Variant): void {
  const group = variants.get(name);
  if (group === undefined) variants.set(name, [variant]);
  else group.push(variant);
}
