/** A node of somebody's flow threw what is no error of ours. */

/** The way from an output to the node that threw this, where a node did. */
export function nodePathOf(error: unknown): readonly string[] | undefined {
  const { node, nodePath } = ((error instanceof NodeFailed ? error.cause : error) ?? {}) as {
    readonly node?: unknown;
    readonly nodePath?: unknown;
  };
  return typeof node === "string" && Array.isArray(nodePath) ? (nodePath as readonly string[]) : undefined;
}

export class NodeFailed extends Error {
  override readonly name = "NodeFailed";
  readonly hint = "the function of the node threw this; --debug shows where";

  constructor(node: string, cause: unknown) {
    const words = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    super(`${node} failed: ${words}`, { cause });
  }
}
