/** `driver(flow, options)` with a store of results: a folder, an address or an opened store. */
import { isFilledString } from "../../error/index.ts";
import {
  type Configured,
  type Driver,
  type DriverRest,
  type DriverSettings,
  type Flow,
  type FlowConfig,
  type Merge,
  type Modules,
  openDriver,
  type Resolve,
  type ResultKeeper,
  type Sound,
  type Unset,
} from "../core/index.ts";
import { withLineage } from "./lineage/index.ts";
import { type ResultStore, resultStore } from "./results/index.ts";

/** Where results of cached nodes are kept: a folder such as `"./results"`, an address such as `"s3://bucket/results/"`, or a store. */
export type ResultsOption = string | ResultStore | ResultKeeper;

/** What holds for every execution of a driver, and where its results are kept. */
export interface StorageSettings extends DriverSettings {
  /** Default: nothing is kept, and cached nodes just run. */
  readonly results?: ResultsOption | undefined;
}

/**
 * A flow with a configuration, ready to be executed and asked: `driver(flow, { config: { source: "prod" }, results: "./results" })`.
 * The compiler says here what is wrong with the wiring, and which configuration is needed; nothing runs before `execute`. Throws
 * TypeError for two nodes of one name, for a configuration that chooses what is not there, and for options that are none.
 */
export function driver<
  M extends Modules,
  I extends object,
  C extends object,
  const Config extends FlowConfig<Merge<M>> & C = Unset<FlowConfig<Merge<M>> & C>,
  const Given extends Partial<I> = {},
>(
  flow: Configured<Sound<Flow<M, I, C>>, FlowConfig<Merge<M>> & C, Config>,
  ...[options]: DriverRest<M, I, C, Config, Given, StorageSettings>
): Driver<Resolve<Merge<M>, Config>, I, Given> {
  const settings = { ...options, results: keeperOf((options as StorageSettings | undefined)?.results) };
  return openDriver(flow as object, withLineage(settings)) as Driver<Resolve<Merge<M>, Config>, I, Given>;
}

/** The keeper of what an option names; `undefined` keeps nothing. TypeError for what names no store. */
export function keeperOf(results: ResultsOption | undefined): ResultKeeper | undefined {
  if (results === undefined) return undefined;
  if (typeof results === "object" && results !== null && "keeper" in results) return results.keeper;
  if (typeof results === "object" && results !== null && "find" in results) return results;
  const mistake = isFilledString(results, "results", "driver()");
  if (mistake !== undefined) throw mistake;
  return resultStore({ store: results }).keeper;
}
