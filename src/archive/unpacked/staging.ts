/**
 * A folder that nobody else looks into, beside the one that it is to become: what is unpacked lies there until all of it is right, and
 * what it replaces until the new one is in its place. What a process that was killed has left is settled by the next one.
 */
import { randomBytes } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { type Disk, pendingName } from "../../disk/index.ts";
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import { partsOf, settle } from "./settle.ts";

export interface Staging {
  /** Empty at first. */
  readonly path: string;
  /** Whether it lies in the target, because it cannot lie beside it. */
  readonly isInside: boolean;
  /** Where what the target holds waits until it is replaced. It can be brought back from there, whoever is killed meanwhile. */
  openPrevious(): Promise<string>;
  /** From here on what was unpacked becomes visible, name by name; gives where the names are. For a staging inside. */
  openPublishing(): Promise<string>;
  /** From here on what was unpacked goes over what the target holds; gives where it is. Whoever is killed meanwhile, the rest follows. */
  openMerging(): Promise<string>;
  /** Brings back what was not replaced, ends a merge, removes the rest. */
  close(): Promise<void>;
}

/** `target` is an absolute path without links at its end, of a folder or of nothing. Errors of the disk. */
export async function openStaging(disk: Disk, target: string): Promise<Staging> {
  const parent = dirname(target);
  const there = await disk.stat(target);
  if (there === undefined) await disk.makeFolder(parent);
  const beside = await disk.stat(parent, { followLinks: true });
  // a folder that something was mounted on cannot be replaced
  if (there !== undefined && there.device !== beside?.device) return stagingIn(disk, target, undefined);
  try {
    return await stagingIn(disk, parent, basename(target));
  } catch (error) {
    if (there === undefined || !isEntrepotError(error, "forbidden", "read-only")) throw error;
    return stagingIn(disk, target, undefined);
  }
}

/** `name` is that of the target in the folder; without it the folder is the target. */
async function stagingIn(disk: Disk, folder: string, name: string | undefined): Promise<Staging> {
  const outer = join(folder, pendingName(randomBytes(16).toString("hex")) + (await ownMark(disk, folder)));
  const parts = partsOf(outer);
  await disk.makeFolder(outer, 0o700);
  // says whose it is, for as long as this process lives
  const marker = await disk.createPending(outer);
  try {
    await disk.makeFolder(parts.content);
  } catch (error) {
    await marker.discard();
    throw error;
  }
  return {
    path: parts.content,
    isInside: name === undefined,
    async openPrevious() {
      if (name === undefined) await disk.makeFolder(parts.previous);
      else await disk.writeNew(parts.replaces, new TextEncoder().encode(name));
      return parts.previous;
    },
    async openPublishing() {
      await disk.rename(parts.content, parts.publishing);
      return parts.publishing;
    },
    async openMerging() {
      await disk.writeNew(parts.merges, new TextEncoder().encode(name ?? "."));
      await disk.rename(parts.content, parts.merging);
      return parts.merging;
    },
    async close() {
      try {
        await settle(disk, outer);
      } catch (error) {
        throw unsettled(outer, error);
      } finally {
        await marker.discard();
      }
      await disk.removeFolder(outer);
    },
  };
}

/** What pending names of this process end in, so that even an empty folder says whose it is. */
async function ownMark(disk: Disk, folder: string): Promise<string> {
  const pending = await disk.createPending(folder);
  await pending.discard();
  return basename(pending.path).slice(pendingName("0".repeat(32)).length);
}

function unsettled(outer: string, cause: unknown): EntrepotError {
  const hint = "once the disk works again, unpack there anew: what was there before is brought back first";
  return new EntrepotError("io", `what was to be replaced or removed lies in ${outer} still`, { cause, hint });
}
