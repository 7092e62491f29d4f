/** Uploads in parts that nobody has ended, as the server lists them. */
import { EntrepotError } from "../../error/index.ts";
import type { RequestOptions } from "../object-store.ts";
import type { UnfinishedUpload } from "../resumable-write.ts";
import type { BucketContext } from "./bucket-context.ts";
import { encodeQuery } from "./encode.ts";
import { callS3 } from "./s3-calls.ts";
import { readXml } from "./xml.ts";

const mostPageBytes = 16 * 1024 * 1024;

interface Page {
  readonly uploads: readonly UnfinishedUpload[];
  readonly next: { readonly key: string; readonly id: string } | undefined;
}

/** One request per thousand. */
export async function* listUploads(
  context: BucketContext,
  { prefix = "", ...options }: RequestOptions & { readonly prefix?: string | undefined },
): AsyncGenerator<UnfinishedUpload, void, undefined> {
  const { bucket } = context;
  const uri = `s3://${bucket}/${prefix}`;
  let next: Page["next"];
  for (;;) {
    const query = encodeQuery({
      uploads: "",
      "encoding-type": "url",
      prefix: prefix === "" ? undefined : prefix,
      "key-marker": next?.key,
      "upload-id-marker": next?.id,
    });
    const { body } = await callS3(context, { method: "GET", bucket, query, uri }, options, { maxBytes: mostPageBytes });
    const page = parsePage(body);
    // Some servers take no notice of the prefix.
    for (const upload of page.uploads) if (upload.key.startsWith(prefix)) yield upload;
    if (page.next === undefined) return;
    if (page.next.key === next?.key && page.next.id === next.id)
      throw new EntrepotError("protocol", `${uri}: the server lists uploads in a circle`, { uri });
    next = page.next;
  }
}

function parsePage(body: Uint8Array): Page {
  const found: Record<string, string>[] = [];
  const top: Record<string, string> = Object.create(null);
  let fields: Record<string, string> = Object.create(null);
  readXml(body, {
    open(name, depth) {
      if (depth === 1 && name === "Upload") fields = Object.create(null);
    },
    close(name, text, depth) {
      if (depth === 2) fields[name] = text;
      else if (depth === 1 && name === "Upload") found.push(fields);
      else if (depth === 1) top[name] = text;
    },
  });
  const decode = (text: string) =>
    top["EncodingType"] === "url" ? decodeURIComponent(text.replaceAll("+", " ")) : text;
  const uploads = found.map(({ Key = "", UploadId = "", Initiated = "" }) => ({
    key: decode(Key),
    uploadId: UploadId,
    startedMs: Date.parse(Initiated),
  }));
  const isMore = top["IsTruncated"] === "true";
  const next = { key: decode(top["NextKeyMarker"] ?? ""), id: top["NextUploadIdMarker"] ?? "" };
  return { uploads, next: isMore ? next : undefined };
}
