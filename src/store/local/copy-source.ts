/** A file as the body of a write: the copy is of one version, or it fails as `changed`. */
import type { Disk } from "../../disk/index.ts";
import { checkRead } from "../conditions.ts";
import type { SizedSource } from "../object-store.ts";
import { fileEtag, isSameContent } from "./file-version.ts";
import type { FilePlace } from "./object-path.ts";
import { changed, openObject } from "./read-file.ts";

const chunkBytes = 1024 * 1024;

interface OpenCopySource {
  readonly body: SizedSource;
  close(): Promise<void>;
}

/** Errors: not-found, precondition-failed when it is not the version `ifMatch`. */
export async function copySource(disk: Disk, place: FilePlace, ifMatch: string | undefined): Promise<OpenCopySource> {
  const file = await openObject(disk, place);
  try {
    checkRead(place.uri, fileEtag(file.stat), { ifMatch });
  } catch (error) {
    await file.close();
    throw error;
  }
  const { sizeBytes } = file.stat;
  async function* open(): AsyncGenerator<Uint8Array, void, undefined> {
    const buffer = new Uint8Array(Math.min(chunkBytes, sizeBytes));
    for (let position = 0; position < sizeBytes; ) {
      const read = await file.read(buffer.subarray(0, Math.min(buffer.byteLength, sizeBytes - position)), position);
      if (read === 0) break;
      yield buffer.subarray(0, read);
      position += read;
    }
    if (!isSameContent(file.stat, await file.restat())) throw changed(place.uri);
  }
  return { body: { sizeBytes, open }, close: () => file.close() };
}
