/**
 * Many deletions: a thousand keys in one request where that can be said in XML and the service knows how, else one by one. Each key
 * has an outcome of its own.
 */
import type { DeletedKey, DeleteManyOptions } from "../object-store.ts";
import { atOnce } from "./at-once.ts";
import type { BucketContext } from "./bucket-context.ts";
import { deleteObject, deleteVersion } from "./delete.ts";
import { fitsXml, mostKeys } from "./delete-document.ts";
import { deleteTogether, type Outcomes, outcomeOf, type Wanted } from "./delete-together.ts";

const singlesAtOnce = 16;

/** Deletes them, one request after the other, and tells of each in the order of the keys. */
export async function* deleteObjects(
  context: BucketContext,
  keys: readonly string[],
  { ifMatch, ...options }: DeleteManyOptions,
): AsyncGenerator<DeletedKey, void, undefined> {
  for (let start = 0; start < keys.length; start += mostKeys) {
    const given = keys.slice(start, start + mostKeys);
    const wanted = new Map(given.map((key, index) => [key, ifMatch?.[start + index]]));
    const outcomes = await deleteWhatGoesTogether(context, wanted, options);
    const rest = [...wanted].filter(([key]) => !outcomes.has(key));
    await atOnce(rest, singlesAtOnce, async ([key, etag]) => {
      const remove = () =>
        etag === undefined ? deleteObject(context, key, options) : deleteVersion(context, key, etag, options);
      outcomes.set(key, await outcomeOf(remove, options));
    });
    for (const key of given) yield { key, error: outcomes.get(key) };
  }
}

/** By key, as far as one request for many was the way. */
async function deleteWhatGoesTogether(
  context: BucketContext,
  wanted: Wanted,
  options: Omit<DeleteManyOptions, "ifMatch">,
): Promise<Outcomes> {
  const outcomes: Outcomes = new Map();
  const { findings } = context;
  const fit = [...wanted].filter(([key]) => fitsXml(key));
  // One alone is asked for in the way that every server knows.
  if (!findings.deletesMany || fit.length < 2) return outcomes;
  const isGuarded = fit.some(([, etag]) => etag !== undefined);
  const versions = isGuarded ? await import("./delete-versions.ts") : undefined;
  const areHeeded = (await versions?.heedsEtags(context, new Map(fit), outcomes, options)) ?? false;
  const together = fit.filter(([key, etag]) => !outcomes.has(key) && (areHeeded || etag === undefined));
  if (!findings.deletesMany || together.length === 0) return outcomes;
  for (const [key, error] of await deleteTogether(context, new Map(together), options)) outcomes.set(key, error);
  await versions?.lookAgain(context, new Map(together), outcomes, options);
  return outcomes;
}
