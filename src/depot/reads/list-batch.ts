/** Many objects of one folder, held against a listing of it: as far as that costs less than a question for each. */
import { isEntrepotError } from "../../error/index.ts";
import type { ObjectInfo } from "../../store/index.ts";
import { compareKeys, parseUri } from "../../uri/index.ts";
import type { Context } from "../context.ts";
import type { ChangedRead } from "./changed-read.ts";
import { compareObject } from "./compare.ts";
import type { SeenAbsent, SeenObject } from "./seen-read.ts";

type Single = SeenObject | SeenAbsent;
type AskEach = (
  context: Context,
  reads: readonly Single[],
  signal: AbortSignal | undefined,
) => Promise<readonly ChangedRead[]>;

/** A page is worth so many questions: it is slower than one, and billed dearer. */
const worth = 10;

export async function askTogether(
  context: Context,
  reads: readonly Single[],
  signal: AbortSignal | undefined,
  askEach: AskEach,
): Promise<readonly ChangedRead[]> {
  const wanted = reads.map((read) => ({ read, key: keyOf(read.uri) })).sort((a, b) => compareKeys(a.key, b.key));
  const [first] = wanted;
  if (first === undefined) return [];
  const place = await context.placeOf(parseUri(first.read.uri));
  const store = place.cached ?? place.store;
  const folder = first.key.slice(0, first.key.lastIndexOf("/") + 1);
  const changed: ChangedRead[] = [];
  let at = 0;
  const settle = async (upTo: string | undefined, found: ReadonlyMap<string, ObjectInfo>) => {
    for (let next = wanted[at]; next !== undefined; next = wanted[++at]) {
      if (upTo !== undefined && compareKeys(next.key, upTo) > 0) return;
      const difference = await compareObject(place, next.read, found.get(next.key), signal);
      if (difference !== undefined) changed.push(difference);
    }
  };
  let pages = Math.ceil(wanted.length / worth);
  try {
    for await (const page of store.list({ prefix: folder, startAfter: before(first.key, folder), signal })) {
      const found = new Map(page.objects.map((info) => [info.key, info]));
      // a page is followed by another one or by nothing: only the end of all settles what lies behind its last key
      const last = page.objects.at(-1)?.key;
      if (last !== undefined) await settle(last, found);
      pages -= 1;
      if (at >= wanted.length || pages <= 0) break;
    }
    if (pages > 0 && at < wanted.length) await settle(undefined, new Map());
  } catch (error) {
    signal?.throwIfAborted();
    // who may read objects may not list them, and a local copy answers without a network
    if (!isEntrepotError(error)) throw error;
  }
  const rest = wanted.slice(at).map(({ read }) => read);
  return [...changed, ...(await askEach(context, rest, signal))];
}

function keyOf(uri: string): string {
  const location = parseUri(uri);
  return location.scheme === "s3" ? location.key : "";
}

/** A key that comes before this one, and after as much of its folder as can be said. */
function before(key: string, folder: string): string | undefined {
  const cut = key.replace(/.$/su, "");
  return cut.length > folder.length ? cut : undefined;
}
