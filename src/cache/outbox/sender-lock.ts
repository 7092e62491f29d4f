/**
 * Who sends a queued change, so that two processes do not send it at once. Only a hint: without it, or with it taken away, a change
 * that is sent twice changes nothing.
 */
import { type ProcessOwner, systemProcesses } from "../../disk/index.ts";
import { isEntrepotError } from "../../error/index.ts";
import type { OutboxFolder } from "./outbox-folder.ts";

/** For how long a process that nobody can look at is believed to be sending, milliseconds. */
const foreignMs = 600_000;

/** What ends it, and never fails; `undefined` while another process sends the change, or this one. */
export async function takeSending(folder: OutboxFolder, stem: string): Promise<(() => Promise<void>) | undefined> {
  const { disk } = folder;
  const path = folder.pathOf(stem, "lock");
  const processes = systemProcesses(disk);
  const bytes = Buffer.from(JSON.stringify(await processes.self()));
  for (let tries = 0; tries < 2; tries += 1) {
    try {
      await disk.writeFile(path, bytes, { mode: 0o600, exclusive: true });
      return async () => void (await disk.removeFile(path).catch(() => undefined));
    } catch (error) {
      if (!isEntrepotError(error)) throw error;
      // A disk that takes no lock is no reason not to send.
      if (error.code !== "already-exists") return async () => undefined;
    }
    if (!(await isLeft(folder, path, processes.liveness))) return undefined;
    await disk.removeFile(path).catch(() => undefined);
  }
  return undefined;
}

async function isLeft(
  { disk, now }: OutboxFolder,
  path: string,
  liveness: (owner: ProcessOwner) => Promise<"alive" | "dead" | "unknown">,
): Promise<boolean> {
  try {
    const { bytes, stat } = await disk.readFile(path, { maxBytes: 4096 });
    const state = await liveness(JSON.parse(new TextDecoder().decode(bytes)) as ProcessOwner);
    return state === "dead" || (state === "unknown" && Math.abs(now() - stat.modifiedMs) > foreignMs);
  } catch {
    // Gone, or no lock of ours.
    return true;
  }
}
