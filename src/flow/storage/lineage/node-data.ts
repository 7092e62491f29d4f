/** What loaders and savers of a node tell its lineage: values of which more is known than that bytes were read. */
import { AsyncLocalStorage } from "node:async_hooks";
import type { DataForm } from "./forms.ts";

/** A value that a loader gave or a saver took. */
export interface NodeData {
  readonly direction: "loaded" | "saved";
  readonly uri: string;
  readonly form: DataForm;
  /** Of a single object. */
  readonly etag?: string | undefined;
  readonly versionId?: string | undefined;
  /** Bytes as they are stored. */
  readonly sizeBytes?: number | undefined;
  /** Of tables, of rows of text and of lines. */
  readonly rows?: number | undefined;
}

/** One for all copies of the package that a program holds, as the shell's and that of somebody's modules are. */
const tellingName: unique symbol = Symbol.for("entrepot.flow.telling") as never;
const shared = globalThis as { [tellingName]?: AsyncLocalStorage<(data: NodeData) => void> };
shared[tellingName] ??= new AsyncLocalStorage();
const telling = shared[tellingName];

/** Calls `told` for each value that is loaded or saved while `work` runs. */
export function toldData<T>(told: (data: NodeData) => void, work: () => T): T {
  return telling.run(told, work);
}

export function tellData(data: NodeData): void {
  telling.getStore()?.(data);
}
