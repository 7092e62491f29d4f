/** A listing over keys that are in order: prefix, start and roll-up. */
import { compareKeys } from "../../uri/index.ts";
import type { ListEntry, ListSettings } from "../list-pages.ts";
import type { ObjectInfo } from "../object-store.ts";
import { firstNotBefore, type SortedKeys } from "./sorted-keys.ts";

/** `infoOf` gives `undefined` for what was deleted since the listing began. User metadata is left out, as on S3. */
export function* listKeys(
  sorted: SortedKeys,
  infoOf: (key: string) => ObjectInfo | undefined,
  { prefix, rollUp, startAfter }: ListSettings,
): Generator<ListEntry, void, undefined> {
  const keys = sorted.all();
  const first = compareKeys(prefix, startAfter) > 0 ? prefix : startAfter;
  let folder: string | undefined;
  for (let index = firstNotBefore(keys, first); index < keys.length; index += 1) {
    const key = keys[index] ?? "";
    if (!key.startsWith(prefix)) return;
    if (key === startAfter || (folder !== undefined && key.startsWith(folder))) continue;
    const info = infoOf(key);
    if (info === undefined) continue;
    const slash = rollUp ? key.indexOf("/", prefix.length) : -1;
    if (slash === -1) {
      const { metadata: _, ...listed } = info;
      yield { object: listed };
    } else {
      folder = key.slice(0, slash + 1);
      yield { folder };
    }
  }
}
