/** What every action on a dataset works with, and its pointer as it is now. */
import { EntrepotError } from "../../error/index.ts";
import type { Depot } from "../depot.ts";
import type { DatasetLayout } from "./layout.ts";
import { emptyPointer, type GenerationRecord, type Pointer, parsePointer } from "./pointer.ts";
import type { DatasetGeneration } from "./types.ts";

export interface DatasetDesk {
  /** Writes reach the server or fail: what waits on this disk is not published. */
  readonly data: Depot;
  /** For what has to be tidied up after an interruption. */
  readonly unending: () => Depot;
  readonly layout: DatasetLayout;
  /** Whether the server has shown that it honours conditions; memory and this disk are our own. */
  readonly swaps: { proven: boolean };
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** From the server, or offline from its copy. Errors: malformed, those of the read. */
export async function readPointer(
  { data, layout }: DatasetDesk,
  options: { readonly signal: AbortSignal | undefined; readonly cache?: "bypass" | undefined },
): Promise<Pointer> {
  const text = await data.readText(layout.pointer, { ...options, onError: "allow-missing" });
  return text === undefined ? emptyPointer : parsePointer(text, layout.pointer);
}

export function describe({ layout }: DatasetDesk, record: GenerationRecord, pointer: Pointer): DatasetGeneration {
  const { generation, objects, sizeBytes, publishedMs } = record;
  const isCurrent = pointer.current === generation;
  return { generation, uri: layout.filesOf(generation), objects, sizeBytes, publishedMs, isCurrent };
}

/** The record of a generation, by default of the current one. Error: not-found. */
export function recordOf({ layout }: DatasetDesk, pointer: Pointer, generation: string | undefined): GenerationRecord {
  const name = generation ?? pointer.current;
  const record = pointer.generations.find((each) => each.generation === name);
  if (record !== undefined) return record;
  const { uri } = layout;
  if (name === null) {
    throw new EntrepotError("not-found", `nothing has been published at ${uri}`, {
      uri,
      hint: "publish files there first: data.dataset(uri).publish(folder), or entrepot dataset publish",
    });
  }
  throw new EntrepotError("not-found", `${uri} has no generation ${JSON.stringify(name)}`, {
    uri,
    hint: "history() (entrepot dataset history) names those that are kept",
  });
}
