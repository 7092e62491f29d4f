/** ListMultipartUploads: unfinished uploads by key, several of one key by age, a thousand at a time. */
import { xmlAnswer } from "../answer.ts";
import { isoMillis } from "../dates.ts";
import { prefixElement, readQuestion } from "../listing/listing-question.ts";
import type { Operation } from "../operation.ts";
import { personElement } from "../person.ts";
import { compareKeys } from "../storage/key-order.ts";
import type { UploadRecord } from "../storage/records.ts";
import { document, element, textElement, type Xml } from "../xml/xml-writer.ts";

type Item = { readonly upload: UploadRecord } | { readonly prefix: string };

export const listMultipartUploads: Operation = {
  name: "ListMultipartUploads",
  async run({ storage, bucket, query }) {
    const question = readQuestion(query, "max-uploads");
    const { prefix, delimiter, limit, encode } = question;
    const [keyMarker, idMarker] = [query.get("key-marker") ?? "", query.get("upload-id-marker") ?? ""];
    const matching = storage.uploads(bucket).filter(({ key }) => key.startsWith(prefix));
    const items = rollUp(skip(matching, keyMarker, idMarker), prefix, delimiter, keyMarker);
    const page = items.slice(0, limit);
    const truncated = page.length < items.length && limit > 0;
    const last = page.at(-1);
    return xmlAnswer(
      document(
        "ListMultipartUploadsResult",
        textElement("Bucket", bucket),
        textElement("KeyMarker", encode(keyMarker)),
        textElement("UploadIdMarker", idMarker),
        textElement("NextKeyMarker", truncated && last !== undefined ? encode(keyOf(last)) : undefined),
        textElement(
          "NextUploadIdMarker",
          truncated && last !== undefined && "upload" in last ? last.upload.id : undefined,
        ),
        textElement("Prefix", encode(prefix)),
        textElement("Delimiter", delimiter === "" ? undefined : encode(delimiter)),
        textElement("EncodingType", question.encodingType === undefined ? undefined : "url"),
        textElement("MaxUploads", limit),
        textElement("IsTruncated", truncated),
        ...page.flatMap((item) => ("upload" in item ? [describe(item.upload, encode)] : [])),
        ...page.flatMap((item) => ("prefix" in item ? [prefixElement(item.prefix, question)] : [])),
      ),
    );
  },
};

/** Behind the upload `idMarker` of `keyMarker`; without an id, behind all of that key. */
function skip(uploads: readonly UploadRecord[], keyMarker: string, idMarker: string): readonly UploadRecord[] {
  if (keyMarker === "") return uploads;
  const marked = uploads.findIndex(({ id, key }) => idMarker !== "" && id === idMarker && key === keyMarker);
  if (marked >= 0) return uploads.slice(marked + 1);
  return uploads.filter(({ key }) => compareKeys(key, keyMarker) > 0);
}

function rollUp(uploads: readonly UploadRecord[], prefix: string, delimiter: string, keyMarker: string): Item[] {
  const items: Item[] = [];
  for (const upload of uploads) {
    const cut = delimiter === "" ? -1 : upload.key.indexOf(delimiter, prefix.length);
    if (cut < 0) {
      items.push({ upload });
      continue;
    }
    const rolledUp = upload.key.slice(0, cut + delimiter.length);
    const last = items.at(-1);
    const repeated = last !== undefined && "prefix" in last && last.prefix === rolledUp;
    if (!repeated && rolledUp !== keyMarker) items.push({ prefix: rolledUp });
  }
  return items;
}

function keyOf(item: Item): string {
  return "upload" in item ? item.upload.key : item.prefix;
}

function describe(upload: UploadRecord, encode: (text: string) => string): Xml {
  return element(
    "Upload",
    textElement("Key", encode(upload.key)),
    textElement("UploadId", upload.id),
    personElement("Initiator"),
    personElement("Owner"),
    textElement("StorageClass", upload.storageClass),
    textElement("Initiated", isoMillis(upload.createdMs)),
    textElement("ChecksumAlgorithm", upload.checksum?.algorithm),
    textElement("ChecksumType", upload.checksum?.type),
  );
}
