/** Which variables a program has. */
import type { Program } from "../store/index.ts";

/** The way to the database of runs is the worker's alone: a program needs none, and what it prints is kept. */
const withheld = /^(?:ENTREPOT_RUNS$|PG[A-Z])/;
/** Of a worker that is itself a program of a run: where this one writes the contract says, or nobody. */
const anothers = "ENTREPOT_OUTPUT_DIR";

/** Those of the worker without the way to its database, then those of the version, then those of the contract. */
export function programEnvironment(
  worker: Readonly<Record<string, string | undefined>>,
  program: Program,
  contract: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const own = Object.entries(worker).flatMap(([name, value]) =>
    value === undefined || name === anothers || withheld.test(name) ? [] : [[name, value] as const],
  );
  return { ...Object.fromEntries(own), ...program.env, ...contract };
}
