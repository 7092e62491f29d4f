/** What loaders, bundlers and test runners put around the user's code. */

/**
 * Whether it is a module as a value: the engine's own, a bundler's object of getters, or the exports of a CommonJS module. Only those
 * of its names count that are used.
 */
export function isNamespace(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  if ((value as { readonly [Symbol.toStringTag]?: unknown })[Symbol.toStringTag] === "Module") return true;
  if (Object.hasOwn(value, "__esModule")) return true;
  const names = Object.getOwnPropertyDescriptors(value);
  const all = Object.values(names);
  return (
    all.length > 0 && all.every(({ get, set, enumerable }) => get !== undefined && set === undefined && enumerable)
  );
}

/** A member of a module; `undefined` for one that is not initialised yet. */
export function readable(module: object, member: string): unknown {
  try {
    return (module as Readonly<Record<string, unknown>>)[member];
  } catch {
    return undefined;
  }
}

/** Names that vite gives to a module for its own use. */
export function isGenerated(name: string): boolean {
  return /^__vi(te_ssr_(?!import_\d)|test_)/.test(name);
}
