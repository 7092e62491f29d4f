/**
 * What depots of this process are opened with where their own options say nothing: for a program that runs modules of others, which
 * open depots of their own. One for all copies of the package, since the shell's and that of the modules may be two.
 */
import type { EntrepotOptions } from "./options.ts";

/** The environment is no default: a module may have changed it since. */
export type ProcessDefaults = Omit<EntrepotOptions, "env">;

const defaultsName: unique symbol = Symbol.for("entrepot.depot.defaults.1") as never;
const shared = globalThis as { [defaultsName]?: ProcessDefaults | undefined };

/** Holds for every depot that is opened with `entrepot()` from here on, until the function that it gives is called. */
export function holdDefaults(defaults: ProcessDefaults): () => void {
  const before = shared[defaultsName];
  shared[defaultsName] = defaults;
  return () => {
    shared[defaultsName] = before;
  };
}

/** The options, and below them what holds for the process. Who says by itself who asks takes no other identity. */
export function withDefaults(options: EntrepotOptions): EntrepotOptions {
  const defaults = shared[defaultsName];
  if (defaults === undefined || typeof options !== "object" || options === null) return options;
  const { anonymous, profile, credentials } = options as Readonly<Record<string, unknown>>;
  const own = anonymous !== undefined || profile !== undefined || credentials !== undefined;
  const base = own ? { ...defaults, anonymous: undefined, profile: undefined, credentials: undefined } : defaults;
  return { ...defined(base), ...defined(options) } as EntrepotOptions;
}

function defined(options: object): object {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
