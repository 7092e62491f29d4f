/** ListObjectVersions: every version of every key, delete markers among them, a thousand at a time. */
import { quoted, xmlAnswer } from "../answer.ts";
import { isoMillis } from "../dates.ts";
import { s3Error } from "../errors.ts";
import { positionBehind, prefixElement, type Question, readQuestion } from "../listing/listing-question.ts";
import { listVersions, type VersionItem, type VersionsQuestion } from "../listing/version-listing.ts";
import { isKnownForm } from "../object/versions.ts";
import type { Call, Operation } from "../operation.ts";
import { personElement } from "../person.ts";
import { sequenceOf } from "../storage/version-id.ts";
import { isDeleteMarker, versionIdOf } from "../storage/versions-of-key.ts";
import { document, element, textElement, type Xml } from "../xml/xml-writer.ts";

export const listObjectVersions: Operation = {
  name: "ListObjectVersions",
  async run(call) {
    const { storage, bucket, query } = call;
    const question = readQuestion(query);
    const { encode } = question;
    const [keyMarker, idMarker] = [query.get("key-marker") ?? "", query.get("version-id-marker")];
    const source = {
      keys: storage.keys(bucket),
      hiddenKeys: storage.hiddenKeys(bucket),
      versions: (key: string) => storage.versions(bucket, key),
    };
    const after = positionBehind(keyMarker, question);
    const rest = readRest(call, question, keyMarker, idMarker);
    const { items, isTruncated } = listVersions(source, { ...question, after, rest });
    const next = isTruncated ? items.at(-1) : undefined;
    return xmlAnswer(
      document(
        "ListVersionsResult",
        textElement("Name", bucket),
        textElement("Prefix", encode(question.prefix)),
        textElement("KeyMarker", encode(keyMarker)),
        textElement("VersionIdMarker", idMarker ?? ""),
        ...(next === undefined ? [] : nextElements(next, question)),
        textElement("MaxKeys", question.limit),
        textElement("Delimiter", question.delimiter === "" ? undefined : encode(question.delimiter)),
        textElement("EncodingType", question.encodingType === undefined ? undefined : "url"),
        textElement("IsTruncated", isTruncated),
        ...items.map((item) => ("prefix" in item ? "" : versionElement(item, question))),
        ...items.map((item) => ("prefix" in item ? prefixElement(item.prefix, question) : "")),
      ),
    );
  },
};

/** What is left of the key with which the page before has ended. Error: InvalidArgument. */
function readRest(
  { storage, bucket }: Call,
  { prefix, delimiter }: Question,
  key: string,
  versionId: string | undefined,
): VersionsQuestion["rest"] {
  if (versionId === undefined) return undefined;
  if (key === "") throw invalid("A version-id marker cannot be specified without a key marker.", versionId);
  if (versionId === "") throw invalid("A version-id marker cannot be empty.", versionId);
  if (!isKnownForm(versionId)) throw invalid("Invalid version id specified", versionId);
  // What is rolled up has no versions to go on with.
  if (!key.startsWith(prefix) || (delimiter !== "" && key.includes(delimiter, prefix.length))) return undefined;
  // The place of the version `null` is known only while there is one: rather twice than never.
  const ofNull = () => {
    const version = storage.findVersion(bucket, key, "null");
    return version === undefined ? Number.POSITIVE_INFINITY : (version.sequence ?? 0);
  };
  return { key, olderThan: sequenceOf(versionId) ?? ofNull() };
}

function nextElements(item: VersionItem, { encode }: Question): readonly Xml[] {
  if ("prefix" in item) return [textElement("NextKeyMarker", encode(item.prefix))];
  return [
    textElement("NextKeyMarker", encode(item.version.key)),
    textElement("NextVersionIdMarker", versionIdOf(item.version)),
  ];
}

function versionElement(item: Exclude<VersionItem, { readonly prefix: string }>, { encode }: Question): Xml {
  const { version, isLatest } = item;
  const identity = [
    textElement("Key", encode(version.key)),
    textElement("VersionId", versionIdOf(version)),
    textElement("IsLatest", isLatest),
    textElement("LastModified", isoMillis(version.modifiedMs)),
  ];
  if (isDeleteMarker(version)) return element("DeleteMarker", ...identity, personElement("Owner"));
  return element(
    "Version",
    ...identity,
    textElement("ETag", quoted(version.etag)),
    textElement("ChecksumAlgorithm", version.checksum?.algorithm),
    textElement("ChecksumType", version.checksum?.type),
    textElement("Size", version.sizeBytes),
    personElement("Owner"),
    textElement("StorageClass", version.storageClass),
  );
}

function invalid(message: string, versionId: string): Error {
  const details = { ArgumentName: "version-id-marker", ArgumentValue: versionId };
  return s3Error("InvalidArgument", { message, details });
}
