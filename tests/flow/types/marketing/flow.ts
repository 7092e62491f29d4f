// The flow of the guide: names are written once, types are inferred across files.
import { dataflow, type NodesOf } from "entrepot/flow";
import * as loaders from "./loaders.ts";
import * as marketing from "./marketing.ts";
import * as words from "./words.ts";

export interface Inputs {
  marketingSpendPath: string;
  urls: string[];
  digits?: number;
}
export const flow = dataflow({ loaders, marketing, words }).inputs<Inputs>().config<{ locale?: string }>();
export interface $ extends NodesOf<typeof flow> {}
