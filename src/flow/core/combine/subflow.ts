/** A flow as one node of another: it gives an object of some outputs. Its nodes run, are kept and are told of like all others. */
import { definitionOf } from "../dataflow.ts";
import { marked } from "../mark.ts";
import type { FlowConfig, Resolve, Unset } from "../types/config.ts";
import type { Flow } from "../types/flow.ts";
import type { AnyFunction, Simplify } from "../types/functions.ts";
import type { NeededInputs } from "../types/needed.ts";
import type { Merge, Modules, Nodes } from "../types/universe.ts";

export interface SubflowOptions<Names, Config, Renamed> {
  /** Nodes of the inner flow that the object has. */
  readonly outputs: readonly Names[];
  /** Configuration of the inner flow. */
  readonly config?: Config | undefined;
  /** Name in the outer flow for inputs of the inner one; the same name by default. */
  readonly inputs?: Renamed | undefined;
}

type Asked<Needed, Renamed> = Simplify<{
  readonly [K in keyof Needed as K extends keyof Renamed
    ? Renamed[K] extends string
      ? Renamed[K]
      : never
    : K]: Needed[K];
}>;

/**
 * `export const costs = subflow(costFlow, { outputs: ["mean", "total"], config: { region: "us" }, inputs: { path: "costPath" } })`:
 * who asks for `costs` gets `{ mean, total }`. What the inner flow needs from outside is asked of the outer one.
 */
export function subflow<
  M extends Modules,
  I extends object,
  C extends object,
  const N extends keyof Nodes<Merge<M>> & string,
  const Config extends FlowConfig<Merge<M>> & C = Unset<FlowConfig<Merge<M>> & C>,
  const Renamed extends { readonly [K in keyof I]?: string } = {},
>(
  flow: Flow<M, I, C>,
  options: SubflowOptions<N, Config, Renamed>,
): (deps: Asked<NeededInputs<Resolve<Merge<M>, Config>, I, N>, Renamed>) => Promise<{
  readonly [K in N]: Nodes<Resolve<Merge<M>, Config>>[K];
}> {
  const { outputs, config = {}, inputs = {} } = options;
  const mark = {
    flow: definitionOf(flow),
    outputs,
    config: config as Readonly<Record<string, unknown>>,
    inputs: inputs as Readonly<Record<string, string>>,
  };
  const outside = () => {
    throw new TypeError("a sub-flow runs as a node of a flow only: call driver(flow).execute(…) to run it by itself");
  };
  return marked(outside as unknown as AnyFunction, { subflow: mark }, "subflow") as never;
}
