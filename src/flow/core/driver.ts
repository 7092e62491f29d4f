/** Binds a flow to a configuration: what the compiler checks of it. */
import { definitionOf } from "./dataflow.ts";
import { FlowDriver, type LooseSettings } from "./flow-driver.ts";
import type { Configured, FlowConfig, Resolve, Unset } from "./types/config.ts";
import type { CoreSettings, Driver } from "./types/driver.ts";
import type { Flow } from "./types/flow.ts";
import type { Sound } from "./types/problems.ts";
import type { Merge, Modules } from "./types/universe.ts";

type NoOthers<Given, Known> = { readonly [K in Exclude<keyof Given, keyof Known>]: never };

/** The configuration, which may be left out only where all of it may. */
export type ConfigOption<Wanted, Config> = {} extends Wanted
  ? { readonly config?: (Config & NoOthers<Config, Wanted>) | undefined }
  : { readonly config: Config & NoOthers<Config, Wanted> };

/** Inputs that hold for every execution. */
export interface GivenInputs<I, Given> {
  readonly inputs?: (Given & NoOthers<Given, I>) | undefined;
}

/** Second argument of a `driver` with these settings of its own; that it may not be left out the first one says in words. */
export type DriverRest<M, I, C, Config, Given, Settings> = [
  options?: Settings & ConfigOption<FlowConfig<Merge<M>> & C, Config> & GivenInputs<I, Given>,
];

/**
 * A flow with a configuration, ready to be executed and asked. The compiler says here what is wrong with the flow. Throws
 * TypeError for two nodes of one name and for a configuration that chooses what is not there.
 */
export function driver<
  M extends Modules,
  I extends object,
  C extends object,
  const Config extends FlowConfig<Merge<M>> & C = Unset<FlowConfig<Merge<M>> & C>,
  const Given extends Partial<I> = {},
>(
  flow: Configured<Sound<Flow<M, I, C>>, FlowConfig<Merge<M>> & C, Config>,
  ...[options]: DriverRest<M, I, C, Config, Given, CoreSettings>
): Driver<Resolve<Merge<M>, Config>, I, Given> {
  return openDriver(flow as object, options ?? {}) as Driver<Resolve<Merge<M>, Config>, I, Given>;
}

/** A driver without types: for those that know a flow at run time only, such as the shell. */
export function openDriver(flow: object, settings: LooseSettings): FlowDriver {
  return new FlowDriver(definitionOf(flow), settings);
}
