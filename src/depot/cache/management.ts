/** What looking after the cache needs and reading does not: loaded when it is first asked for. */
export { describer, explainOf } from "./describe.ts";
export { pinObjects } from "./pin.ts";
export { warnOfPins } from "./pin-size.ts";
export { pruneLimits } from "./prune-limits.ts";
export { removal, staying } from "./removal.ts";
export { statsOf } from "./stats.ts";
export { unpinOf } from "./unpin.ts";
export { verifyOf } from "./verify.ts";
