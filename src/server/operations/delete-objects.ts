/** DeleteObjects: up to a thousand keys in one document, each with its own outcome. */
import { quoted, xmlAnswer } from "../answer.ts";
import { ifMatchGuard } from "../conditions.ts";
import { S3Error, s3Error } from "../errors.ts";
import type { Call, Operation } from "../operation.ts";
import { receivePayload } from "../payload.ts";
import { maxKeyBytes } from "../target.ts";
import { requireNullVersion } from "../versions.ts";
import { childText, readXml, type XmlElement } from "../xml-reader.ts";
import { document, element, textElement, type Xml } from "../xml-writer.ts";

const maxKeys = 1000;
const maxDocumentBytes = 2 * 1024 * 1024;

export const deleteObjects: Operation = {
  name: "DeleteObjects",
  async run(call) {
    call.storage.bucket(call.bucket);
    const { objects, quiet } = parseDelete(await receiveDocument(call));
    const outcomes: Xml[] = [];
    for (const object of objects) {
      const error = await deleteOne(call, object);
      if (error !== undefined) {
        outcomes.push(
          element(
            "Error",
            textElement("Key", object.key),
            textElement("Code", error.code),
            textElement("Message", error.message),
          ),
        );
      } else if (!quiet) outcomes.push(element("Deleted", textElement("Key", object.key)));
    }
    return xmlAnswer(document("DeleteResult", ...outcomes));
  },
};

interface ObjectToDelete {
  readonly key: string;
  readonly versionId: string | undefined;
  readonly etag: string | undefined;
}

/** S3 insists that the document is protected. */
async function receiveDocument({ request, caller, allows }: Call): Promise<string> {
  const pieces: Uint8Array[] = [];
  let held = 0;
  const received = await receivePayload(request, caller, (chunk) => {
    held += chunk.length;
    if (held > maxDocumentBytes) throw s3Error("MalformedXML");
    pieces.push(Uint8Array.from(chunk));
  });
  const isProtected = received.checksumWasSent || request.header("content-md5") !== undefined;
  if (!isProtected && allows?.has("unprotected-deletions") !== true) {
    throw s3Error("InvalidRequest", { message: "Missing required header for this request: Content-MD5" });
  }
  return Buffer.concat(pieces).toString();
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

async function deleteOne(
  { request, storage, bucket, refusalOf }: Call,
  object: ObjectToDelete,
): Promise<S3Error | undefined> {
  try {
    if (Buffer.byteLength(object.key) > maxKeyBytes) throw s3Error("KeyTooLongError");
    requireNullVersion(object.versionId);
    const refused = refusalOf("DELETE", "DeleteObject", object.key);
    if (refused !== undefined) return refused;
    const guard =
      object.etag === undefined ? undefined : ifMatchGuard(quoted(object.etag.replaceAll('"', "")), object.key);
    await storage.remove(bucket, object.key, request.nowMs, guard);
    return undefined;
  } catch (error) {
    if (error instanceof S3Error) return error;
    throw error;
  }
}
