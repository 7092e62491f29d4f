import { checked } from "entrepot/flow";
import * as z from "zod";
import type { $ } from "./flow.ts";

/** Cost to win one customer. */
export function acquisitionCost({ spend, signups }: Pick<$, "spend" | "signups">) {
  return spend.div(signups);
}
export const meanCost = checked(z.number().positive(), async ({ acquisitionCost }: $) => acquisitionCost.mean());
export function report({ meanCost, currency, digits = 2, locale }: $) {
  return `${meanCost.toFixed(digits)} ${currency} ${locale ?? ""}`.trim();
}
