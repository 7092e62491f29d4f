/** `data.offline`: what could be done if there were no network. Sends nothing. */
import type { Cache, Pin, Usage } from "../cache/index.ts";
import { isEntrepotError } from "../error/index.ts";
import { formatUri } from "../uri/index.ts";
import type { CachePin } from "./cache-types.ts";
import { signalOf } from "./calls.ts";
import { withClosedOptions } from "./closed-options.ts";
import type { Context } from "./context.ts";
import type { Offline, OriginStatus, PinStatus } from "./offline-types.ts";
import { outboxVerbs } from "./outbox-control.ts";

export interface OfflineWorld {
  readonly cache: () => Cache | undefined;
  readonly origins: () => readonly OriginStatus[];
}

export function offlineControl(context: Context, { cache, origins }: OfflineWorld): Offline {
  const offline: Offline = {
    ...outboxVerbs(context, cache),
    async status(folder, { missing = 100, ...options } = {}) {
      const signal = signalOf(context, options);
      const opened = cache();
      const pins: PinStatus[] = [];
      const below = folder === undefined ? undefined : formatUri(context.locate(folder, "read"));
      for (const { pin, prefix } of await pinsAt(opened, below)) {
        const found = await opened?.readiness(pin, { mostMissing: missing, prefix, signal });
        if (found !== undefined) pins.push({ ...pinOf(pin), ...found, missing: lacking(found, found.missing) });
      }
      const waiting = await waitingIn(context, opened);
      return { network: context.settings.network, origins: origins(), pins, waiting };
    },
  };
  return withClosedOptions(offline, "offline.");
}

/** A folder that is not believed holds nothing of ours, and is told. */
async function waitingIn(context: Context, cache: Cache | undefined): Promise<number> {
  try {
    return (await (await cache?.outbox())?.count()) ?? 0;
  } catch (error) {
    if (!isEntrepotError(error)) throw error;
    context.warn(error);
    return 0;
  }
}

/** What is pinned at an address or in the folder there, and of what is pinned around it the part that lies there. */
export async function pinsAt(
  cache: Cache | undefined,
  uri: string | undefined,
): Promise<{ readonly pin: Pin; readonly prefix: string }[]> {
  return ((await cache?.pins()) ?? []).flatMap((pin) => {
    if (uri === undefined || pin.uri === uri || pin.uri.startsWith(folderOf(uri))) return { pin, prefix: "" };
    const isAround = pin.asked.kind !== "object" && uri.startsWith(pin.uri) && uri.startsWith(pin.root);
    return isAround ? { pin, prefix: uri.slice(pin.root.length) } : [];
  });
}

export function pinOf({ uri, asked, objects, sizeBytes, listedMs, complete }: Pin): CachePin {
  return { uri, kind: asked.kind, objects, sizeBytes, listedMs, complete };
}

function folderOf(uri: string): string {
  return uri.endsWith("/") ? uri : `${uri}/`;
}

function lacking(
  { total, ready }: { readonly total: Usage; readonly ready: Usage },
  uris: readonly string[],
): PinStatus["missing"] {
  return { objects: total.objects - ready.objects, sizeBytes: total.sizeBytes - ready.sizeBytes, uris };
}
