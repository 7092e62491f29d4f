/** Options of the store are closed at run time, too: who writes plain JavaScript must not start a run whose `baselinefirst` is none. */
import { mistakeIn } from "../../error/index.ts";

/** By verb: which argument its options are, and their names. */
const optionsOf: Readonly<Record<string, readonly [at: number, names: string]>> = {
  "models.add": [1, "description"],
  "models.deploy": [1, "program version description"],
  "runs.create": [0, "model version name description options policies baselineFirst retries timeoutSeconds"],
  "runs.change": [1, "name description options baselineFirst retries timeoutSeconds"],
  "runs.start": [1, "service"],
  "runs.list": [0, "model version state search models after limit"],
  "runs.cancel": [1, "policyIds reason"],
  "files.put": [4, "ifMatch"],
  "tasks.begin": [1, "worker silentMs"],
  "tasks.ready": [0, "after limit runId models"],
  "tasks.unpublished": [0, "runId models endedMsAgo after limit"],
  "tasks.sweep": [0, "silentMs runId"],
  "tasks.progress": [1, "fraction message"],
  "jobs.add": [0, "runId policyId id"],
  "jobs.cancelled": [0, "runId policyId id submittedMs cancelledMs"],
  "tokens.create": [0, "name role models expiresMs"],
};

type Verb = (...given: unknown[]) => unknown;

/** The verbs of a part of the store, each refusing options that it does not have: TypeError, with the one that was probably meant. */
export function withClosedOptions<V extends object>(part: V, room: string): V {
  return Object.fromEntries(
    Object.entries(part).map(([name, run]) => {
      const verb = `${room}.${name}`;
      const [at, names] = optionsOf[verb] ?? [];
      if (at === undefined || names === undefined) return [name, run];
      const known = new Set(names.split(" "));
      const closed: Verb = async (...given) => {
        const options = given[at];
        const mistake = options === undefined ? undefined : mistakeIn(`${verb}()`, options, known);
        if (mistake !== undefined) throw mistake;
        return (run as Verb)(...given);
      };
      return [name, closed];
    }),
  ) as V;
}
