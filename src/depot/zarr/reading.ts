/** How a tree reads: documents by their paths in the hierarchy. */
import { type Readable, readBytes } from "../../store/index.ts";
import type { ZarrFolder } from "./keys.ts";
import { type Fields, parseMetadata } from "./metadata.ts";
import { orMissing } from "./missing.ts";

export interface ZarrReading {
  readonly folder: ZarrFolder;
  readonly reader: Readable;
  readonly signal: AbortSignal | undefined;
}

/** A document, or `undefined` where there is none. */
export type ReadDocument = (path: string) => Promise<Fields | undefined>;

export function documentsOf({ folder, reader, signal }: ZarrReading): ReadDocument {
  return async (path) => {
    const key = folder.keyOf(path);
    const read = await orMissing(
      () => readBytes(reader, key, { signal }),
      () => look(folder, key, signal),
    );
    return read && parseMetadata(read.bytes, folder.uriOf(path));
  };
}

/** What is known of an object; rejects with not-found where there is certainly none. */
export async function look(
  { place: { cached, store } }: ZarrFolder,
  key: string,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  return (cached ?? store).stat(key, { signal });
}

/** A name in a node. */
export function below(path: string, name: string): string {
  return path === "" ? name : `${path}/${name}`;
}
