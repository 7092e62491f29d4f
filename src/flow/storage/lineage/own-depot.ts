/**
 * The depot of loaders and savers that are given none: one for the process, because they are written in modules, before anybody could
 * hand them one. It is opened by the first of them that runs, with the settings that `entrepot()` finds.
 */
import { type Depot, entrepot } from "../../../depot/index.ts";

let own: Depot | undefined;

export function ownDepot(): Depot {
  own ??= entrepot();
  return own;
}
