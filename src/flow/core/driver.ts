/** Binds a flow to a configuration and runs it. */
import { randomUUID } from "node:crypto";
import { isCount, isFunction, mistakeInValues } from "../../error/index.ts";
import { systemFlowClock } from "./clock.ts";
import { definitionOf, type FlowDefinition } from "./dataflow.ts";
import type { FlowEvent } from "./events.ts";
import { Graph } from "./graph/graph.ts";
import { inputsOf } from "./inputs.ts";
import { loadParser } from "./names/parser.ts";
import { ParserNeeded } from "./names/read-names.ts";
import { missingError } from "./plan/mistakes.ts";
import { resolve } from "./plan/resolve.ts";
import { type Executed, Execution } from "./run/execution.ts";
import { Slots } from "./run/slots.ts";
import type { FlowConfig, Resolve } from "./types/config.ts";
import type { CoreSettings, Driver, ExecuteOptions } from "./types/driver.ts";
import type { Flow } from "./types/flow.ts";
import type { Sound } from "./types/problems.ts";
import type { Merge, Modules } from "./types/universe.ts";

/** Configuration that a driver needs: required unless every key of it is optional. */
export type ConfigOption<Wanted, Config> = {} extends Wanted
  ? { readonly config?: (Config & NoOthers<Config, Wanted>) | undefined }
  : { readonly config: Config & NoOthers<Config, Wanted> };

type NoOthers<Given, Known> = { readonly [K in Exclude<keyof Given, keyof Known>]: never };

/** Options of `driver`, with those that a caller adds. */
export type DriverRest<M, I, C, Config, Given, Settings> = {} extends FlowConfig<Merge<M>> & C
  ? [options?: Settings & ConfigOption<FlowConfig<Merge<M>> & C, Config> & GivenInputs<I, Given>]
  : [options: Settings & ConfigOption<FlowConfig<Merge<M>> & C, Config> & GivenInputs<I, Given>];

/** Inputs that hold for every execution. */
export type GivenInputs<I, Given> = { readonly inputs?: (Given & NoOthers<Given, I>) | undefined };

/** The driver of this room: without a store of results it keeps none. */
export function driver<
  M extends Modules,
  I extends object,
  C extends object,
  const Config extends FlowConfig<Merge<M>> & C = FlowConfig<Merge<M>> & C,
  const Given extends Partial<I> = {},
>(
  flow: Sound<Flow<M, I, C>>,
  ...[options]: DriverRest<M, I, C, Config, Given, CoreSettings>
): Driver<Resolve<Merge<M>, Config>, I, Given> {
  return new FlowDriver(definitionOf(flow as object), (options ?? {}) as LooseOptions) as unknown as Driver<
    Resolve<Merge<M>, Config>,
    I,
    Given
  >;
}

type Named = Readonly<Record<string, unknown>>;
type LooseOptions = CoreSettings & { readonly config?: Named | undefined; readonly inputs?: Named | undefined };
type LooseExecute = ExecuteOptions<Named, Named>;

class FlowDriver {
  private readonly definition: FlowDefinition;
  private readonly options: LooseOptions;
  private readonly graph: Graph;

  constructor(definition: FlowDefinition, options: LooseOptions) {
    this.definition = definition;
    this.options = options;
    this.graph = new Graph(definition, options.config ?? {});
  }

  async execute(outputs: readonly string[], options: LooseExecute = {}): Promise<Named> {
    const { values } = await this.run(outputs, options, "throw");
    return Object.fromEntries(outputs.map((name, at) => [name, values[at]]));
  }

  private async run(
    outputs: readonly string[],
    options: LooseExecute,
    onFailure: "throw" | "report",
  ): Promise<Executed> {
    const { overrides = {} } = options;
    const inputs = await inputsOf(
      this.definition,
      this.options.config ?? {},
      this.options.inputs ?? {},
      options.inputs ?? {},
    );
    const resolved = await this.withParser(() =>
      resolve(this.graph, outputs, { given: (name) => name in inputs, overrides: new Set(Object.keys(overrides)) }),
    );
    if (resolved.missing.length > 0)
      throw missingError(resolved.missing, [...this.graph.nodes.keys(), ...Object.keys(inputs)]);
    const { onEvent, around, engine, results, clock = systemFlowClock, config = {} } = this.options;
    const run = randomUUID();
    const tell = onEvent && ((event: FlowEvent) => onEvent({ ...event, run }));
    const stop = new AbortController();
    const signal = options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal]);
    const execution = new Execution({
      ...{ resolved, overrides, onFailure, inputs: (name: string) => inputs[name] },
      behaviours: { ...this.options.behaviours, ...options.behaviours },
      world: {
        ...{ around, engine, config, clock, signal, keeper: results, tell },
        slots: new Slots(options.concurrency ?? this.options.concurrency ?? 8),
      },
    });
    try {
      return await execution.run();
    } finally {
      // whoever still runs need not
      stop.abort();
    }
  }

  private async withParser<T>(work: () => T): Promise<T> {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof ParserNeeded)) throw error;
      this.graph.parser = await loadParser();
      return work();
    }
  }
}
void isCount;
void isFunction;
void mistakeInValues;
