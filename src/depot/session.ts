/**
 * What depots derived from one another share: the disk, connections, caches, the memory store. Opens each thing when it is
 * first needed, once.
 */
import { randomUUID } from "node:crypto";
import { hostname, tmpdir } from "node:os";
import { type Cache, type Circuit, openCache, openCircuit } from "../cache/index.ts";
import { type Disk, HeldFolders, openNodeDisk } from "../disk/index.ts";
import { EntrepotError, isEntrepotError } from "../error/index.ts";
import { openTransport, type PacedTransport, type Transport, withPace } from "../net/index.ts";
import {
  type Clock,
  type ObjectStore,
  openLocalStore,
  openMemoryStore,
  type S3Service,
  safeListener,
  systemClock,
} from "../store/index.ts";
import { MemoryBudget } from "./memory-budget.ts";
import type { DepotEvent } from "./options.ts";
import { processWarnings } from "./process-warnings.ts";
import { type CaFile, proxyOf, readCertificates } from "./reach.ts";
import type { Settings } from "./settings.ts";

/** What a test or the command line decides below the options. */
export interface DepotSeams {
  readonly disk?: Disk | undefined;
  readonly clock?: Clock | undefined;
  /** Default: one of our own per depot. */
  readonly transport?: Transport | undefined;
  /** Stands around each transport that is opened. */
  readonly watch?: ((transport: Transport) => Transport) | undefined;
  /** `"few"` for a command that makes some requests and ends: starts and ends sooner. Default `"many"`. */
  readonly workload?: "many" | "few" | undefined;
}

type EventListener = (event: DepotEvent) => void;

export class Session {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly budget: MemoryBudget = new MemoryBudget();
  /** For depots that nobody listens to. */
  readonly warnings: EventListener = processWarnings();
  readonly memory: ObjectStore;
  /** No other memory is this one. */
  readonly memoryName: string = `memory ${randomUUID()}`;
  readonly files: ObjectStore;
  readonly #seams: DepotSeams;
  readonly #transports = new Map<string, PacedTransport>();
  readonly #caches = new Map<string, Cache>();
  readonly #services = new Services();
  readonly #circuits = new Map<string, Circuit>();
  readonly #listeners = new WeakMap<EventListener, EventListener>();
  readonly #endings = new Set<(reason: unknown) => void>();
  #answeredMs = Number.NEGATIVE_INFINITY;
  #scratch: Promise<string> | undefined;
  #closed = false;

  constructor(seams: DepotSeams) {
    this.#seams = seams;
    this.disk = seams.disk ?? openNodeDisk();
    this.clock = seams.clock ?? systemClock;
    this.memory = openMemoryStore({ uri: "memory:///", now: () => this.clock.now() });
    this.files = openLocalStore({ disk: this.disk, root: "/", uri: "file:///", now: () => this.clock.now() });
  }

  /** The connections for these settings and their pace, shared by all who have the same. `caFile` is read before the first request. */
  transport({ concurrency, reach, env }: Settings, caFile: CaFile | undefined = reach.caFile): PacedTransport {
    this.assertOpen();
    const { transport: given, watch = (transport) => transport, workload } = this.#seams;
    const { httpsProxy, httpProxy, noProxy } = reach;
    const name = JSON.stringify([concurrency, httpsProxy, httpProxy, noProxy, caFile]);
    let transport = this.#transports.get(name);
    if (transport === undefined) {
      const certificates = () => readCertificates(caFile, env, this.disk);
      const opened = given ?? watch(openTransport({ concurrency, workload, proxy: proxyOf(reach), certificates }));
      transport = withPace(opened, {
        most: concurrency,
        now: () => this.clock.now(),
        onAnswer: () => {
          this.#answeredMs = this.clock.now();
        },
      });
      this.#transports.set(name, transport);
    }
    return transport;
  }

  /** When any server last answered anything, milliseconds since 1970; `-Infinity` before the first. */
  get answeredMs(): number {
    return this.#answeredMs;
  }

  /** The cache as one depot sees it: with its limits, and warning it. Depots with the same folder share what is in it. */
  cache(settings: Settings, warn: (error: EntrepotError) => void): Cache | undefined {
    if (settings.cache === false) return undefined;
    const { dir, maxAgeMs: _, ...view } = settings.cache;
    let cache = this.#caches.get(dir);
    if (cache === undefined) {
      // Not in the folder itself: what it cannot keep would find no room there either.
      const tempDir = () => this.scratchFolder();
      const sudoUid = Number(settings.env["SUDO_UID"]) || undefined;
      cache = openCache({ disk: this.disk, dir, now: () => this.clock.now(), host: hostname(), tempDir, sudoUid });
      this.#caches.set(dir, cache);
    }
    return cache.with({ ...view, onWarning: warn });
  }

  /**
   * The S3 service of this name, opened once: it holds the credentials. `parts` are what a name cannot say; a service goes with
   * them. A failed opening is not remembered, so that a corrected profile works at the next call.
   */
  service(name: string, parts: readonly (object | undefined)[], open: () => Promise<S3Service>): Promise<S3Service> {
    let services = this.#services;
    for (const part of parts) services = services.below(part);
    let service = services.named.get(name);
    if (service === undefined) {
      service = open();
      services.named.set(name, service);
      service.catch(() => services.named.delete(name));
    }
    return service;
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

  /** The origins that were asked so far, and what is known of them. */
  circuits(): readonly (readonly [origin: string, circuit: Circuit])[] {
    return [...this.#circuits];
  }

  /** A private folder for files on their way; removed by `close`. A failure is not remembered: a full disk may have room later. */
  scratchFolder(): Promise<string> {
    if (this.#scratch === undefined) {
      const making = this.#makeScratch();
      this.#scratch = making;
      making.catch(() => {
        if (this.#scratch === making) this.#scratch = undefined;
      });
    }
    return this.#scratch;
  }

  async #makeScratch(): Promise<string> {
    const folders = new HeldFolders({ above: tmpdir(), prefix: "entrepot-scratch-", disk: this.disk });
    try {
      return await folders.sweepAndMake();
    } catch (error) {
      // To a reader, not-found would say that the object does not exist.
      if (!isEntrepotError(error, "not-found")) throw error;
      const hint = "Name a folder that exists in TMPDIR.";
      throw new EntrepotError("misconfigured", `there is no place for temporary files: ${error.message}`, {
        hint,
        cause: error,
      });
    }
  }

  /** Calls `end` when the depot is closed; what it gives takes that back. */
  whenClosed(end: (reason: unknown) => void): () => void {
    this.assertOpen();
    this.#endings.add(end);
    return () => void this.#endings.delete(end);
  }

  /** The listener as it may be called: it breaks nothing. The same one for all depots that were given it, which share services. */
  listener(onEvent: EventListener | undefined): EventListener | undefined {
    if (onEvent === undefined) return undefined;
    let safe = this.#listeners.get(onEvent);
    if (safe === undefined) {
      safe = safeListener(onEvent, "onEvent");
      this.#listeners.set(onEvent, safe);
    }
    return safe;
  }

  assertOpen(): void {
    if (this.#closed) throw closedError();
  }

  /** Ends streams that are half read, waits for other calls, and tidies up; what fails does not keep the rest from its end. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const end of [...this.#endings]) end(closedError());
    // One that was given is closed by whoever opened it.
    const opened = this.#seams.transport === undefined ? [...this.#transports.values()] : [];
    const outcomes = [
      ...(await Promise.allSettled(opened.map((transport) => transport.close()))),
      ...(await Promise.allSettled([...this.#caches.values()].map((cache) => cache.close()))),
      ...(await Promise.allSettled([this.#removeScratch()])),
    ];
    const failed = outcomes.find((outcome) => outcome.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  }

  async #removeScratch(): Promise<void> {
    const folder = await this.#scratch?.catch(() => undefined);
    if (folder !== undefined) await this.disk.removeTree(folder);
  }
}

/** Services by name and, one level each, by the identity of objects that must not be kept alive by that. */
class Services {
  readonly named = new Map<string, Promise<S3Service>>();
  readonly #below = new WeakMap<object, Services>();

  below(part: object | undefined): Services {
    const key = part ?? this;
    let services = this.#below.get(key);
    if (services === undefined) {
      services = new Services();
      this.#below.set(key, services);
    }
    return services;
  }
}

function closedError(): TypeError {
  return new TypeError("this depot was closed");
}
