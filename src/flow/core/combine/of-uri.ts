/** A node whose work is about an address, written out or made of what it asks for. Knows nothing of what lies there. */
import type { NodeContext } from "../layer.ts";
import { marked } from "../mark.ts";
import type { AnyFunction } from "../types/functions.ts";

type Deps = Readonly<Record<string, unknown>>;
type UriOf = (deps: Deps) => string;

/** Asks for what `uri` asks for, and for these names. `work` is told how the address is made, so that it counts to its code. */
export function ofUri(
  uri: string | AnyFunction,
  names: readonly string[],
  work: (deps: Deps, uriOf: UriOf, context: NodeContext | undefined) => unknown,
): AnyFunction {
  const uriOf: UriOf = typeof uri === "string" ? () => uri : (deps) => checked((uri as unknown as UriOf)(deps), uri);
  const run = (deps: Deps = {}, context?: NodeContext) => work(deps, uriOf, context);
  const wrapper = (...given: readonly unknown[]) =>
    (run as unknown as (...given: readonly unknown[]) => unknown)(...given);
  const asks = names.map((name) => ({ name, optional: false }));
  const asksLike = typeof uri === "string" ? undefined : uri;
  return marked(wrapper as unknown as AnyFunction, { inner: run as unknown as AnyFunction, asks, asksLike });
}

function checked(uri: unknown, fn: AnyFunction): string {
  if (typeof uri === "string" && uri !== "") return uri;
  const named = fn.name === "" ? "a function without a name" : `'${fn.name}'`;
  throw new TypeError(`${named} gives no address: text is wanted, not ${uri === "" ? "an empty one" : typeof uri}`);
}
