/** The explicit form of a node, for functions whose parameters nobody can read. */
import { marked } from "../mark.ts";

/** A node that asks for exactly these names, whatever its text says: bound functions, mocks, code for old targets. */
export function node<const K extends string, D extends { readonly [P in K]?: unknown }, R>(
  names: readonly K[],
  fn: (deps: D) => R,
): (deps: { readonly [P in K]: D[P] }) => R {
  const asks = names.map((name) => ({ name, optional: false }));
  return marked((...given: readonly unknown[]) => (fn as (...given: readonly unknown[]) => R)(...given), {
    inner: fn,
    asks,
  });
}
