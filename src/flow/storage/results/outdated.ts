/** Which reads of a kept result would be others today, by the depots that can tell. */
import type { ChangedRead, Depot, SeenRead } from "../../../depot/index.ts";

/** Whom to ask. A depot that asks another store than the one that was read at knows nothing of it, and says so. */
export interface Askers {
  /** Which the node itself uses: what they know counts, and what others know does not. */
  own(): Promise<readonly Depot[]>;
  /** Which other nodes use, for what a node has of those that are not kept. */
  readonly others: readonly Depot[];
  /** For what was read by depots that nobody sees. */
  readonly last: Depot;
}

/**
 * In the order of `reads`: what somebody says is another now, and what nobody can tell. Depots of one store need not see the same, for
 * one may be offline and one may take a copy for fresh: what is as it was to one and not to another is not as it was.
 */
export async function outdatedReads(
  reads: readonly SeenRead[],
  askers: Askers,
  signal: AbortSignal | undefined,
): Promise<readonly ChangedRead[]> {
  if (reads.length === 0) return [];
  const { others, last } = askers;
  const outdated = new Map<SeenRead, ChangedRead>();
  let open = reads;
  for (const together of [await askers.own(), others, [last]]) {
    if (open.length === 0) break;
    const asked = new Set(together);
    const told = await Promise.all([...asked].map((depot) => depot.changedSince(open, { signal })));
    const judged = told.map((changes) => new Map(changes.map((each) => [each.read, each])));
    const unknown: SeenRead[] = [];
    for (const read of open) {
      const answers = judged.map((each) => each.get(read));
      const other = answers.find((answer) => answer !== undefined && answer.kind !== "unknown");
      const isSame = other === undefined && answers.includes(undefined);
      if (isSame) outdated.delete(read);
      else outdated.set(read, other ?? answers.at(-1) ?? outdated.get(read) ?? nobody(read));
      if (!isSame && other === undefined) unknown.push(read);
    }
    open = unknown;
  }
  return reads.flatMap((read) => outdated.get(read) ?? []);
}

function nobody(read: SeenRead): ChangedRead {
  return { read, why: "nobody can tell", kind: "unknown" };
}
