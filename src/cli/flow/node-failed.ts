/** A node of somebody's flow threw what is no error of ours. */

export class NodeFailed extends Error {
  override readonly name = "NodeFailed";
  readonly hint = "the function of the node threw this; --debug shows where";

  constructor(node: string, cause: unknown) {
    const words = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    super(`${node} failed: ${words}`, { cause });
  }
}
