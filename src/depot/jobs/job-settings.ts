/** Where the journals of a depot lie, and by what a call is known again. */
import type { JobSettings, JobsPlace, JobVerb, ObjectPlace } from "../../transfer/index.ts";
import { type Address, formatUri } from "../../uri/index.ts";
import { isLiteral, isSources } from "../address-kind.ts";
import type { Context, Place } from "../context.ts";
import type { Sources } from "../entries.ts";
import { uriOfKey } from "../listing.ts";
import { objectPlace } from "../object-place.ts";
import { folderKey } from "../targets.ts";

/** Beside the cache, also where that is off. */
export function jobsFolder({ settings }: Context): string {
  return `${settings.cacheWhenOn.dir}/jobs`;
}

/** `target` is what is written to, as it is contained; nothing for a removal. */
export function jobsPlace(context: Context, target: Place | undefined): JobsPlace {
  const folder = target === undefined ? undefined : uriOfKey(target, folderKey(target.key));
  const source = async (uri: string): Promise<ObjectPlace> => {
    const place = await context.place(uri, "read");
    // What a sync removes lies in its target.
    const isTargets = place.versionId === undefined && folder !== undefined && uri.startsWith(folder);
    return objectPlace(isTargets && target !== undefined ? target : place, place.key);
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
  "onFile",
  "onProgress",
  "onError",
  "dryRun",
  "maxRequests",
  "maxBytes",
  "move",
  "asked",
]);

/** As plain values. */
function said(options: object): Readonly<Record<string, unknown>> {
  const plain = Object.entries(options).filter(([name, value]) => value !== undefined && !beside.has(name));
  return Object.fromEntries(plain.map(([name, value]) => [name, value instanceof RegExp ? String(value) : value]));
}

/** By the addresses, the options and whose servers they are; a list is known by what is in it. */
export function jobSettings(context: Context, { verb, from, to, isContained, options }: JobCall): JobSettings {
  const { s3 } = context.settings;
  const { endpoint, profile, anonymous } = s3;
  const address = isSources(from)
    ? undefined
    : formatUri(context.locate(from, verb === "copy" || verb === "sync" ? "read" : "write"));
  const literal = !isSources(from) && isLiteral(from) ? true : undefined;
  const identity = {
    verb,
    from: address,
    to: to?.uri,
    options: {
      ...said(options),
      isContained,
      literal,
      endpoint,
      profile,
      anonymous: anonymous === true ? true : undefined,
    },
  };
  return { ...jobsPlace(context, to), identity };
}
