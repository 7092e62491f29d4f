/** ListObjectsV2 and its predecessor: keys in the order of their UTF-8 bytes, a thousand at a time. */
import { type Answer, quoted, xmlAnswer } from "../answer.ts";
import { formatToken, parseToken } from "../continuation-token.ts";
import { isoMillis } from "../dates.ts";
import { s3Error } from "../errors.ts";
import { type ListedItem, type ListingPage, listPage, type Position } from "../listing.ts";
import { type Call, type Operation, owner } from "../operation.ts";
import { readLimit } from "../page-limit.ts";
import { encodeListed } from "../percent.ts";
import type { Query } from "../query.ts";
import { document, element, textElement, type Xml } from "../xml-writer.ts";

const maxPage = 1000;

export const listObjectsV2: Operation = {
  name: "ListObjectsV2",
  async run(call) {
    const { query } = call;
    const token = query.get("continuation-token");
    const startAfter = query.get("start-after");
    const question = readQuestion(query);
    const after = token === undefined ? behind(startAfter ?? "", question) : parseToken(token);
    const page = listPage(call.storage.keys(call.bucket), { ...question, after });
    const ownerElement =
      query.get("fetch-owner") === "true"
        ? element("Owner", textElement("ID", owner.id), textElement("DisplayName", owner.displayName))
        : "";
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
    const marker = call.query.get("marker") ?? "";
    const question = readQuestion(call.query);
    const page = listPage(call.storage.keys(call.bucket), { ...question, after: behind(marker, question) });
    const next = page.next === undefined ? undefined : "key" in page.next ? page.next.key : page.next.prefix;
    return answer(
      call,
      question,
      page,
      element("Owner", textElement("ID", owner.id), textElement("DisplayName", owner.displayName)),
      textElement("Marker", question.encode(marker)),
      // S3 gives it only with a delimiter: otherwise the last key serves.
      textElement("NextMarker", next === undefined || question.delimiter === "" ? undefined : question.encode(next)),
    );
  },
};

interface Question {
  readonly prefix: string;
  readonly delimiter: string;
  readonly limit: number;
  readonly encodingType: string | undefined;
  readonly encode: (text: string) => string;
}

/** Error: InvalidArgument. */
function readQuestion(query: Query): Question {
  const encodingType = query.get("encoding-type");
  if (encodingType !== undefined && encodingType.toLowerCase() !== "url") {
    throw invalid("Invalid Encoding Method specified in Request", "encoding-type", encodingType);
  }
  return {
    prefix: query.get("prefix") ?? "",
    delimiter: query.get("delimiter") ?? "",
    limit: readLimit(query, "max-keys", maxPage),
    encodingType,
    encode: encodingType === undefined ? (key) => key : encodeListed,
  };
}

/** Behind a key or, when it is such a one, behind the common prefix with which the last page ended. */
function behind(marker: string, { delimiter }: Question): Position | undefined {
  if (marker === "") return undefined;
  return delimiter !== "" && marker.endsWith(delimiter) ? { prefix: marker } : { key: marker };
}

function answer(call: Call, question: Question, page: ListingPage, ownerXml: Xml, ...own: readonly Xml[]): Answer {
  const { encode } = question;
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
      ...named("key").map((key) => contents(call, key, encode(key), ownerXml)),
      ...named("prefix").map((prefix) => element("CommonPrefixes", textElement("Prefix", encode(prefix)))),
    ),
  );
}

function contents(call: Call, key: string, shown: string, ownerXml: Xml): Xml {
  const record = call.storage.find(call.bucket, key);
  if (record === undefined) return "";
  return element(
    "Contents",
    textElement("Key", shown),
    textElement("LastModified", isoMillis(record.modifiedMs)),
    textElement("ETag", quoted(record.etag)),
    textElement("ChecksumAlgorithm", record.checksum?.algorithm),
    textElement("ChecksumType", record.checksum?.type),
    textElement("Size", record.sizeBytes),
    ownerXml,
    textElement("StorageClass", record.storageClass),
  );
}

function invalid(message: string, name: string, value: string): Error {
  return s3Error("InvalidArgument", { message, details: { ArgumentName: name, ArgumentValue: value } });
}
