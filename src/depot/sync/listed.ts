/** What lies in a side, by key and in the order of the keys, also where the files of a folder bear other names than their keys. */
import type { ListOptions } from "../../store/index.ts";
import { compareKeys } from "../../uri/index.ts";
import type { Asked } from "../asked.ts";
import type { Context, Place } from "../context.ts";
import { walkEntries } from "../listing.ts";
import { KeysOfFiles } from "../names/keys-of-files.ts";
import { manifestName } from "../names/manifest.ts";
import type { Found } from "./found.ts";

export interface ListedOptions {
  readonly asked: Asked;
  /** What the paths of everything that is wanted begin with. */
  readonly prefix: string;
  /** Whether manifests say what the files of this disk stand for. */
  readonly mapped: boolean;
  readonly signal: AbortSignal | undefined;
  /** Told of what is no object on this disk. */
  readonly onLeftOut?: ListOptions["onLeftOut"];
}

export async function* listed(
  context: Context,
  place: Place,
  options: ListedOptions,
): AsyncGenerator<Found, void, undefined> {
  const { asked, prefix, mapped, signal } = options;
  const counted = asked.counted(place);
  let { onLeftOut } = options;
  const walk = async function* (begin: string): AsyncGenerator<Found, void, undefined> {
    const request = { kind: "object", base: place.key, signal, onLeftOut } as const;
    // a second walk would tell all of it again
    onLeftOut = undefined;
    for await (const entry of walkEntries(context, counted, place.key + begin, request)) {
      if (entry.kind === "object") yield entry;
    }
  };
  if (!mapped || place.location.scheme !== "file") yield* walk(prefix);
  else yield* byKey(context, `/${place.key}`, () => walk(""));
}

/** Whether a path is that of a list of names, which stands for no object. */
export function isManifest(path: string): boolean {
  return path === manifestName || path.endsWith(`/${manifestName}`);
}

/** Mapped names come where their keys belong. They are few and are held in memory, for which the folder is walked twice. */
async function* byKey(
  { disk }: Context,
  folder: string,
  walk: () => AsyncGenerator<Found, void, undefined>,
): AsyncGenerator<Found, void, undefined> {
  const first = new KeysOfFiles(disk);
  const mapped: Found[] = [];
  for await (const entry of walk()) {
    const key = await first.keyOf(folder, entry.path);
    if (key !== undefined && key !== entry.path) mapped.push({ ...entry, path: key, storedAt: entry.path });
  }
  mapped.sort((a, b) => compareKeys(a.path, b.path));
  const again = new KeysOfFiles(disk);
  let next = 0;
  for await (const entry of walk()) {
    if ((await again.keyOf(folder, entry.path)) !== entry.path) continue;
    for (let at = mapped[next]; at !== undefined && compareKeys(at.path, entry.path) < 0; at = mapped[next]) {
      next += 1;
      yield at;
    }
    yield entry;
  }
  yield* mapped.slice(next);
}
