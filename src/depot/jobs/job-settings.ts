/** Where the journals of a depot lie, and by what a call is known again. */
import type { JobSettings, JobsPlace, JobVerb, ObjectPlace } from "../../transfer/index.ts";
import { type Address, formatUri } from "../../uri/index.ts";
import { isLiteral, isSources } from "../address-kind.ts";
import type { Context, Place } from "../context.ts";
import type { Sources } from "../entries.ts";
import { objectPlace } from "../object-place.ts";
import { serviceOf } from "./same-services.ts";

/** Beside the cache, also where that is off. */
export function jobsFolder({ settings }: Context): string {
  return `${settings.cacheWhenOn.dir}/jobs`;
}

/** `target` is what is written to, as it is contained; nothing for a removal. */
export function jobsPlace(context: Context, target: Place | undefined): JobsPlace {
  const source = async (uri: string): Promise<ObjectPlace> => {
    const place = await context.place(uri, "read");
    return objectPlace(place, place.key);
  };
  return {
    disk: context.disk,
    folder: jobsFolder(context),
    // A team's cache has one for all; what is in a job's own is nobody else's.
    mode: (context.settings.cacheWhenOn.mode & 0o060) === 0o060 ? 0o770 : 0o700,
    now: () => context.now(),
    places: {
      source,
      target: async (uri) => {
        if (target === undefined) return source(uri);
        const { key } = await context.place(uri, "write");
        return objectPlace(target, key);
      },
    },
  };
}

/** What a call asks for. */
export interface JobCall {
  readonly verb: JobVerb;
  readonly from: Address | Sources;
  readonly to?: Place | undefined;
  /** Whether no link leads out of it. */
  readonly isContained?: boolean | undefined;
  readonly options: object;
}

/** What changes nothing of what is done. */
const beside: ReadonlySet<string> = new Set([
  "signal",
  "onPlan",
  "onJob",
  "onFile",
  "onProgress",
  "onError",
  "dryRun",
  "maxRequests",
  "maxBytes",
  "move",
  "asked",
]);

/** What is the same as saying nothing. */
const defaults: Readonly<Record<string, unknown>> = { names: "refuse", compare: "auto" };

/** As plain values, without those that a call has anyway. */
function said(verb: JobVerb, options: object): Readonly<Record<string, unknown>> {
  const meant = ([name, value]: readonly [string, unknown]): boolean => {
    if (value === undefined || beside.has(name)) return false;
    // A move flushes and takes folder marks along unless it is told otherwise.
    if (verb === "move" && (name === "durable" || name === "markers")) return value !== true;
    return value !== false && value !== defaults[name];
  };
  const plain = Object.entries(options).filter(meant);
  return Object.fromEntries(plain.map(([name, value]) => [name, value instanceof RegExp ? String(value) : value]));
}

/** By the addresses, the options and whose servers they are; a list is known by what is in it. Errors: those of opening a service. */
export async function jobSettings(
  context: Context,
  { verb, from, to, isContained, options }: JobCall,
): Promise<JobSettings> {
  const use = verb === "copy" || verb === "sync" ? "read" : "write";
  const address = isSources(from) ? undefined : formatUri(context.locate(from, use));
  const literal = !isSources(from) && isLiteral(from) ? true : undefined;
  const services: Record<string, string> = {};
  for (const uri of [address, to?.uri]) {
    const service = uri === undefined ? undefined : await serviceOf(context, uri);
    if (service !== undefined) services[service.bucket] = service.words;
  }
  const identity = {
    verb,
    from: address,
    to: to?.uri,
    options: { ...said(verb, options), isContained: isContained === true ? true : undefined, literal },
    services,
  };
  return { ...jobsPlace(context, to), identity, serviceOf: (uri) => serviceOf(context, uri) };
}
