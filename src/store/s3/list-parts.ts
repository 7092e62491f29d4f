/** The parts that the server has of an upload, in their order. */
import { EntrepotError } from "../../error/index.ts";
import type { RequestOptions } from "../object-store.ts";
import type { BucketContext } from "./bucket-context.ts";
import { encodeQuery } from "./encode.ts";
import { quotedEtag } from "./etag.ts";
import { callS3, objectUri } from "./s3-calls.ts";
import type { Upload, UploadedPart } from "./uploads.ts";
import { readXml } from "./xml.ts";

export type ListedPart = UploadedPart & { readonly sizeBytes: number };

/** One request per thousand. Error: not-found when the upload is no longer there. */
export async function* listParts(
  context: BucketContext,
  { key, id }: Pick<Upload, "key" | "id">,
  options: RequestOptions,
): AsyncGenerator<ListedPart, void, undefined> {
  const { bucket, sender } = context;
  const uri = objectUri(bucket, key);
  let marker: string | undefined;
  for (;;) {
    const query = encodeQuery({ "part-number-marker": marker, uploadId: id });
    const headers = sender.encryption.object;
    const { body } = await callS3(context, { method: "GET", bucket, key, query, headers, uri }, options, {
      maxBytes: 4 * 1024 * 1024,
    });
    const { parts, next } = parsePage(body);
    yield* parts;
    if (next === undefined) return;
    if (next === marker || parts.length === 0)
      throw new EntrepotError("protocol", `${uri}: the server lists the parts of an upload in a circle`, { uri });
    marker = next;
  }
}

function parsePage(body: Uint8Array): { readonly parts: readonly ListedPart[]; readonly next: string | undefined } {
  const parts: ListedPart[] = [];
  const top: Record<string, string> = Object.create(null);
  let fields: Record<string, string> = Object.create(null);
  readXml(body, {
    open(name, depth) {
      if (depth === 1 && name === "Part") fields = Object.create(null);
    },
    close(name, text, depth) {
      if (depth === 2) fields[name] = text;
      else if (depth === 1 && name === "Part") {
        const part = partOf(fields);
        if (part !== undefined) parts.push(part);
      } else if (depth === 1) top[name] = text;
    },
  });
  return { parts, next: top["IsTruncated"] === "true" ? top["NextPartNumberMarker"] : undefined };
}

function partOf(fields: Readonly<Record<string, string>>): ListedPart | undefined {
  const number = Number(fields["PartNumber"]);
  const sizeBytes = Number(fields["Size"]);
  const etag = quotedEtag(fields["ETag"] ?? "");
  if (!Number.isSafeInteger(number) || number < 1 || !Number.isSafeInteger(sizeBytes) || etag === "") return undefined;
  const name = Object.keys(fields).find((each) => /^Checksum(?!Type)[A-Z0-9]+$/.test(each));
  const value = name === undefined ? undefined : fields[name];
  const checksum = name === undefined || value === undefined ? undefined : { name, value };
  return { number, etag, sizeBytes, checksum };
}
