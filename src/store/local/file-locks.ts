/**
 * One writer at a time per file, also between processes: a lock file beside it, held for the moment of publishing.
 * A lock whose process died is broken, by one breaker at a time; one of another machine after a minute.
 */
import { hash, randomBytes } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Disk, FileStat, ProcessOwner, ProcessTable } from "../../disk/index.ts";
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import { untilAborted } from "../until-aborted.ts";

/** Waiting ends with `busy` when one and the same lock was in the way for this long, milliseconds: a queue that moves is waited for. */
const patienceMs = 10_000;
/** A lock of a process that cannot be asked counts as abandoned after this long, milliseconds. */
const foreignMs = 60_000;

interface LockRecord {
  readonly token: string;
  /** Which `FileLocks` made it: one that it does not know any more is left over from a failure. */
  readonly maker: string;
  readonly owner: ProcessOwner;
}

type FoundLock = LockRecord & { readonly modifiedMs: number };

interface FileLocksOptions {
  readonly disk: Disk;
  readonly processes: ProcessTable;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export class FileLocks {
  readonly #options: FileLocksOptions;
  readonly #maker: string = randomBytes(16).toString("hex");
  readonly #held = new Set<string>();

  constructor(options: FileLocksOptions) {
    this.#options = options;
  }

  /** Runs `action` while nobody else holds `path`. Errors: busy, `signal.reason`, those of `action`. */
  async holding<T>(path: string, signal: AbortSignal | undefined, action: () => Promise<T>): Promise<T> {
    return this.#locked(lockPath(path), path, signal, action);
  }

  async #locked<T>(lock: string, of: string, signal: AbortSignal | undefined, action: () => Promise<T>): Promise<T> {
    const token = await this.#acquire(lock, of, signal);
    try {
      return await action();
    } finally {
      await this.#remove(lock);
      // Only now: a lock whose token is not held counts as left over, and would be broken under our hands.
      this.#held.delete(token);
    }
  }

  async #acquire(lock: string, of: string, signal: AbortSignal | undefined): Promise<string> {
    const { disk, processes, now } = this.#options;
    const token = randomBytes(16).toString("hex");
    const record: LockRecord = { token, maker: this.#maker, owner: await processes.self() };
    const bytes = new TextEncoder().encode(JSON.stringify(record));
    let inTheWay: string | undefined;
    let deadline = 0;
    for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 2, 50)) {
      signal?.throwIfAborted();
      this.#held.add(token);
      try {
        await disk.writeFile(lock, bytes, { exclusive: true });
        return token;
      } catch (error) {
        const exists = isEntrepotError(error, "already-exists");
        // An error may come after the lock has got its name.
        if (!exists && (await this.#read(lock).catch(() => undefined))?.token === token) await this.#remove(lock);
        this.#held.delete(token);
        if (!exists) throw error;
      }
      const found = await this.#read(lock);
      if (found === undefined || (await this.#breakIfStale(found, lock, of, signal))) continue;
      if (found.token !== inTheWay) deadline = now() + patienceMs;
      inTheWay = found.token;
      if (now() > deadline) throw busy(of, lock);
      await untilAborted(sleep(pauseMs * (0.5 + Math.random())), signal);
    }
  }

  /** True when it is worth trying again at once. */
  async #breakIfStale(found: FoundLock, lock: string, of: string, signal: AbortSignal | undefined): Promise<boolean> {
    if (!(await this.#isStale(found))) return false;
    // Whoever holds the ticket for this very lock may remove it; otherwise a slower breaker would remove its successor.
    const ticket = lockPath(join(dirname(lock), found.token));
    await this.#locked(ticket, of, signal, async () => {
      if ((await this.#read(lock))?.token === found.token) await this.#options.disk.removeFile(lock);
    });
    return true;
  }

  /** One that cannot be removed counts as left over. */
  async #remove(lock: string): Promise<void> {
    const remove = (): Promise<boolean> => this.#options.disk.removeFile(lock);
    await remove()
      .catch(remove)
      .catch(() => false);
  }

  async #isStale(record: FoundLock): Promise<boolean> {
    if (record.maker === this.#maker) return !this.#held.has(record.token);
    const liveness = await this.#options.processes.liveness(record.owner);
    return liveness === "unknown" ? this.#options.now() - record.modifiedMs > foreignMs : liveness === "dead";
  }

  async #read(lock: string): Promise<FoundLock | undefined> {
    try {
      const { bytes, stat } = await this.#options.disk.readFile(lock, { maxBytes: 4096 });
      return { ...parseRecord(new TextDecoder().decode(bytes), stat), modifiedMs: stat.modifiedMs };
    } catch (error) {
      if (isEntrepotError(error, "not-found")) return undefined;
      throw error;
    }
  }
}

/** A lock that lost its contents in a power failure still has an age. */
function parseRecord(text: string, stat: FileStat): LockRecord {
  try {
    const record = JSON.parse(text) as Partial<LockRecord> | null;
    if (typeof record?.token === "string" && typeof record.owner?.pid === "number") return record as LockRecord;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  const owner: ProcessOwner = { host: "", boot: "", namespace: "", pid: 0, start: "" };
  return { token: `${stat.inode}-${stat.changedNs}`, maker: "", owner };
}

/** Of a fixed length, so that it can stand beside any name. */
function lockPath(path: string): string {
  return join(dirname(path), `.entrepot-${hash("sha256", basename(path), "hex").slice(0, 32)}.lock`);
}

function busy(path: string, lock: string): EntrepotError {
  const hint = `wait for the other process, or remove ${lock} when nobody works there any more`;
  return new EntrepotError("busy", `Someone else is writing ${path}`, { hint });
}
