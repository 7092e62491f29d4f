/** `driver(flow, options)` with a store of results: a folder, an address or an opened store. */
import { isFilledString } from "../../error/index.ts";
import {
  type CoreSettings,
  driver as coreDriver,
  type ResultKeeper,
} from "../core/index.ts";
import { type ResultStore, resultStore } from "./results/index.ts";

/** Where results of cached nodes are kept: a folder such as `"./results"`, an address such as `"s3://bucket/results/"`, or a store. */
export type ResultsOption = string | URL | ResultStore;

/** The keeper of what an option names; `undefined` keeps nothing. TypeError for what names no store. */
export function keeperOf(results: ResultsOption | undefined): ResultKeeper | undefined {
  if (results === undefined) return undefined;
  if (typeof results === "object" && "keeper" in results) return results.keeper;
  const mistake = isFilledString(String(results), "results", "driver()");
  if (mistake !== undefined) throw mistake;
  return resultStore({ store: String(results) }).keeper;
}
export type { CoreSettings };
void coreDriver;
