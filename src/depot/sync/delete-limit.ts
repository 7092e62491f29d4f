/** How much of a target a sync may remove: checked when all of it is planned, and before anything is done. */
import { EntrepotError } from "../../error/index.ts";
import type { DeleteLimit } from "./types.ts";

/** So many may go without asking what share that is. */
const handful = 10;

export interface Removals {
  readonly removals: number;
  /** Objects of the target that could be removed: those that no filter leaves out. */
  readonly targetObjects: number;
}

/** RangeError for what is neither a whole number from 0 nor a percentage up to 100. */
export function checkDeleteLimit(limit: DeleteLimit | undefined): void {
  if (limit === undefined || (typeof limit === "number" && Number.isSafeInteger(limit) && limit >= 0)) return;
  if (typeof limit === "string" && shareOf(limit) !== undefined) return;
  throw new RangeError(`deleteLimit is a number of objects or a share such as "90%", not ${JSON.stringify(limit)}`);
}

/** Whether the caller has said that all of the target may go. */
export function mayRemoveAll(limit: DeleteLimit | undefined): boolean {
  return typeof limit === "string" && shareOf(limit) === 1;
}

/** Error: limit-exceeded. */
export function assertWithinLimit(
  { removals, targetObjects }: Removals,
  limit: DeleteLimit | undefined,
  uri: string,
): void {
  const allowed = typeof limit === "number" ? limit : (shareOf(limit ?? "50%") ?? 0) * targetObjects;
  if (removals <= Math.max(allowed, limit === undefined ? handful : 0)) return;
  const most = limit === undefined ? "half" : limit;
  throw new EntrepotError(
    "limit-exceeded",
    `${removals} of the ${targetObjects} objects in ${uri} would be removed, more than ${most}`,
    {
      uri,
      hint: 'nothing was changed; see which with dryRun and deleteLimit: "100%" (--dry-run --max-delete 100%), then say how many may go',
    },
  );
}

/** 0 to 1; `undefined` for what is no percentage. */
function shareOf(text: string): number | undefined {
  const match = /^(\d{1,3}(?:\.\d+)?)%$/.exec(text);
  const share = match === null ? Number.NaN : Number(match[1]) / 100;
  return share >= 0 && share <= 1 ? share : undefined;
}
