/**
 * Several transfers as one: all are planned before the first does anything, counted together against what is allowed, then done one
 * after the other. One that fails does not stop the next.
 */
import type { TransferOptions } from "../depot/index.ts";
import {
  checkLimits,
  type PlannedRequests,
  type TransferPlan,
  type TransferReport,
  type Usage,
} from "../transfer/index.ts";
import type { Call } from "./command.ts";

type Start = (options: Pick<TransferOptions, "onPlan">) => Promise<TransferReport>;

/** Planned, and waiting for its turn. */
interface Planned {
  readonly plan: TransferPlan;
  readonly report: Promise<TransferReport>;
  readonly turn: Turn;
}

/** `limits` are those of the whole. Errors: those of the planning, limit-exceeded; nothing is done then. */
export async function severalAsOne(
  call: Pick<Call, "fail" | "signal">,
  starts: readonly Start[],
  limits: { readonly maxRequests?: number | undefined; readonly maxBytes?: number | undefined },
): Promise<TransferReport> {
  const planned: Planned[] = [];
  try {
    for (const start of starts) planned.push(await untilPlanned(start));
    checkLimits({ sums: planned.map(({ plan }) => plan).reduce(planSum) }, limits);
  } catch (error) {
    for (const { turn } of planned) turn.refuse(error);
    await Promise.allSettled(planned.map(({ report }) => report));
    throw error;
  }
  const reports: TransferReport[] = [];
  const failures: unknown[] = [];
  for (const { turn, report } of planned) {
    turn.give();
    await report.then(
      (done) => reports.push(done),
      (error: unknown) => failures.push(error),
    );
  }
  call.signal.throwIfAborted();
  const [first, ...others] = failures;
  for (const error of reports.length === 0 ? others : failures) call.fail(error);
  if (reports.length === 0) throw first;
  return reports.reduce(reportSum);
}

async function untilPlanned(start: Start): Promise<Planned> {
  const turn = new Turn();
  let report: Promise<TransferReport> | undefined;
  const plan = await new Promise<TransferPlan>((resolve, reject) => {
    report = start({
      onPlan(made) {
        resolve(made);
        return turn.taken;
      },
    });
    report.catch(reject);
  });
  return { plan, report: report as unknown as Promise<TransferReport>, turn };
}

class Turn {
  give: () => void = () => {};
  refuse: (error: unknown) => void = () => {};
  readonly taken: Promise<void> = new Promise((resolve, reject) => {
    this.give = resolve;
    this.refuse = reject;
  });
}

function planSum(a: TransferPlan, b: TransferPlan): TransferPlan {
  return { ...usageSum(a, b), requests: requestSum(a.requests, b.requests) };
}

function requestSum(a: PlannedRequests, b: PlannedRequests): PlannedRequests {
  const kinds = Object.keys(a) as (keyof PlannedRequests)[];
  return Object.fromEntries(kinds.map((kind) => [kind, a[kind] + b[kind]])) as unknown as PlannedRequests;
}

function usageSum(a: Usage, b: Usage): Usage {
  return { objects: a.objects + b.objects, sizeBytes: a.sizeBytes + b.sizeBytes };
}

function reportSum(a: TransferReport, b: TransferReport): TransferReport {
  return {
    dryRun: a.dryRun,
    written: undefined,
    copied: usageSum(a.copied, b.copied),
    skipped: usageSum(a.skipped, b.skipped),
    removed: usageSum(a.removed, b.removed),
    leftOut: a.leftOut === undefined ? b.leftOut : a.leftOut + (b.leftOut ?? 0),
    failed: [...a.failed, ...b.failed],
    elapsedMs: a.elapsedMs + b.elapsedMs,
    plan: a.plan && b.plan && planSum(a.plan, b.plan),
  };
}
