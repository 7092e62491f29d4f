/**
 * The folder verb that makes one tree like another: what is new or differs is copied, what is the same is left, and what the source
 * does not hold goes only where that was asked for, and only once everything else is done.
 */
import type { Address } from "../../uri/index.ts";
import { Asked } from "../asked.ts";
import { assertMayWrite, signalOf } from "../calls.ts";
import type { Context } from "../context.ts";
import { carryOutAndTidy } from "../emptied-folders.ts";
import { filterOf } from "../filters/filter.ts";
import { jobSettings } from "../jobs/job-settings.ts";
import { isDurable, verbSettings } from "../jobs/verb-settings.ts";
import { LeftOut } from "../left-out.ts";
import { atOnce, transferSettings, withChoice } from "../moving.ts";
import { CopyNames } from "../names/copy-names.ts";
import { assertNoFileInTheWay } from "../names/no-file-in-the-way.ts";
import { targetWithin } from "./apart.ts";
import { checkDeleteLimit } from "./delete-limit.ts";
import { SyncPlan } from "./items.ts";
import { contained, folderOf, folderPlace } from "./places.ts";
import type { SyncOptions, SyncReport } from "./types.ts";

/** Errors: see `Depot.sync`. */
export async function syncOf(
  context: Context,
  from: Address,
  to: Address,
  options: SyncOptions = {},
): Promise<SyncReport> {
  const { deleteLimit, names: naming = "refuse", dryRun = false } = options;
  checkDeleteLimit(deleteLimit);
  const signal = signalOf(context, options);
  const filter = await filterOf(options, context.now());
  const source = folderPlace(await context.place(from, "read"));
  const named = folderPlace(await context.place(to, "write"));
  // What lies there now decides, so no change may wait in the outbox for what will lie there then.
  assertMayWrite(context, named);
  const targetInSource = await targetWithin(context.disk, source, named);
  const isFolder = named.location.scheme === "file";
  if (isFolder) await assertNoFileInTheWay(context.disk, folderOf(named));
  const inOrder = naming === "refuse";
  const names = isFolder
    ? await CopyNames.open(context, { folder: folderOf(named), names: naming, isMany: true, inOrder, dryRun })
    : undefined;
  try {
    const asked = new Asked();
    const leftOut = new LeftOut();
    const target = contained(context, named, { names, durable: isDurable("sync", options) });
    const plan = new SyncPlan(
      context,
      { source, target, targetInSource, names, filter, asked, leftOut, places: atOnce(context, { from, to: named }) },
      { ...options, signal },
    );
    const job = await jobSettings(context, { verb: "sync", from, to: target, isContained: isFolder, options });
    const settings = {
      ...transferSettings(context, options, asked, { from, to: named }),
      ...verbSettings("sync", options),
      job,
      signal,
    };
    const report = await carryOutAndTidy(context, leftOut.among(plan.items(), context.warn), settings, {
      ...options,
      place: target,
    });
    return withChoice({ ...report, compared: { ...plan.compared } }, plan.choice);
  } finally {
    await names?.discard();
  }
}
