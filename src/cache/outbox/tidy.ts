/** What crashes leave in the outbox. Nothing that a user was told to be queued is ever among it. */
import type { Condition } from "./entry.ts";
import type { OutboxName } from "./names.ts";
import type { OutboxFolder } from "./outbox-folder.ts";

/** A pending file that nobody has written to for so long belongs to a dead process, milliseconds. */
const pendingAgeMs = 3_600_000;
/** Whoever is about to queue behind a change needs its receipt, milliseconds. */
const receiptAgeMs = 86_400_000;
/** Bytes whose record was never written: somebody may be about to write it, milliseconds. */
const strayAgeMs = 7 * 86_400_000;

/** Ends what was begun, takes away what is left of it, and gives the names that remain. */
export async function tidied(folder: OutboxFolder): Promise<readonly OutboxName[]> {
  const names = await folder.names();
  if (names.length === 0) return names;
  const { disk } = folder;
  await disk.removeStalePending(folder.path, pendingAgeMs);
  const has = (stem: string, kind: OutboxName["kind"]) =>
    names.some((name) => name.stem === stem && name.kind === kind);
  const needed = new Set<string>();
  for (const name of names) {
    const change = name.kind === "json" ? await folder.change(name) : "gone";
    if (typeof change !== "string") addAfter(needed, change.condition);
    const receipt = name.kind === "done" ? await folder.receipt(name) : undefined;
    if (receipt !== undefined) addAfter(needed, receipt.condition);
  }
  for (const { stem, id, kind } of names) {
    const path = folder.pathOf(stem, kind);
    if (kind === "done") {
      if ((await folder.receipt({ stem, id })) === undefined) {
        // It says nothing: what it stood for is queued as before.
        if (has(stem, "json")) await disk.removeFile(path);
      } else if (has(stem, "json")) await folder.sweep(stem);
      else if (!needed.has(id) && (await isOlder(folder, path, receiptAgeMs))) await disk.removeFile(path);
    }
    if (has(stem, "json") || kind === "done" || kind === "json") continue;
    if (kind === "data" && !has(stem, "done") && !(await isOlder(folder, path, strayAgeMs))) continue;
    if (kind === "lock" && !(await isOlder(folder, path, pendingAgeMs))) continue;
    await disk.removeFile(path);
  }
  return folder.names();
}

function addAfter(needed: Set<string>, { after }: Condition): void {
  if (after !== undefined) needed.add(after);
}

async function isOlder({ disk, now }: OutboxFolder, path: string, ageMs: number): Promise<boolean> {
  const stat = await disk.stat(path);
  return stat !== undefined && now() - stat.modifiedMs > ageMs;
}
