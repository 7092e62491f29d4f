/** Options of the store are closed at run time, too: who writes plain JavaScript must not start a run whose `baselinefirst` is none. */
import { mistakeIn } from "../../error/index.ts";

/** By verb: which arguments are options, and their names. */
const optionsOf: Readonly<Record<string, readonly (string | undefined)[]>> = {
  "models.add": [undefined, "description"],
  "models.deploy": [undefined, "program version description"],
  "runs.create": ["model version name description options policies baselineFirst retries timeoutSeconds"],
  "runs.change": [undefined, "name description options baselineFirst retries timeoutSeconds", "ifMatch"],
  "runs.list": ["model version state search models after limit"],
  "runs.cancel": [undefined, "policyIds reason"],
  "files.put": [undefined, undefined, undefined, undefined, "ifMatch"],
  "files.delete": [undefined, undefined, undefined, "ifMatch"],
  "tasks.page": [undefined, "policyId after limit"],
  "tasks.outputPage": [undefined, "policyId after limit"],
  "tasks.end": [undefined, "state exitCode outputs error mayRetry"],
  "tasks.begin": [undefined, "worker silentMs"],
  "tasks.claim": ["worker limit runId models"],
  "tasks.ready": ["limit runId models"],
  "tasks.sweep": ["silentMs runId"],
  "tasks.progress": [undefined, "fraction message"],
  "tokens.create": ["name role models expiresMs"],
};

type Verb = (...given: unknown[]) => unknown;

/** The verbs of a part of the store, each refusing options that it does not have: TypeError, with the one that was probably meant. */
export function withClosedOptions<V extends object>(part: V, room: string): V {
  return Object.fromEntries(
    Object.entries(part).map(([name, run]) => {
      const verb = `${room}.${name}`;
      const names = optionsOf[verb];
      if (names === undefined) return [name, run];
      const known = names.map((each) => each && new Set(each.split(" ")));
      const closed: Verb = async (...given) => {
        known.forEach((each, at) => {
          const mistake =
            typeof each !== "object" || given[at] === undefined ? undefined : mistakeIn(`${verb}()`, given[at], each);
          if (mistake !== undefined) throw mistake;
        });
        return (run as Verb)(...given);
      };
      return [name, closed];
    }),
  ) as V;
}
