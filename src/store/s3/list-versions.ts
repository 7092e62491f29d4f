/**
 * ListObjectVersions as a stream of pages, one request each, of which no server is trusted more than with objects: keys in order and
 * inside the prefix, no version twice, no walk in a circle.
 */
import { EntrepotError } from "../../error/index.ts";
import { compareKeys } from "../../uri/index.ts";
import { listSettings } from "../list-pages.ts";
import type { ListOptions, VersionPage } from "../object-store.ts";
import { Scratch } from "../remote/call.ts";
import type { BucketContext } from "./bucket-context.ts";
import { encodeQuery } from "./encode.ts";
import { askForPage } from "./list.ts";
import { parseVersionPage, type VersionMarker } from "./list-versions-page.ts";

/** Pages with nothing on them that may follow one another. */
const mostEmptyPages = 3;

export async function* listVersions(
  context: BucketContext,
  options: Omit<ListOptions, "startAfter" | "shards">,
): AsyncGenerator<VersionPage, void, void> {
  const { prefix, rollUp, pageSize } = listSettings(options);
  const uri = `s3://${context.bucket}/${prefix}`;
  const broken = (what: string) => new EntrepotError("protocol", `listing the versions of ${uri}: ${what}`, { uri });
  const order = new VersionOrder(prefix);
  const scratch = new Scratch();
  let marker: VersionMarker | undefined;
  let empty = 0;
  for (;;) {
    const query = encodeQuery({
      versions: "",
      "encoding-type": "url",
      prefix: prefix === "" ? undefined : prefix,
      delimiter: rollUp ? "/" : undefined,
      "max-keys": pageSize === 1000 ? undefined : String(pageSize),
      "key-marker": marker?.key,
      "version-id-marker": marker?.versionId,
    });
    const { page, next } = parseVersionPage(await askForPage(context, query, uri, options, scratch), uri);
    const mistake = order.mistakeIn(page);
    if (mistake !== undefined) throw broken(mistake);
    const isEmpty = page.versions.length + page.folders.length === 0;
    if (!isEmpty) yield page;
    if (next === undefined) return;
    empty = isEmpty ? empty + 1 : 0;
    if (empty > mostEmptyPages) throw broken("the server gives page after page with nothing on it");
    if (marker !== undefined && next.key === marker.key && next.versionId === marker.versionId)
      throw broken("the server says again that it goes on from the same place");
    marker = next;
  }
}

class VersionOrder {
  readonly #prefix: string;
  #key = "";
  /** Those of the last key. */
  #ids = new Set<string>();
  #folder = "";

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  mistakeIn({ versions, folders }: VersionPage): string | undefined {
    for (const { key, versionId } of versions) {
      if (!key.startsWith(this.#prefix)) return `the key ${JSON.stringify(key)} is outside the prefix`;
      const order = compareKeys(this.#key, key);
      if (order > 0) return `${JSON.stringify(key)} comes after ${JSON.stringify(this.#key)}, where it does not belong`;
      if (order < 0) this.#ids = new Set();
      if (this.#ids.has(versionId)) return `the version ${versionId} of ${JSON.stringify(key)} comes twice`;
      this.#ids.add(versionId);
      this.#key = key;
    }
    for (const folder of folders) {
      if (!folder.startsWith(this.#prefix)) return `the folder ${JSON.stringify(folder)} is outside the prefix`;
      if (compareKeys(this.#folder, folder) >= 0) return `the folder ${JSON.stringify(folder)} comes out of order`;
      this.#folder = folder;
    }
    return undefined;
  }
}
