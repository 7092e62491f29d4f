/**
 * `entrepot(options)`: reads the settings, opens nothing, and binds the verbs. A derived depot shares its session.
 */
import type { EntrepotError } from "../error/index.ts";
import { formatUri } from "../uri/index.ts";
import { Backends } from "./backends.ts";
import { cacheControl } from "./cache-control.ts";
import { withClosedOptions } from "./closed-options.ts";
import { checkDepotOptions } from "./closed-settings.ts";
import type { Context } from "./context.ts";
import { datasetOf } from "./dataset/dataset.ts";
import type { Depot } from "./depot.ts";
import { withIdentity } from "./identity.ts";
import { jobsControl } from "./jobs/control.ts";
import { locate } from "./locate.ts";
import { offlineControl } from "./offline.ts";
import type { OriginStatus } from "./offline-types.ts";
import type { EntrepotOptions, Overrides } from "./options.ts";
import { withDefaults } from "./process-defaults.ts";
import { processWorld } from "./process-world.ts";
import { type DepotSeams, Session } from "./session.ts";
import type { World } from "./setting-values.ts";
import { deriveSettings, readSettings, type Settings } from "./settings.ts";
import { snapshotsControl } from "./snapshots/control.ts";
import { verbsOf } from "./verbs.ts";

export type { DepotSeams } from "./session.ts";

/**
 * A depot: one address for local and S3 data. Touches neither network nor disk before the first verb, but for an env file.
 * Errors: misconfigured, RangeError and TypeError for options with no meaning.
 */
export function entrepot<const L extends string = never>(options?: EntrepotOptions<L>): Depot<L> {
  return openDepot(withDefaults((options === undefined ? {} : options) as EntrepotOptions) as EntrepotOptions<L>, {});
}

/** `entrepot` for those who bring their own disk, clock or transport. */
export function openDepot<const L extends string = never>(options: EntrepotOptions<L>, seams: DepotSeams): Depot<L> {
  checkDepotOptions("entrepot()", options as EntrepotOptions);
  const world = processWorld(options);
  const settings = readSettings(options as EntrepotOptions, world);
  const session = new Session(seams);
  return bind(session, settings, world, () => session.close()) as unknown as Depot<L>;
}

function bind(session: Session, settings: Settings, world: World, close: () => Promise<void>): Depot {
  const context = contextOf(session, settings);
  const { resolve, dataset } = withClosedOptions<Pick<Depot, "resolve" | "dataset">>({
    resolve: (address, options) => formatUri(locate(settings, address, options?.for ?? "read", options?.location)),
    // what an interrupted publisher has staged is removed all the same
    dataset: (folder) =>
      datasetOf(depot, () => bind(session, { ...settings, signal: undefined }, world, nothing), context.now, folder),
  });
  const cache = () => session.cache(settings, context.warn);
  const depot: Depot = {
    ...verbsOf(context),
    // connections and cache belong to the depot that `entrepot` gave, so closing a derived one ends nothing
    with: (overrides: Overrides<string>) => {
      checkDepotOptions("with()", overrides);
      return bind(session, deriveSettings(settings, overrides, world), world, nothing);
    },
    resolve,
    dataset,
    snapshots: snapshotsControl(context),
    cache: cacheControl(context, cache),
    offline: offlineControl(context, { cache, origins: () => originsOf(session) }),
    jobs: jobsControl(context),
    close,
    [Symbol.asyncDispose]: close,
  };
  return withIdentity(depot, settings);
}

const nothing = async () => undefined;

function originsOf(session: Session): OriginStatus[] {
  return session.circuits().map(([origin, { unreachableSinceMs }]) => ({ origin, unreachableSinceMs }));
}

function contextOf(session: Session, given: Settings): Context {
  const settings: Settings = { ...given, onEvent: session.listener(given.onEvent) };
  const tell = settings.onEvent ?? session.warnings;
  const warn = (error: EntrepotError) => tell({ type: "warning", uri: error.uri, error });
  const backends = new Backends(session, settings, warn);
  const context: Context = {
    settings,
    disk: session.disk,
    clock: session.clock,
    memory: session.budget,
    now: () => session.clock.now(),
    answeredMs: () => session.answeredMs,
    locate: (address, use) => locate(settings, address, use),
    place: (address, use) => backends.place(locate(settings, address, use)),
    placeOf: (location) => backends.place(location),
    originOf: (locations) => backends.originOf(locations),
    buckets: (signal) => backends.buckets(signal),
    warn,
    scratchFolder: () => session.scratchFolder(),
    whenClosed: (end) => session.whenClosed(end),
  };
  return context;
}
