/**
 * What depots derived from one another share: the disk, connections, caches, the memory store. Opens each thing when it is
 * first needed, once.
 */
import { randomUUID } from "node:crypto";
import { hostname, tmpdir } from "node:os";
import { type Cache, type Circuit, openCache, openCircuit } from "../cache/index.ts";
import { type Disk, openNodeDisk } from "../disk/index.ts";
import type { EntrepotError } from "../error/index.ts";
import { openTransport, type Transport } from "../net/index.ts";
import { type Clock, type ObjectStore, openLocalStore, openMemoryStore, systemClock } from "../store/index.ts";
import type { Settings } from "./settings.ts";

/** What a test or the command line decides below the options. */
export interface DepotSeams {
  readonly disk?: Disk | undefined;
  readonly clock?: Clock | undefined;
  /** Default: one of our own per depot. */
  readonly transport?: Transport | undefined;
  /** `"few"` for a command that makes some requests and ends: starts and ends sooner. Default `"many"`. */
  readonly workload?: "many" | "few" | undefined;
}

export class Session {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly memory: ObjectStore;
  readonly files: ObjectStore;
  readonly #seams: DepotSeams;
  readonly #transports = new Map<number, Transport>();
  readonly #caches = new Map<string, Cache>();
  readonly #circuits = new Map<string, Circuit>();
  readonly #warned = new Set<string>();
  #scratch: Promise<string> | undefined;
  #closed = false;

  constructor(seams: DepotSeams) {
    this.#seams = seams;
    this.disk = seams.disk ?? openNodeDisk();
    this.clock = seams.clock ?? systemClock;
    this.memory = openMemoryStore({ uri: "memory:///", now: () => this.clock.now() });
    this.files = openLocalStore({ disk: this.disk, root: "/", uri: "file:///", now: () => this.clock.now() });
  }

  transport(concurrency: number): Transport {
    this.assertOpen();
    if (this.#seams.transport !== undefined) return this.#seams.transport;
    let transport = this.#transports.get(concurrency);
    if (transport === undefined) {
      transport = openTransport({ concurrency, workload: this.#seams.workload });
      this.#transports.set(concurrency, transport);
    }
    return transport;
  }

  /** The cache as one depot sees it: with its limits, and warning it. Depots with the same folder share what is in it. */
  cache(settings: Settings, warn: (error: EntrepotError) => void): Cache | undefined {
    if (settings.cache === false) return undefined;
    const { dir, mode, maxBytes } = settings.cache;
    let cache = this.#caches.get(dir);
    if (cache === undefined) {
      cache = openCache({ disk: this.disk, dir, now: () => this.clock.now(), host: hostname() });
      this.#caches.set(dir, cache);
    }
    return cache.with({ mode, maxBytes, onWarning: warn });
  }

  /** What is known of an origin's reachability, by all who ask it. */
  circuit(origin: string): Circuit {
    let circuit = this.#circuits.get(origin);
    if (circuit === undefined) {
      circuit = openCircuit(() => this.clock.now());
      this.#circuits.set(origin, circuit);
    }
    return circuit;
  }

  /** A private folder for files on their way; removed by `close`. */
  scratchFolder(): Promise<string> {
    this.#scratch ??= (async () => {
      const folder = `${tmpdir()}/entrepot-${randomUUID()}`;
      await this.disk.makeFolder(folder, 0o700);
      return folder;
    })();
    return this.#scratch;
  }

  /** Whether this text is new; each warning is printed once. */
  firstWarning(text: string): boolean {
    if (this.#warned.has(text)) return false;
    if (this.#warned.size < 1_000) this.#warned.add(text);
    return true;
  }

  assertOpen(): void {
    if (this.#closed) throw new TypeError("this depot was closed");
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.all([...this.#transports.values()].map((transport) => transport.close()));
    await Promise.all([...this.#caches.values()].map((cache) => cache.close()));
    if (this.#scratch !== undefined) await this.disk.removeTree(await this.#scratch);
  }
}
