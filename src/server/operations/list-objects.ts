/** ListObjectsV2 and its predecessor: keys in the order of their UTF-8 bytes, a thousand at a time. */
import { type Answer, xmlAnswer } from "../answer.ts";
import { isoMillis } from "../dates.ts";
import { s3Error } from "../errors.ts";
import { formatToken, parseToken } from "../listing/continuation-token.ts";
import { type ListedItem, type ListingPage, listPage } from "../listing/listing.ts";
import { positionBehind, prefixElement, type Question, readQuestion } from "../listing/listing-question.ts";
import type { Call, Operation } from "../operation.ts";
import { personElement } from "../person.ts";
import { document, escapeXml, textElement, type Xml } from "../xml/xml-writer.ts";

export const listObjectsV2: Operation = {
  name: "ListObjectsV2",
  async run(call) {
    const { query } = call;
    if (query.has("marker")) throw misplaced("marker", "Marker unsupported with REST.GET.BUCKET in list-type=2");
    const token = query.get("continuation-token");
    const startAfter = query.get("start-after");
    const question = readQuestion(query);
    const after = token === undefined ? positionBehind(startAfter ?? "", question) : parseToken(token);
    const page = listPage(call.storage.keys(call.bucket), { ...question, after });
    const ownerElement = query.get("fetch-owner") === "true" ? personElement("Owner") : "";
    return answer(
      call,
      question,
      page,
      ownerElement,
      textElement("KeyCount", page.items.length),
      textElement("ContinuationToken", token),
      textElement("NextContinuationToken", page.next === undefined ? undefined : formatToken(page.next)),
      textElement("StartAfter", startAfter === undefined ? undefined : question.encode(startAfter)),
    );
  },
};

export const listObjectsV1: Operation = {
  name: "ListObjects",
  async run(call) {
    for (const [name, called] of ofV2Alone) {
      if (!call.query.has(name)) continue;
      throw misplaced(name, `${called} only supported in REST.GET.BUCKET with list-type=2`);
    }
    const marker = call.query.get("marker") ?? "";
    const question = readQuestion(call.query);
    const after = positionBehind(marker, question);
    const page = listPage(call.storage.keys(call.bucket), { ...question, after });
    const next = page.next === undefined ? undefined : "key" in page.next ? page.next.key : page.next.prefix;
    return answer(
      call,
      question,
      page,
      personElement("Owner"),
      textElement("Marker", question.encode(marker)),
      // S3 gives it only with a delimiter: otherwise the last key serves.
      textElement("NextMarker", next === undefined || question.delimiter === "" ? undefined : question.encode(next)),
    );
  },
};

/** By the name that S3 gives them: github.com/brendanhay/amazonka/issues/376, github.com/brekkylab/backlot/pull/204. */
const ofV2Alone = [
  ["continuation-token", "continuation-token"],
  ["start-after", "startAfter"],
] as const;

/** A marker of the other kind of listing: who sent it would get the first page for ever. */
function misplaced(name: string, message: string): Error {
  return s3Error("InvalidArgument", { message, details: { ArgumentName: name } });
}

function answer(call: Call, question: Question, page: ListingPage, ownerXml: Xml, ...own: readonly Xml[]): Answer {
  const { encode } = question;
  const dates = new Map<number, string>();
  const named = (kind: ListedItem["kind"]) => page.items.filter((item) => item.kind === kind).map(({ text }) => text);
  return xmlAnswer(
    document(
      "ListBucketResult",
      textElement("Name", call.bucket),
      textElement("Prefix", encode(question.prefix)),
      ...own,
      textElement("MaxKeys", question.limit),
      textElement("Delimiter", question.delimiter === "" ? undefined : encode(question.delimiter)),
      textElement("EncodingType", question.encodingType === undefined ? undefined : "url"),
      textElement("IsTruncated", page.next !== undefined),
      ...named("key").map((key) => contents(call, key, encode(key), ownerXml, dates)),
      ...named("prefix").map((prefix) => prefixElement(prefix, question)),
    ),
  );
}

/** In one piece: a page has a thousand. `dates` are those of this page by the second, of which many objects have one in common. */
function contents(call: Call, key: string, shown: string, ownerXml: Xml, dates: Map<number, string>): Xml {
  const record = call.storage.find(call.bucket, key);
  if (record === undefined) return "";
  const { etag, modifiedMs, checksum, sizeBytes, storageClass } = record;
  const second = Math.floor(modifiedMs / 1000);
  let modified = dates.get(second);
  if (modified === undefined) {
    modified = isoMillis(modifiedMs);
    dates.set(second, modified);
  }
  const summed =
    checksum === undefined
      ? ""
      : `<ChecksumAlgorithm>${checksum.algorithm}</ChecksumAlgorithm><ChecksumType>${checksum.type}</ChecksumType>`;
  return `<Contents><Key>${escapeXml(shown)}</Key><LastModified>${modified}</LastModified><ETag>&quot;${escapeXml(etag)}&quot;</ETag>${summed}<Size>${sizeBytes}</Size>${ownerXml}<StorageClass>${storageClass}</StorageClass></Contents>`;
}
