/** Results at any address of a depot, shared by machines: objects that never change, made by conditional writes. */
import { randomUUID } from "node:crypto";
import type { Depot } from "../../../depot/index.ts";
import { unwatched } from "../../../depot/index.ts";
import { openNodeDisk, type ProcessOwner, type ProcessTable, systemProcesses } from "../../../disk/index.ts";
import { isEntrepotError } from "../../../error/index.ts";
import type { Held, LockState, Shelf, Shelved } from "./shelf.ts";

const usedEveryMs = 86_400_000;
const usedName = ".used";
const beatMs = 10_000;
/** So long a lock has to stay as it is, by this machine's clock, before a holder on another is taken for dead, and one here for stopped. */
const silentMs = 35_000;

export class DepotShelf implements Shelf {
  readonly uri: string;
  readonly isLocal = false;
  readonly #data: Depot;
  readonly #now: () => number;
  readonly #processes: ProcessTable = systemProcesses(openNodeDisk());
  /** Locks of others, and since when they have been as they are. */
  readonly #watched = new Map<string, { readonly etag: string; readonly sinceMs: number }>();

  constructor(data: Depot, uri: string, now: () => number) {
    this.#data = data;
    this.#now = now;
    this.uri = uri;
  }

  async names(
    folder: string,
    prefix: string,
    signal?: AbortSignal,
  ): Promise<readonly Pick<Shelved, "name" | "usedMs">[]> {
    const entries = await unwatched(() =>
      this.#data.list(`${this.uri}${folder}${prefix}`, { prefix: true, signal }).toArray(),
    );
    return entries.map(({ uri, modifiedMs }) => ({
      name: uri.slice(this.uri.length + folder.length),
      usedMs: modifiedMs,
    }));
  }

  async all(folder: string, signal?: AbortSignal): Promise<readonly Shelved[]> {
    const entries = await unwatched(() => this.#data.list(`${this.uri}${folder}`, { signal }).toArray());
    const used = new Map<string, number>();
    for (const { path, modifiedMs } of entries)
      if (path.endsWith(usedName)) used.set(path.slice(0, -usedName.length), modifiedMs);
    return entries
      .filter(({ path }) => !path.endsWith(usedName))
      .map(({ path, sizeBytes, modifiedMs }) => ({
        name: path,
        sizeBytes,
        usedMs: Math.max(modifiedMs, used.get(keyOf(path)) ?? 0),
      }));
  }

  async read(name: string, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return unwatched(() => this.#data.readBytes(this.uri + name, { onError: "allow-missing", signal }));
  }

  pathOf(): undefined {
    return undefined;
  }

  async create(name: string, pieces: readonly Uint8Array[]): Promise<void> {
    const bytes = pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
    await unwatched(async () => {
      try {
        await this.#data.writeBytes(this.uri + name, bytes, { ifNoneMatch: "*" });
      } catch (error) {
        if (isEntrepotError(error, "already-exists")) return;
        // where there are no conditional writes: the same name always has the same bytes
        if (!isEntrepotError(error, "unsupported")) throw error;
        await this.#data.writeBytes(this.uri + name, bytes);
      }
    });
  }

  async remove(name: string): Promise<boolean> {
    return unwatched(async () => {
      await this.#data.remove(this.uri + name);
      return true;
    });
  }

  async use(name: string, usedMs: number): Promise<void> {
    if (this.#now() - usedMs < usedEveryMs) return;
    const marker = `${this.uri}${keyOf(name)}${usedName}`;
    await unwatched(() => this.#data.writeBytes(marker, new Uint8Array())).catch(() => undefined);
  }

  async lock(name: string): Promise<Held | Exclude<LockState, "free">> {
    const uri = this.uri + name;
    const text = JSON.stringify({ owner: await this.#processes.self(), hold: randomUUID() });
    return unwatched(async () => {
      for (let tries = 0; tries < 2; tries += 1) {
        try {
          const { etag } = await this.#data.writeText(uri, text, { ifNoneMatch: "*" });
          return this.#held(uri, text, etag);
        } catch (error) {
          // only an optimisation: without locks two may compute the same
          if (!isEntrepotError(error, "already-exists", "precondition-failed"))
            return { release: async () => undefined };
          const state = await this.#state(uri, { own: text, takeAway: true });
          // the answer to a write that had come through may have been lost
          if (typeof state === "object") return this.#held(uri, text, state.etag);
          if (state !== "free") return state;
        }
      }
      return "held";
    });
  }

  async lockState(name: string): Promise<LockState> {
    return unwatched(async () => {
      const state = await this.#state(this.uri + name, { own: undefined, takeAway: false });
      return typeof state === "object" ? "held" : state;
    });
  }

  /** Nothing is known of what another machine holds: bytes are checked each time. */
  async witness(): Promise<undefined> {
    return undefined;
  }

  async isWitnessed(): Promise<boolean> {
    return false;
  }

  async setWitness(): Promise<void> {}

  async sweep(keys: ReadonlySet<string>, signal?: AbortSignal): Promise<void> {
    const entries = await unwatched(() => this.#data.list(`${this.uri}keys/`, { signal }).toArray());
    for (const { uri, path } of entries) {
      if (!path.endsWith(usedName) || keys.has(path.slice(path.lastIndexOf("/") + 1, -usedName.length))) continue;
      await unwatched(() => this.#data.remove(uri));
    }
  }

  async close(): Promise<void> {}

  #held(uri: string, text: string, first: string): Held {
    let etag = first;
    let beats = 0;
    const beat = async (): Promise<void> => {
      beats += 1;
      ({ etag } = await this.#data.writeText(uri, `${text}\n${beats}`, { ifMatch: etag }));
    };
    let beating: Promise<void> = Promise.resolve();
    const timer = setInterval(() => {
      // one after the other: a slow one is not overtaken
      beating = beating.then(() => unwatched(beat)).catch(() => undefined);
    }, beatMs);
    timer.unref();
    const release = async (): Promise<void> => {
      clearInterval(timer);
      // else it would be written anew behind this, and stay as long as this process lives
      await beating;
      await unwatched(() => this.#removeOwn(uri, text, etag)).catch(() => undefined);
    };
    return { release };
  }

  async #removeOwn(uri: string, text: string, etag: string): Promise<void> {
    try {
      await this.#data.remove(uri, { ifMatch: etag });
    } catch (error) {
      if (!isEntrepotError(error, "precondition-failed")) throw error;
      // the answer to a beat that had come through was lost, or somebody has taken the lock over
      const found = await this.#read(uri);
      if (found?.text.startsWith(text) === true) await this.#data.remove(uri, { ifMatch: found.etag });
    }
  }

  async #read(uri: string): Promise<{ readonly etag: string; readonly text: string } | undefined> {
    const file = await this.#data.open(uri, { onError: "allow-missing", cache: "bypass" });
    if (file === undefined) return undefined;
    try {
      return { etag: file.etag, text: new TextDecoder().decode(await file.bytes()) };
    } finally {
      await file.close();
    }
  }

  /** With `takeAway`, a dead holder's lock is gone afterwards. Of one's own, its ETag. */
  async #state(
    uri: string,
    { own, takeAway }: { readonly own: string | undefined; readonly takeAway: boolean },
  ): Promise<LockState | { readonly etag: string }> {
    const found = await this.#read(uri).catch(() => undefined);
    if (found === undefined) return "free";
    const { etag, text } = found;
    if (own !== undefined && text.startsWith(own)) return { etag };
    const owner = ownerOf(text);
    const life = owner === undefined ? "unknown" : await this.#processes.liveness(owner);
    const isSilent = life !== "dead" && this.#isSilent(uri, etag);
    if (life === "alive") return isSilent ? "silent" : "held";
    if (life === "unknown" && !isSilent) return "held";
    if (takeAway) await this.#data.remove(uri, { ifMatch: etag }).catch(() => undefined);
    return "free";
  }

  #isSilent(uri: string, etag: string): boolean {
    const known = this.#watched.get(uri);
    if (known?.etag === etag) return this.#now() - known.sinceMs >= silentMs;
    this.#watched.set(uri, { etag, sinceMs: this.#now() });
    return false;
  }
}

/** Up to the end of the key that a name begins with. */
function keyOf(name: string): string {
  return name.slice(0, name.indexOf(".", name.lastIndexOf("/")));
}

function ownerOf(text: string): ProcessOwner | undefined {
  try {
    const { owner } = JSON.parse(text.split("\n", 1)[0] ?? "") as { readonly owner?: ProcessOwner };
    return typeof owner?.pid === "number" ? owner : undefined;
  } catch {
    return undefined;
  }
}
