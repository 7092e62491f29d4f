/** What words of the command line name: a run, a policy, a model. Where there is none, the nearest that there is. */
import { closest, EntrepotError, isEntrepotError } from "../../error/index.ts";
import type { RunRecord, RunStore } from "../../runs/index.ts";
import { UsageError } from "../usage-error.ts";

/** How many runs are looked through for a name that was mistyped, the newest first. */
const mostLookedThrough = 1_000;

/** The run with this id, else the only one of this name. Error: not-found. UsageError where several have the name. */
export async function namedRun(store: RunStore, word: string): Promise<RunRecord> {
  const found = await unlessMissing(store.runs.get(word));
  if (found !== undefined) return found;
  const { items: similar } = await store.runs.list({ search: word, limit: mostLookedThrough });
  const called = similar.filter(({ name }) => name === word);
  const [only, ...others] = called;
  if (only !== undefined && others.length === 0) return store.runs.get(only.id);
  if (only !== undefined)
    throw new UsageError(
      `${called.length} runs are called ${JSON.stringify(word)}`,
      `name one by its id: ${some(called.map(({ id }) => id))}`,
    );
  const { items } = await store.runs.list({ limit: mostLookedThrough });
  const names = items.flatMap(({ id, name }) => [id, name]);
  throw missing(`there is no run ${JSON.stringify(word)}`, word, names, "entrepot runs list shows those there are");
}

/** Error: not-found for one that the run does not have. */
export function namedPolicy({ id, policies }: Pick<RunRecord, "id" | "policies">, word: string): string {
  if (policies.includes(word)) return word;
  const others = policies.length === 0 ? "it has none: entrepot runs add-policy" : `it has ${some(policies)}`;
  throw missing(`run ${id} has no policy ${JSON.stringify(word)}`, word, policies, others);
}

/** What `work` gives; where it fails because there is no such model or version, says which there are. Error: not-found. */
export async function withNamedModel<T>(
  store: RunStore,
  model: string,
  version: string | undefined,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isEntrepotError(error, "not-found")) throw error;
    const models = (await store.models.list()).map(({ name }) => name);
    if (!models.includes(model)) {
      const others = models.length === 0 ? "there is none yet: entrepot runs model add" : `there are ${some(models)}`;
      throw missing(`there is no model ${JSON.stringify(model)}`, model, models, others);
    }
    const versions = (await store.models.versions(model)).map((each) => each.version);
    if (versions.length === 0)
      throw new EntrepotError("not-found", `model ${JSON.stringify(model)} has no version`, {
        hint: `entrepot runs model deploy ${model} -- COMMAND…`,
      });
    if (version === undefined || versions.includes(version)) throw error;
    const what = `model ${JSON.stringify(model)} has no version ${JSON.stringify(version)}`;
    throw missing(what, version, versions, `it has ${some(versions)}`);
  }
}

async function unlessMissing<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (isEntrepotError(error, "not-found")) return undefined;
    throw error;
  }
}

function missing(what: string, word: string, names: readonly string[], otherwise: string): EntrepotError {
  const near = closest(word, names);
  return new EntrepotError("not-found", what, {
    hint: near === undefined ? otherwise : `did you mean ${JSON.stringify(near)}?`,
  });
}

function some(names: readonly string[]): string {
  const shown = names.slice(0, 20).map((name) => JSON.stringify(name));
  return `${shown.join(", ")}${names.length > shown.length ? ", …" : ""}`;
}
