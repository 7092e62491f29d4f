/** The depot that a function of runs was given first: whoever leaves it out has given the options in its place, which would be lost. */
import type { Depot } from "../depot/index.ts";
import { kindOfValue } from "../error/index.ts";

/** TypeError for what is no depot. `what` stands before it, e.g. `openRunStore()`. */
export function checkDepot(what: string, data: Depot): void {
  const given = data as Partial<Depot> | null | undefined;
  if (typeof given?.resolve === "function" && typeof given.stat === "function") return;
  throw new TypeError(`The first argument of ${what} is a depot, such as entrepot(), not ${kindOfValue(data)}`);
}
