/**
 * Which node an error came from. Said on the error itself, beside its message, so that whoever prints or logs it sees it; the error stays
 * the one that the node threw.
 */

export interface NodeFailure {
  /** A node of a sub-flow is called `outer.inner`. */
  readonly node: string;
  /** From the output that was asked for to the node. */
  readonly nodePath: readonly string[];
}

const failures = new WeakMap<object, NodeFailure>();

/** The node that threw this in an execution; `undefined` for what no node threw, and for what is no object. */
export function failedNode(error: unknown): NodeFailure | undefined {
  return typeof error === "object" && error !== null ? failures.get(error) : undefined;
}

/** What a node of an inner flow is called outside is known there: it tells again. A property of the error's own stays. */
export function nameFailure(error: unknown, node: string, path: readonly string[]): void {
  if (!(error instanceof Error)) return;
  const known = failures.get(error);
  const isInside = known?.node.startsWith(`${node}.`) === true;
  const failure = isInside ? { node: known.node, nodePath: [...path, ...known.nodePath] } : { node, nodePath: path };
  const isOurs = known !== undefined || !("node" in error || "nodePath" in error);
  failures.set(error, failure);
  if (!isOurs || !Object.isExtensible(error)) return;
  for (const [name, value] of Object.entries(failure))
    Object.defineProperty(error, name, { value, enumerable: true, configurable: true, writable: true });
}
