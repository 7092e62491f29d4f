/**
 * An upload in parts that an earlier call began: what the server has of it is not sent again. Known by the words that the earlier
 * call gave away before its first part.
 */
import { isEntrepotError } from "../../error/index.ts";
import type { RequestOptions, WriteResult } from "../object-store.ts";
import type { ResumableWrite } from "../resumable-write.ts";
import type { BucketContext } from "./bucket-context.ts";
import { listParts } from "./list-parts.ts";
import { findOwnWrite } from "./own-write.ts";
import type { UploadChecksum } from "./upload-cover.ts";
import { abortUpload, type Upload, type UploadedPart } from "./uploads.ts";

/** An upload with what its parts are like. */
export interface BegunUpload extends Upload {
  readonly checksum: UploadChecksum | undefined;
}

export type SentPart = UploadedPart & { readonly sizeBytes: number };

/** What there is of it: parts, by number, or the object itself. */
export interface Continued {
  readonly upload: BegunUpload;
  readonly parts: ReadonlyMap<number, SentPart>;
  readonly written: WriteResult | undefined;
}

/** What an earlier call may be told of it, in one line. */
export function formatBegun({ id, mark, checksum }: BegunUpload, partBytes: number): string {
  return JSON.stringify({ id, mark, checksum, partBytes });
}

/** `undefined` where it cannot be gone on with: then nothing of it is left. */
export async function continueUpload(
  context: BucketContext,
  key: string,
  partBytes: number,
  { begun }: ResumableWrite,
  options: RequestOptions,
): Promise<Continued | undefined> {
  const known = begun === undefined ? undefined : parseBegun(key, begun);
  if (known === undefined) return undefined;
  const { upload } = known;
  const fits = known.partBytes === partBytes;
  const parts = fits ? await partsOf(context, upload, options) : undefined;
  if (parts !== undefined) return { upload, parts, written: undefined };
  if (!fits) await abortUpload(context, upload);
  // It may have been completed, and only the answer be lost.
  const there = await findOwnWrite(context, key, upload.mark, options);
  if (there === undefined) return undefined;
  const { etag, sizeBytes, versionId } = there;
  return { upload, parts: new Map(), written: { etag, sizeBytes, versionId } };
}

/** What the server has; `undefined` when it no longer knows the upload. */
async function partsOf(
  context: BucketContext,
  upload: BegunUpload,
  options: RequestOptions,
): Promise<ReadonlyMap<number, SentPart> | undefined> {
  const parts = new Map<number, SentPart>();
  try {
    for await (const part of listParts(context, upload, options)) {
      // A part without the checksum that the completion has to name is sent again.
      const isNamed = upload.checksum === undefined || part.checksum?.name === `Checksum${upload.checksum}`;
      const { number, etag, sizeBytes } = part;
      if (isNamed) parts.set(number, upload.checksum === undefined ? { number, etag, sizeBytes } : part);
    }
    return parts;
  } catch (error) {
    if (isEntrepotError(error, "not-found")) return undefined;
    throw error;
  }
}

function parseBegun(
  key: string,
  begun: string,
): { readonly upload: BegunUpload; readonly partBytes: number } | undefined {
  try {
    const { id, mark, checksum, partBytes } = JSON.parse(begun) as Partial<Record<string, unknown>>;
    if (typeof id !== "string" || typeof mark !== "string" || typeof partBytes !== "number") return undefined;
    return { upload: { key, id, mark, checksum: checksum as UploadChecksum | undefined }, partBytes };
  } catch {
    return undefined;
  }
}

/** Takes it away with its parts; gone already is success. Errors of the network and the store. */
export async function abortBegun(context: BucketContext, key: string, begun: string): Promise<void> {
  const upload = parseBegun(key, begun)?.upload ?? { key, id: begun, mark: "" };
  const failed = await abortUpload(context, upload);
  if (failed !== undefined) throw failed;
}
