import type { $ } from "./flow.ts";

export function acquisitionCost({ spend, signups }: $) {
  return spend.div(signups);
}
export function meanCost({ acquisitionCost }: Pick<$, "acquisitionCost">) {
  return acquisitionCost.mean();
}
