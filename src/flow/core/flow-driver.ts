/** A driver at run time: each verb makes the plan of what it is asked and hands it on. */
import {
  type Check,
  isCount,
  isFunction,
  isOneOf,
  isSignal,
  mistakeInValues,
  safeListener,
} from "../../error/index.ts";
import type { FlowDefinition } from "./dataflow.ts";
import { GivenNames } from "./given-names.ts";
import { asksOf } from "./graph/asks.ts";
import { type Edges, edgesOf, reachedFrom, usesOf } from "./graph/edges.ts";
import { flowPicture } from "./graph/flow-picture.ts";
import { Graph } from "./graph/graph.ts";
import { inputsOf } from "./inputs.ts";
import type { Tags } from "./mark.ts";
import { loadParser } from "./names/parser.ts";
import { ParserNeeded } from "./names/read-names.ts";
import type { PictureGraph } from "./picture-graph.ts";
import { forecast } from "./plan/forecast.ts";
import { missingError, unknownOutput } from "./plan/mistakes.ts";
import { makePlan, type Plan } from "./plan/plan.ts";
import { planPicture } from "./plan/plan-picture.ts";
import { resolve } from "./plan/resolve.ts";
import type { Resolved } from "./plan/step.ts";
import { execute } from "./run/execute.ts";
import type { Executed } from "./run/execution.ts";
import { givenValues } from "./run/given-values.ts";
import { infoOf } from "./run/node-info.ts";
import type { NodeInfo } from "./run/world.ts";
import type { CoreSettings, NodeFilter, PendingPlan, RunOptions } from "./types/driver.ts";

type Named = Readonly<Record<string, unknown>>;

/** Settings of a driver without the types of a flow. */
export interface LooseSettings extends CoreSettings {
  readonly config?: Named | undefined;
  readonly inputs?: Named | undefined;
}

/** Options of an execution without the types of a flow. */
export interface LooseOptions extends RunOptions {
  readonly inputs?: Named | undefined;
  readonly overrides?: Named | undefined;
}

const isNamed: Check = (value, name, what) =>
  typeof value === "object" && value !== null && !(Symbol.iterator in value)
    ? undefined
    : new TypeError(`${name} of ${what} is an object of values by name`);

const behaviourCheck = isOneOf(["default", "recompute", "ignore", "disable"]);
const isBehaviours: Check = (value, name, what) =>
  isNamed(value, name, what) ??
  Object.entries(value as Named)
    .map(([node, behaviour]) => behaviourCheck(behaviour, `${name}.${node}`, what))
    .find((mistake) => mistake !== undefined);

const runChecks: readonly (readonly [string, Check])[] = [
  ["inputs", isNamed],
  ["concurrency", isCount(1, { orInfinity: true })],
  ["behaviours", isBehaviours],
];
const settingChecks = new Map<string, Check>([
  ...runChecks,
  ["config", isNamed],
  ["onEvent", isFunction],
  ["around", isFunction],
  ["results", () => undefined],
  ["engine", () => undefined],
  ["clock", () => undefined],
]);
const executeChecks = new Map<string, Check>([...runChecks, ["overrides", isNamed], ["signal", isSignal]]);

export class FlowDriver {
  private readonly definition: FlowDefinition;
  private readonly settings: LooseSettings;
  private readonly graph: Graph;
  private readonly names: GivenNames;
  private readonly onEvent: CoreSettings["onEvent"];

  constructor(definition: FlowDefinition, settings: LooseSettings) {
    const mistake = mistakeInValues("driver()", settings, settingChecks);
    if (mistake !== undefined) throw mistake;
    this.definition = definition;
    this.settings = settings;
    this.onEvent = settings.onEvent && safeListener(settings.onEvent, "onEvent of driver()");
    this.graph = new Graph(definition, settings.config ?? {}, asksOf);
    this.names = new GivenNames(definition, this.graph);
    this.checkNames(settings.behaviours);
  }

  async execute(outputs: readonly string[], options: LooseOptions = {}): Promise<Named> {
    const { values } = await this.run("execute()", outputs, options, "throw");
    return Object.fromEntries(outputs.map((name, at) => [name, values[at]]));
  }

  async settle(
    outputs: readonly string[],
    options: LooseOptions = {},
  ): Promise<Omit<Executed, "values" | "ran" | "hits"> & { readonly values: Named }> {
    const { values, failures, skipped } = await this.run("settle()", outputs, options, "report");
    const lost = new Set([...failures, ...skipped].map(({ node }) => node));
    const there = outputs.map((name, at) => [name, values[at]] as const).filter(([name]) => !lost.has(name));
    return { values: Object.fromEntries(there), failures, skipped };
  }

  plan(outputs: readonly string[], options: Omit<LooseOptions, "concurrency"> = {}): PendingPlan {
    const plan = this.makePlan(outputs, options);
    return Object.assign(plan, {
      explain: async () => (await plan).explain(),
      picture: async () => (await plan).picture(),
    });
  }

  nodes({ tags = {}, module }: NodeFilter = {}): readonly NodeInfo[] {
    return [...this.graph.nodes.values()]
      .map((node) => infoOf(node))
      .filter((node) => (module === undefined || node.module === module) && bears(node.tags, tags));
  }

  async upstream(node: string): Promise<readonly string[]> {
    const edges = await this.edges();
    this.checkNode(node, edges);
    const found = reachedFrom(node, (name) => (edges.asks.get(name) ?? []).map((ask) => ask.name));
    return edges.order.filter((name) => found.has(name));
  }

  async downstream(name: string): Promise<readonly string[]> {
    const edges = await this.edges();
    this.checkNode(name, edges);
    const uses = usesOf(edges);
    const found = reachedFrom(name, (each) => uses.get(each) ?? []);
    return edges.order.filter((each) => found.has(each));
  }

  async path(from: string, to: string): Promise<readonly string[]> {
    const above = new Set([to, ...(await this.upstream(to))]);
    const below = [from, ...(await this.downstream(from))];
    return above.has(from) ? below.filter((name) => above.has(name)) : [];
  }

  async picture(): Promise<PictureGraph> {
    return flowPicture(this.graph, await this.edges());
  }

  /** Rejects with `misconfigured` for a key that means nothing to the flow; every execution and plan asks this first. */
  checkConfig(): Promise<void> {
    return this.withParser(() => this.names.checkConfig(this.settings.config ?? {}));
  }

  private async run(
    verb: string,
    outputs: readonly string[],
    options: LooseOptions,
    onFailure: "throw" | "report",
  ): Promise<Executed> {
    const { resolved, inputs } = await this.resolve(verb, outputs, options);
    if (resolved.missing.length > 0)
      throw missingError(resolved.missing, [...this.graph.nodes.keys(), ...Object.keys(inputs)]);
    const { overrides = {} } = options;
    const { settings, onEvent } = this;
    return execute({ resolved, inputs, overrides, onFailure, outputs, settings, onEvent, options });
  }

  private async makePlan(outputs: readonly string[], options: LooseOptions): Promise<Plan> {
    const { resolved, inputs } = await this.resolve("plan()", outputs, options);
    const { results, behaviours } = this.settings;
    const states = await forecast(resolved, {
      keeper: resolved.missing.length > 0 ? undefined : results,
      behaviours: { ...behaviours, ...options.behaviours },
      given: givenValues(inputs, options.overrides ?? {}),
      signal: options.signal,
    });
    return makePlan(outputs, resolved, states, () => planPicture(resolved, states));
  }

  private async resolve(
    verb: string,
    outputs: readonly string[],
    options: LooseOptions,
  ): Promise<{ readonly resolved: Resolved; readonly inputs: Named }> {
    const mistake = mistakeInValues(verb, options, executeChecks);
    if (mistake !== undefined) throw mistake;
    this.checkNames(options.overrides);
    this.checkNames(options.behaviours);
    await this.checkConfig();
    const { config = {}, inputs: held = {} } = this.settings;
    const inputs = await inputsOf(this.definition, config, held, options.inputs ?? {});
    const overrides = new Set(Object.keys(options.overrides ?? {}));
    const resolved = await this.withParser(() =>
      resolve(this.graph, outputs, { given: (name) => Object.hasOwn(inputs, name), overrides }),
    );
    // what is missing is told first, with what was meant by it
    if (resolved.missing.length === 0)
      await this.withParser(() => this.names.checkInputs({ ...held, ...options.inputs }, resolved, outputs));
    return { resolved, inputs };
  }

  private edges(): Promise<Edges> {
    return this.withParser(() => edgesOf(this.graph));
  }

  /** Does it again with a parser where one is needed: few flows need one. */
  private async withParser<T>(work: () => T): Promise<T> {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof ParserNeeded)) throw error;
      this.graph.parser = await loadParser();
      return work();
    }
  }

  private checkNode(name: string, { asks }: Edges): void {
    if (!asks.has(name)) throw unknownOutput(name, this.graph);
  }

  /** Names of overrides and behaviours; those inside sub-flows are seen when they are met. */
  private checkNames(named: Named | undefined): void {
    for (const name of Object.keys(named ?? {}))
      if (!name.includes(".") && !this.graph.nodes.has(name)) throw unknownOutput(name, this.graph);
  }
}

function bears(tags: Tags, wanted: Tags): boolean {
  return Object.entries(wanted).every(([name, value]) => {
    const borne = [tags[name] ?? []].flat();
    return [value].flat().every((each) => borne.includes(each));
  });
}
