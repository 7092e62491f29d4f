import { dataflow, type NodesOf } from "entrepot/flow";
import * as loaders from "./loaders.ts";
import * as marketing from "./marketing.ts";

export const flow = dataflow({ loaders, marketing }).inputs<{ marketingSpendPath: string }>();
export interface $ extends NodesOf<typeof flow> {}
