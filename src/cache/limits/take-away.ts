/**
 * Takes many entries away at once: all records first, then one look at who holds what, then the data that nobody
 * holds. What this process reads, or any process holds, or a pin marks, stays as it is.
 */
import { join } from "node:path";
import type { Disk } from "../../disk/index.ts";
import type { EntrepotError } from "../../error/index.ts";
import { recordName } from "../layout.ts";
import { isPinned } from "../pins/pin-marks.ts";
import type { Weighed } from "../scan.ts";
import type { Shelf } from "../shelf.ts";
import { minus, nothing, plus, type Usage } from "../usage.ts";
import type { Accounts } from "./accounts.ts";

/** Something that can go for itself: an entry with its pieces, or one of its pieces. */
export interface Candidate {
  readonly weighed: Weighed;
  /** `undefined` for the whole entry. */
  readonly pieceName: string | undefined;
  readonly usage: Usage;
  readonly usedMs: number;
}

/** What of an entry may go, by limits of size: nothing of what is pinned or is no entry. Pieces are no objects. */
export function candidatesOf(weighed: Weighed): Candidate[] {
  if (weighed.pinNames.length > 0) return [];
  const candidates: Candidate[] = weighed.pieces.map(({ name, sizeBytes, usedMs }) => {
    return { weighed, pieceName: name, usage: { objects: 0, sizeBytes }, usedMs };
  });
  const { hasRecord, sizeBytes, usedMs } = weighed;
  if (hasRecord) candidates.push({ weighed, pieceName: undefined, usage: { objects: 1, sizeBytes }, usedMs });
  return candidates;
}

/** What an entry adds to the sums. */
export function usageOf({ hasRecord, sizeBytes, pieces }: Weighed): Usage {
  const pieceBytes = pieces.reduce((sum, piece) => sum + piece.sizeBytes, 0);
  return { objects: hasRecord ? 1 : 0, sizeBytes: sizeBytes + pieceBytes };
}

/** Asked of each before it goes; what it gives is told when it went (or would). */
export type OnGoing = (candidate: Candidate) => Promise<(() => void) | undefined>;

export interface TakeAwayOptions {
  readonly dryRun?: boolean | undefined;
  readonly onGoing?: OnGoing | undefined;
  /** Told of each that could not be removed. Default: that is a warning. */
  readonly onStuck?: ((candidate: Candidate, error: EntrepotError) => Promise<void>) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface TakeAwayPremises {
  readonly disk: Disk;
  readonly layout: string;
  readonly shelf: Shelf;
  readonly accounts: Accounts;
}

/** Gives what went (or would). Errors of the disk when it cannot be known what is in use. */
export async function takeAway(
  { disk, layout, shelf, accounts }: TakeAwayPremises,
  candidates: readonly Candidate[],
  { dryRun = false, onGoing, onStuck, signal }: TakeAwayOptions = {},
): Promise<Usage> {
  if (candidates.length === 0) return nothing;
  const isInUse = await shelf.leases.whatIsInUse();
  const free = candidates.filter(
    ({ weighed: { folder, dataNames }, pieceName }) =>
      pieceName !== undefined || !dataNames.some((name) => isInUse(join(folder, name))),
  );
  const gone: Candidate[] = [];
  for (const candidate of free) {
    signal?.throwIfAborted();
    const { entry } = candidate.weighed;
    // What was weighed may have been pinned since.
    const isKept = () => isPinned({ disk, layout }, entry).catch(() => true);
    const tell = await onGoing?.(candidate);
    const problem = dryRun ? undefined : await shelf.removal.unlist(entry, nameOf(candidate), isKept);
    if (problem === "kept" || problem === "absent") continue;
    if (problem === undefined) {
      gone.push(candidate);
      tell?.();
    } else if (onStuck === undefined) shelf.warn(problem);
    else await onStuck(candidate, problem);
  }
  if (!dryRun) {
    const data = gone.flatMap(({ weighed, pieceName }) =>
      pieceName === undefined ? weighed.dataNames.map((name) => join(weighed.folder, name)) : [],
    );
    if (data.length > 0) await shelf.removal.removeAllData(data);
  }
  if (!dryRun) await note(accounts, gone);
  return gone.reduce((sum, candidate) => plus(sum, candidate.usage), nothing);
}

async function note(accounts: Accounts, gone: readonly Candidate[]): Promise<void> {
  const shards = new Map<string, { readonly entry: string; readonly usage: Usage }>();
  for (const { weighed, usage } of gone) {
    const before = shards.get(weighed.folder)?.usage ?? nothing;
    shards.set(weighed.folder, { entry: weighed.entry, usage: minus(before, usage) });
  }
  for (const { entry, usage } of shards.values()) await accounts.note(entry, usage);
}

function nameOf({ weighed, pieceName }: Candidate): string {
  return pieceName ?? recordName(weighed.entry);
}
