/**
 * Makes sure that a folder is a server's own, and of one server at a time: what nobody names is removed at the start, so
 * neither a user's files nor the uploads of a running server may lie there.
 */
import { join } from "node:path";
import { type Disk, isPendingName, type ProcessOwner, type ProcessTable } from "../../disk/index.ts";
import { EntrepotError, isEntrepotError } from "../../error/index.ts";

const markerName = "entrepot-server.json";
const lockName = "entrepot-server.lock";
const format = 1;
/** Small: one record each. */
const maxBytes = 64 * 1024;

/**
 * Takes the folder, made when missing, until the function that it resolves with is called. Errors: busy while another
 * server has it, not-empty when it holds what no server put there, unsupported for a newer format, and the disk's.
 */
export async function claimFolder(disk: Disk, folder: string, processes: ProcessTable): Promise<() => Promise<void>> {
  await disk.makeFolder(folder);
  await requireOwn(disk, folder);
  const lock = join(folder, lockName);
  await takeLock(disk, lock, folder, processes);
  try {
    const marker = new TextEncoder().encode(`${JSON.stringify({ type: "entrepot-server", format })}\n`);
    await disk.writeFile(join(folder, markerName), marker, { durable: true });
  } catch (error) {
    await disk.removeFile(lock);
    throw error;
  }
  return async () => {
    await disk.removeFile(lock);
  };
}

async function requireOwn(disk: Disk, folder: string): Promise<void> {
  const marker = await readRecord<{ readonly format?: unknown }>(disk, join(folder, markerName));
  if (marker !== undefined) {
    if (marker.format === format) return;
    throw new EntrepotError("unsupported", `${folder} was written by another version of this server`, {
      hint: "serve another folder",
    });
  }
  const names = ((await disk.readFolder(folder)) ?? []).map(({ name }) => name);
  const foreign = names.find((name) => !name.startsWith(".") && name !== lockName && !isPendingName(name));
  if (foreign === undefined) return;
  throw new EntrepotError("not-empty", `${folder} holds ${JSON.stringify(foreign)}, which is not of this server`, {
    hint: "give an empty or a new folder: the server keeps objects in a form of its own, and does not serve files that lie there; upload those",
  });
}

async function takeLock(disk: Disk, lock: string, folder: string, processes: ProcessTable): Promise<void> {
  const record = new TextEncoder().encode(JSON.stringify(await processes.self()));
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      await disk.writeFile(lock, record, { exclusive: true });
      return;
    } catch (error) {
      if (!isEntrepotError(error, "already-exists")) throw error;
    }
    const owner = await readRecord<ProcessOwner>(disk, lock);
    if (owner !== undefined && (await processes.liveness(owner)) !== "dead") {
      throw new EntrepotError("busy", `another server has ${folder}: process ${owner.pid} on ${owner.host}`, {
        hint: `stop it, or serve another folder; if there is no such server, remove ${lock}`,
      });
    }
    await disk.removeFile(lock);
  }
  throw new EntrepotError("busy", `other servers are taking ${folder} at the same time`, {
    hint: "serve another folder",
  });
}

/** `undefined` when there is none, or none that can be read. */
async function readRecord<T>(disk: Disk, path: string): Promise<T | undefined> {
  if ((await disk.stat(path)) === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode((await disk.readFile(path, { maxBytes })).bytes));
    return typeof value === "object" && value !== null ? (value as T) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || isEntrepotError(error, "not-found")) return undefined;
    throw error;
  }
}
