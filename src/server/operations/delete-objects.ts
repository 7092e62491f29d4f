/** DeleteObjects: up to a thousand keys in one document, each with its own outcome. */
import { quoted, xmlAnswer } from "../answer.ts";
import { receiveProtectedText } from "../body/payload.ts";
import { S3Error, s3Error } from "../errors.ts";
import { ifMatchGuard } from "../object/conditions.ts";
import { refuseForeignDelete } from "../object/foreign-delete.ts";
import { isKnownForm } from "../object/versions.ts";
import type { Call, Operation } from "../operation.ts";
import { maxKeyBytes } from "../request/target.ts";
import type { DeleteMarker } from "../storage/records.ts";
import { isDeleteMarker, versionIdOf } from "../storage/versions-of-key.ts";
import { childText, readXml, type XmlElement } from "../xml/xml-reader.ts";
import { document, element, textElement, type Xml } from "../xml/xml-writer.ts";

const maxKeys = 1000;
const maxDocumentBytes = 2 * 1024 * 1024;

export const deleteObjects: Operation = {
  name: "DeleteObjects",
  async run(call) {
    call.storage.bucket(call.bucket);
    refuseForeignDelete(call.request);
    const { objects, quiet } = parseDelete(await receiveProtectedText(call, maxDocumentBytes));
    const outcomes: Xml[] = [];
    for (const object of objects) {
      const outcome = await deleteOne(call, object);
      if (outcome instanceof S3Error) outcomes.push(errorElement(object, outcome));
      else if (!quiet) outcomes.push(deletedElement(object, outcome));
    }
    return xmlAnswer(document("DeleteResult", ...outcomes));
  },
};

interface ObjectToDelete {
  readonly key: string;
  readonly versionId: string | undefined;
  readonly etag: string | undefined;
}

function parseDelete(text: string): { readonly objects: readonly ObjectToDelete[]; readonly quiet: boolean } {
  const root = readXml(text);
  const objects = root.children.filter(({ name }) => name === "Object").map(parseObject);
  if (root.name !== "Delete" || objects.length === 0 || objects.length > maxKeys) throw s3Error("MalformedXML");
  return { objects, quiet: childText(root, "Quiet")?.trim() === "true" };
}

function parseObject(object: XmlElement): ObjectToDelete {
  const key = childText(object, "Key");
  if (key === undefined || key === "") throw s3Error("MalformedXML");
  return { key, versionId: childText(object, "VersionId"), etag: childText(object, "ETag") };
}

/** The delete marker that was made or removed, if any; or why nothing was. */
async function deleteOne(call: Call, object: ObjectToDelete): Promise<DeleteMarker | undefined | S3Error> {
  const { request, storage, bucket, refusalOf } = call;
  const { key, versionId } = object;
  try {
    if (Buffer.byteLength(key) > maxKeyBytes) throw s3Error("KeyTooLongError");
    // Unlike DeleteObject, this one takes any name that S3 has not given for that of a version that is not there.
    if (versionId !== undefined && !isKnownForm(versionId)) throw s3Error("NoSuchVersion");
    const refused = refusalOf("DELETE", "DeleteObject", key, object);
    if (refused !== undefined) return refused;
    const guard = object.etag === undefined ? undefined : ifMatchGuard(quoted(object.etag.replaceAll('"', "")), key);
    if (versionId === undefined) return await storage.remove(bucket, key, request.nowMs, guard);
    const removed = await storage.removeVersion(bucket, key, versionId, guard);
    return removed !== undefined && isDeleteMarker(removed) ? removed : undefined;
  } catch (error) {
    if (error instanceof S3Error) return error;
    throw error;
  }
}

function deletedElement({ key, versionId }: ObjectToDelete, marker: DeleteMarker | undefined): Xml {
  return element(
    "Deleted",
    textElement("Key", key),
    textElement("VersionId", versionId),
    textElement("DeleteMarker", marker === undefined ? undefined : true),
    textElement("DeleteMarkerVersionId", marker === undefined ? undefined : versionIdOf(marker)),
  );
}

function errorElement({ key, versionId }: ObjectToDelete, error: S3Error): Xml {
  return element(
    "Error",
    textElement("Key", key),
    textElement("VersionId", versionId),
    textElement("Code", error.code),
    textElement("Message", error.message),
  );
}
