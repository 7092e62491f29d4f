/** PostObject: what PutObject does, answered as the form asks for: by a status, a document, or a redirect. */
import { type Answer, emptyAnswer, xmlAnswer } from "../answer.ts";
import type { Operation } from "../operation.ts";
import type { IncomingRequest } from "../request/incoming-request.ts";
import { encodePart } from "../request/percent.ts";
import { plainDocument, textElement } from "../xml/xml-writer.ts";
import { putObject } from "./put-object.ts";

export const postObject: Operation = {
  name: "PostObject",
  async run(call) {
    const { headers } = await putObject.run(call);
    return formAnswer(call.request, headers ?? {});
  },
};

function formAnswer(
  request: IncomingRequest,
  { "content-length": _, ...said }: NonNullable<Answer["headers"]>,
): Answer {
  const { bucket, key } = request.target;
  const etag = said["etag"] ?? "";
  const redirect = redirection(request, [
    ["bucket", bucket],
    ["key", key],
    ["etag", etag],
  ]);
  if (redirect !== undefined) return emptyAnswer(303, { ...said, location: redirect });
  const location = locationOf(request);
  const status = request.header("success_action_status");
  if (status !== "201") return emptyAnswer(status === "200" ? 200 : 204, { ...said, location });
  const document = plainDocument(
    "PostResponse",
    textElement("Location", location),
    textElement("Bucket", bucket),
    textElement("Key", key),
    textElement("ETag", etag),
  );
  return { ...xmlAnswer(document, { ...said, location }), status: 201 };
}

/** Where the browser goes next; undefined when the form names no address, or half of one. */
function redirection(request: IncomingRequest, told: readonly (readonly [string, string])[]): string | undefined {
  const address = request.header("success_action_redirect") ?? request.header("redirect");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no header can hold them
  if (address === undefined || /[\u0000-\u001f\u007f]/.test(address)) return undefined;
  if (!/^https?:\/\/[^\s/]/i.test(address) || !URL.canParse(address)) return undefined;
  // Its own query stays as it is: github.com/layervault/layervault_ruby_client/issues/8.
  const query = told.map(([name, value]) => `${name}=${encodePart(value).replaceAll("%20", "+")}`).join("&");
  return `${address}${address.includes("?") ? "&" : "?"}${query}`;
}

/** Slashes of the key are escaped, too: github.com/ceph/ceph/pull/20330. */
function locationOf(request: IncomingRequest): string {
  const { bucket, key, bucketInHost } = request.target;
  const origin = `${request.secure ? "https" : "http"}://${request.header("host") ?? ""}`;
  return `${origin}/${bucketInHost ? "" : `${bucket}/`}${encodePart(key)}`;
}
