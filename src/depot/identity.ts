/**
 * What a depot is to whoever keeps results by what a function closes over: the settings that decide which objects an address stands
 * for. No secret, and nothing that only decides how they are brought: two depots with the same settings are one.
 */
import type { Settings } from "./settings.ts";

const fingerprintSymbol = Symbol.for("entrepot.fingerprint");
/** On a verb: whose it is. */
const depotSymbol = Symbol.for("entrepot.depot");

/** Puts it on the depot and on its verbs, which may be taken out of it; seen by nobody who lists names. */
export function withIdentity<D extends object>(depot: D, settings: Settings): D {
  const identity = identityOf(settings);
  for (const [name, verb] of Object.entries(depot)) {
    if (typeof verb === "function" && name !== "close")
      Object.defineProperties(verb, {
        [fingerprintSymbol]: { value: () => ["depot", identity, name] },
        [depotSymbol]: { value: depot },
      });
  }
  return Object.defineProperty(depot, fingerprintSymbol, { value: () => ["depot", identity] });
}

function identityOf({ location, roots, root, s3, buckets }: Settings): string {
  const named = Object.entries({ ...roots, [location]: roots[location] }).map(([name, value]) => [
    name,
    rootText(value),
  ]);
  const others = Object.entries(buckets).map(([pattern, options]) => [pattern, serviceOf(options)]);
  return JSON.stringify([location, rootText(root), named.sort(), serviceOf(s3), others.sort()]);
}

function serviceOf({ endpoint, anonymous, profile, credentials }: Settings["s3"]): unknown {
  const reader = anonymous === true ? "anonymous" : credentials === undefined ? (profile ?? null) : "credentials";
  return [endpoint ?? null, reader];
}

function rootText(root: Settings["root"]): unknown {
  if (root === undefined) return null;
  return typeof root === "string" || root instanceof URL ? String(root) : [String(root.read), String(root.write)];
}
