/**
 * The folder verb that makes one tree like another: what is new or differs is copied, what is the same is left, and what the source
 * does not hold goes only where that was asked for, and only once everything else is done.
 */
import { carryOut } from "../../transfer/index.ts";
import type { Address } from "../../uri/index.ts";
import { Asked } from "../asked.ts";
import { assertMayWrite, signalOf } from "../calls.ts";
import type { Context } from "../context.ts";
import { linearMatcher } from "../linear-matcher.ts";
import { transferSettings } from "../moving.ts";
import { targetWithin } from "./apart.ts";
import { checkDeleteLimit } from "./delete-limit.ts";
import { SyncPlan } from "./items.ts";
import { contained, folderPlace } from "./places.ts";
import type { SyncOptions, SyncReport } from "./types.ts";

/** Errors: see `Depot.sync`. */
export async function syncOf(
  context: Context,
  from: Address,
  to: Address,
  options: SyncOptions = {},
): Promise<SyncReport> {
  const { deleteLimit, match } = options;
  checkDeleteLimit(deleteLimit);
  const signal = signalOf(context, options);
  const source = folderPlace(await context.place(from, "read"));
  const target = contained(context, folderPlace(await context.place(to, "write")));
  // What lies there now decides, so no change may wait in the outbox for what will lie there then.
  assertMayWrite(context, target);
  const within = await targetWithin(context.disk, source, target);
  const matches = match === undefined ? undefined : await linearMatcher(match);
  const asked = new Asked();
  const trees = { source, target, targetWithin: within, matches };
  const plan = new SyncPlan(context, trees, { ...options, signal }, asked);
  const settings = { ...transferSettings(context, options, asked), signal, keepsAfterFailure: true };
  const report = await carryOut(plan.items(), settings);
  return { ...report, compared: { ...plan.compared } };
}
