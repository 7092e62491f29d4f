/** From what a store says of an object to what is kept of it. */
import type { ObjectInfo } from "../../store/index.ts";
import { inStore, type SeenObject } from "./seen-read.ts";

export function seenObject(
  uri: string,
  origin: string | undefined,
  { etag, versionId, sizeBytes, modifiedMs }: Pick<ObjectInfo, "etag" | "sizeBytes"> & Partial<ObjectInfo>,
  checksum?: string,
): SeenObject {
  return {
    kind: "object",
    uri,
    ...inStore(origin),
    ...(etag === "" ? {} : { etag }),
    ...(versionId === undefined ? {} : { versionId }),
    ...(checksum === undefined ? {} : { checksum }),
    sizeBytes,
    ...(modifiedMs === undefined ? {} : { modifiedMs }),
  };
}

const signed =
  /[?&](?:x-amz-|x-goog-|x-ms-|signature|sig|token|access_token|key|api_?key|expires|policy|key-pair-id)[^&=]*=/i;

/** The address without what may be a signature: reads are kept in files, and files are shown. */
export function keptUri(uri: string): string {
  if (!uri.startsWith("http") || !signed.test(uri)) return uri;
  return `${uri.slice(0, uri.indexOf("?"))}?REDACTED`;
}
