/**
 * The cache of one folder: local copies that are validated by ETag, verified by checksum, bounded in size and readable
 * offline. Others may have the same folder open, in this process or another.
 */
import { join, resolve } from "node:path";
import type { Disk } from "../disk/index.ts";
import { EntrepotError, isEntrepotError } from "../error/index.ts";
import type { BucketStore, ObjectStore } from "../store/index.ts";
import { CacheFolder } from "./cache-folder.ts";
import { cachedBucketStore, cachedStore, standsFor } from "./cached-store.ts";
import type { CachedStore } from "./contract.ts";
import type { Desk, WrapOptions } from "./desk.ts";
import { Keeper } from "./limits/keeper.ts";
import { areLimits, type Limits } from "./limits/limits.ts";
import type { Premises } from "./limits/survey.ts";
import type { Ticks } from "./locks/index.ts";
import type { Holdings } from "./maintain.ts";
import type { Outbox } from "./outbox/outbox.ts";
import type { OutboxPlace } from "./outbox/outbox-folder.ts";
import { withOutbox } from "./outbox/with-outbox.ts";
import { PinFolder } from "./pins/pin-folder.ts";
import type { Pin } from "./pins/pin-format.ts";
import type { Readiness, ReadinessOptions } from "./pins/ready.ts";
import type { PruneLimits, RemovalOptions } from "./prune.ts";
import { openFlights } from "./read-whole.ts";
import { Shelf } from "./shelf.ts";
import type { KeptEntry } from "./state/kept-entry.ts";
import type { LinkReport } from "./state/link.ts";
import type { Survey } from "./state/survey.ts";
import type { VerifyOptions, VerifyReport } from "./state/verify-report.ts";
import type { Usage } from "./usage.ts";

/**
 * What each view of a cache may have of its own. Its limits, by default none, are kept after what goes through this view: sizes and
 * numbers after each commit, to within a twentieth for every further process; ages once an hour, when the server has answered.
 */
export interface CacheSettings extends Limits {
  /** Permission bits of the files. Default `0o600`; with group bits the folder is shared with whoever may write to it. */
  readonly mode?: number | undefined;
  /** What keeps the cache from working, once for each cause; reads and writes go on without it. */
  readonly onWarning?: ((warning: EntrepotError) => void) | undefined;
}

export interface OpenCacheOptions extends CacheSettings {
  readonly disk: Disk;
  /** The cache root, absolute; made when something is first fetched. */
  readonly dir: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Changes with every start of the machine: entries from before it are checked before their path is given out. Default: Linux's own, else the time of the start. */
  readonly bootId?: string | undefined;
  readonly host: string;
  /** Where held copies that the cache cannot keep are put; asked for each. Default: a folder in the cache. */
  readonly tempDir?: (() => Promise<string>) | undefined;
  /** The user whose files are believed. Default: this process's own. */
  readonly uid?: number | undefined;
  /** How waiting for other processes is measured. Default: the machine's. */
  readonly ticks?: Ticks | undefined;
  /** False: processes do not wait for one another, and each may fetch what is not here. For file systems that mislead. Default true. */
  readonly locks?: boolean | undefined;
  /** The groups whose folders are believed with a group mode. Default: this process's own. */
  readonly groups?: readonly number[] | undefined;
  /** The user who called sudo, if somebody did: as root, no cache is begun in his folders. */
  readonly sudoUid?: number | undefined;
}

export interface CacheStats extends Holdings, Limits {}

export interface Cache {
  /** The cache root. */
  readonly dir: string;
  /** The store with this cache in front of it. Closing it closes the store and leaves the cache open. */
  wrap(store: BucketStore, options: WrapOptions): CachedStore & BucketStore;
  wrap(store: ObjectStore, options: WrapOptions): CachedStore;
  /** The same cache with other settings; those that are not given are the defaults. */
  with(settings: CacheSettings): Cache;
  stats(): Promise<CacheStats>;
  /** The entries at an address and in the folder there, in the order of the addresses' UTF-8 bytes, with all that decides what becomes of them. */
  list(address?: string, signal?: AbortSignal): AsyncIterable<KeptEntry>;
  /** One by its hash; `undefined` when it is not here, or damaged. */
  lookAt(entry: string): Promise<KeptEntry | undefined>;
  /** By kind and place; reads every record. */
  survey(signal?: AbortSignal): Promise<Survey>;
  /** Makes `dir`, absolute, a tree of links to what `list` gives. Errors: not-empty for a folder with something else in it, and those of the disk. */
  link(dir: string, address?: string, signal?: AbortSignal): Promise<LinkReport>;
  /**
   * Takes away what a limit says, and files that belong to nothing. What is pinned, what this process reads and what any process
   * holds stays. Gives what went.
   */
  prune(limits: PruneLimits & RemovalOptions): Promise<Usage>;
  /** Reads every byte of every entry and says what is wrong; `repair` takes away what is damaged. */
  verify(options?: VerifyOptions): Promise<VerifyReport>;
  /** Takes away everything, or what `list` gives, with the same exceptions. Gives what went. */
  clear(address?: string, options?: RemovalOptions): Promise<Usage>;
  /** The changes that wait to be sent; no part of what `clear` and `prune` take away. */
  outbox(): Promise<Outbox>;
  /** What is pinned, by address. One that cannot be read is a warning, and none. */
  pins(): Promise<readonly Pin[]>;
  /** How much of a pin is here; `undefined` when it went. At most `mostMissing` addresses. Error: integrity for a damaged pin. */
  readiness(pin: Pin, options: ReadinessOptions): Promise<Readiness | undefined>;
  /** Waits for what was left to be done after the calls. The cache can be used again. */
  close(): Promise<void>;
}

/** Touches nothing until it is used. */
export function openCache({ uid = process.geteuid?.(), groups = ownGroups(), ...options }: OpenCacheOptions): Cache {
  const root = resolve(options.dir);
  const { tempDir = async () => join(root, "temporary") } = options;
  const folder = new CacheFolder({ ...options, root, uid, groups });
  return viewOf({ folder, tempDir, keepers: new Map(), warned: new WeakMap() }, options);
}

function ownGroups(): readonly number[] {
  return [...(process.getgroups?.() ?? []), process.getegid?.() ?? -1];
}

/** What views share. */
interface Opened {
  readonly folder: CacheFolder;
  readonly tempDir: () => Promise<string>;
  /** By their limits, so that a new view goes on where another one was. */
  readonly keepers: Map<string, Keeper>;
  /** What each was warned of: all views of one depot warn the same. */
  readonly warned: WeakMap<(warning: EntrepotError) => void, Set<string>>;
}

function viewOf(opened: Opened, settings: CacheSettings): Cache {
  const { folder, tempDir } = opened;
  const { disk, root, layout, now, ticks, changes, answers, accounts } = folder;
  const { mode = 0o600, onWarning, maxBytes, maxObjects, olderThanMs, unusedForMs, minFreeBytes } = settings;
  const limits = { maxBytes, maxObjects, olderThanMs, unusedForMs, minFreeBytes };
  const warn = warnOnce(opened, onWarning);
  const shelf = new Shelf({ folder, mode, warn });
  const pins = new PinFolder({ folder, mode, warn });
  const premises = { disk, layout, shelf, accounts, mode, now, tempDir };
  const place: OutboxPlace = { disk, root, ...folder.who, mode, now };
  const keeper = areLimits(limits) ? keeperOf(opened, premises, limits) : undefined;
  const wake = () => {
    const work = keeper?.wake();
    if (work !== undefined) shelf.later(work);
  };

  function wrap(store: BucketStore, options: WrapOptions): CachedStore & BucketStore;
  function wrap(store: ObjectStore, options: WrapOptions): CachedStore;
  function wrap(store: ObjectStore | BucketStore, options: WrapOptions): CachedStore {
    const flights = openFlights(ticks);
    const largestBytes = () => keeper?.largestBytes();
    const desk: Desk = {
      ...{ store, shelf, changes, pins, flights, options, now, ticks, answers },
      ...{ largestBytes, tempDir, wake },
    };
    const cached = "createBucket" in store ? cachedBucketStore(desk, store, disk) : cachedStore(desk, disk);
    return standsFor(withOutbox(cached, desk, place), cached);
  }

  return {
    dir: root,
    wrap,
    with: (others) => viewOf(opened, others),
    stats: async () => ({ ...(await (await management()).stats(premises)), ...limits }),
    prune: async (limits) => {
      const { prune, sweepMarks } = await management();
      const gone = await prune(premises, limits);
      if (limits.dryRun !== true) await sweepMarks({ disk, layout, shelf, pins }, limits.signal);
      return gone;
    },
    list: (address, signal) => later(async () => (await management()).look(premises, address, signal)),
    survey: async (signal) => (await management()).survey({ ...premises, root }, signal),
    link: async (dir, address, signal) => {
      const { keptAt, link } = await management();
      return link(disk, dir, keptAt(premises, address, signal), signal);
    },
    lookAt: async (entry) => (await management()).lookAt(premises, entry),
    verify: async (verification) => {
      const { sweepMarks, verify, verifyPins } = await management();
      const report = await verify({ ...premises, ownership: { ...folder.who, mode } }, verification);
      const damagedPins = await verifyPins(pins, shelf, verification);
      if (verification?.repair === true) await sweepMarks({ disk, layout, shelf, pins });
      return { ...report, damaged: [...report.damaged, ...damagedPins] };
    },
    clear: async (address, removal) => (await management()).clear(premises, address, removal),
    outbox: async () => (await import("./outbox/behind-the-door.ts")).openOutbox(place),
    pins: () => pins.all(),
    readiness: async (pin, options) => (await management()).readiness(pins, shelf.reader, pin, options),
    close: () => folder.settle(),
  };
}

const management = () => import("./management.ts");

async function* later<T>(open: () => Promise<AsyncIterable<T>>): AsyncGenerator<T, void, undefined> {
  yield* await open();
}

/** That of the first view with these limits keeps them, and warns that view. */
function keeperOf({ folder, keepers }: Opened, premises: Premises, limits: Limits): Keeper {
  const name = JSON.stringify([premises.mode, limits]);
  const isWaitedFor = () => folder.isWaitedFor();
  const keeper = keepers.get(name) ?? new Keeper({ premises, limits, isWaitedFor, random: Math.random });
  keepers.set(name, keeper);
  return keeper;
}

/** One message for each cause is enough: the tenth thousand read of a full disk says nothing new. */
function warnOnce(
  { folder, warned }: Opened,
  onWarning: ((warning: EntrepotError) => void) | undefined,
): (error: unknown) => void {
  const seen = (onWarning && warned.get(onWarning)) ?? new Set<string>();
  if (onWarning !== undefined) warned.set(onWarning, seen);
  return (error) => {
    // A folder that cannot be made must not look like a missing object.
    const code = !isEntrepotError(error) ? "io" : error.code === "not-found" ? "misconfigured" : error.code;
    if (seen.has(code)) return;
    seen.add(code);
    const reason = error instanceof Error ? error.message : String(error);
    const isRefusal = isEntrepotError(error, "misconfigured") && reason.startsWith("The cache ");
    const message = isRefusal ? reason : `The cache in ${folder.root} does not work as it should: ${reason}`;
    const hint =
      isEntrepotError(error) && error.hint !== undefined ? error.hint : "Check the folder, or choose another.";
    onWarning?.(
      new EntrepotError(code, message, {
        hint,
        cause: error,
      }),
    );
  };
}
