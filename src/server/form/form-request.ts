/**
 * An upload by a browser's form, turned into the request that it stands for: its fields are the headers, its file is the body,
 * its policy has been checked. From there on it is a PutObject like any other.
 */
import { anonymousCaller } from "../auth/authenticate.ts";
import type { Caller } from "../auth/caller.ts";
import type { AuthSettings } from "../auth/credentials.ts";
import { requiredField, verifyForm } from "../auth/form-signature.ts";
import { isPresigned } from "../auth/other-schemes.ts";
import type { KeyRing } from "../auth/verify.ts";
import { maxBodyBytes } from "../body/payload.ts";
import { s3Error } from "../errors.ts";
import { requireHeaderName, requireHeaderValue } from "../request/header-text.ts";
import type { IncomingRequest } from "../request/incoming-request.ts";
import { requireKeyLength } from "../request/target.ts";
import { noForm } from "../router.ts";
import { readXml } from "../xml/xml-reader.ts";
import { checkPolicy, refused, type SizeRange } from "./check-policy.ts";
import { mailSafe } from "./mail-safe.ts";
import { type FormField, formBoundary, readForm } from "./multipart.ts";
import { parsePostPolicy } from "./post-policy.ts";

export interface FormUpload {
  readonly request: IncomingRequest;
  readonly caller: Caller;
}

/** What only the request itself can say. */
const ownHeaders: ReadonlySet<string> = new Set(["host", "origin", "referer", "user-agent"]);
/** Headers of the request itself that still count. */
const kept: ReadonlySet<string> = new Set([...ownHeaders, "x-amz-expected-bucket-owner"]);

/** Whether a request is one to a bucket's address, as a form's is. */
export function isFormUpload(request: IncomingRequest): boolean {
  const { bucket, key, query } = request.target;
  return (
    request.method === "POST" &&
    bucket !== "" &&
    key === "" &&
    !query.has("delete") &&
    request.header("authorization") === undefined &&
    !isPresigned(request)
  );
}

/**
 * Reads the fields; the file is left for whoever reads the body. Errors: PreconditionFailed when it is no form, those of
 * `readForm`, `verifyForm` and `checkPolicy`; while the body is read EntityTooLarge and EntityTooSmall.
 */
export async function openForm(incoming: IncomingRequest, settings: AuthSettings, keys: KeyRing): Promise<FormUpload> {
  const boundary = formBoundary(incoming.header("content-type"));
  // localstack's test_s3.py, test_post_object_with_wrong_content_type.
  if (boundary === undefined) throw noForm();
  const { fields: sent, filename, file } = await readForm(incoming.body(), boundary);
  const fields = sent.map(({ name, value }) => ({ name, value: withFilename(value, filename) }));
  const field = fieldReader(fields);
  const key = requiredField((name) => field(name) || undefined, "key");
  requireKeyLength(key);
  const signer = verifyForm(field, settings, keys, incoming.nowMs);
  let range: SizeRange = { min: 0, max: Number.POSITIVE_INFINITY };
  if (signer !== undefined) {
    const policy = parsePostPolicy(signer.policy);
    if (incoming.nowMs > signer.goodUntilMs) throw refused("Policy expired.");
    range = checkPolicy(policy, { bucket: incoming.target.bucket, key, fields }, incoming.nowMs);
  }
  return {
    caller: signer?.caller ?? anonymousCaller({ kind: "form" }),
    request: asPut(incoming, key, fields, withinRange(file, range)),
  };
}

function asPut(
  incoming: IncomingRequest,
  key: string,
  fields: readonly FormField[],
  file: AsyncIterable<Uint8Array>,
): IncomingRequest {
  const headers = new Map<string, string>();
  for (const { name, value } of fields) {
    const header = headerName(name.toLowerCase());
    if (ownHeaders.has(header)) continue;
    const text = header === "x-amz-tagging" ? taggingHeader(value) : headerText(header, value);
    requireHeader(header, text, name);
    headers.set(header, headers.has(header) ? `${headers.get(header)},${text}` : text);
  }
  const header = (name: string) => headers.get(name) ?? (kept.has(name) ? incoming.header(name) : undefined);
  return {
    ...incoming,
    target: { ...incoming.target, key },
    header,
    headerLines: (name) => [header(name)].filter((value) => value !== undefined),
    headerNames: () => [...new Set([...headers.keys(), ...incoming.headerNames().filter((name) => kept.has(name))])],
    body: () => file,
  };
}

/** Only what follows the last slash or backslash; a file without any name leaves the variable as it is. */
function withFilename(value: string, filename: string | undefined): string {
  if (filename === undefined) return value;
  return value.replace(/\$\{filename\}/g, () => filename.replace(/^.*[\\/]/s, ""));
}

function fieldReader(fields: readonly FormField[]): (name: string) => string | undefined {
  return (wanted) => {
    const values = fields.filter(({ name }) => name.toLowerCase() === wanted).map(({ value }) => value);
    return values.length === 0 ? undefined : values.join(",");
  };
}

function headerName(field: string): string {
  if (field === "acl") return "x-amz-acl";
  return field === "tagging" ? "x-amz-tagging" : field;
}

function headerText(header: string, value: string): string {
  if (header.startsWith("x-amz-meta-")) return mailSafe(value);
  // Like the bytes of a header that came over the wire.
  return Buffer.from(value).toString("latin1");
}

/** Fields need not be such as a header can hold; what is given back as one must. Error: InvalidArgument. */
function requireHeader(header: string, text: string, field: string): void {
  if (!/^(?:x-amz-|content-|cache-control$|expires$)/.test(header)) return;
  requireHeaderName(field, header);
  requireHeaderValue(field, text);
}

/** As PutObject has it, from the document of a form. Error: MalformedXML. */
function taggingHeader(document: string): string {
  const tags = readXml(document).children.flatMap((set) => (set.name === "TagSet" ? set.children : []));
  const text = (tag: (typeof tags)[number], name: string) =>
    encodeURIComponent(tag.children.find((child) => child.name === name)?.text ?? "");
  return tags.map((tag) => `${text(tag, "Key")}=${text(tag, "Value")}`).join("&");
}

async function* withinRange(file: AsyncIterable<Uint8Array>, range: SizeRange): AsyncGenerator<Uint8Array> {
  const max = Math.min(range.max, maxBodyBytes);
  let size = 0;
  for await (const piece of file) {
    size += piece.length;
    // What is too much is read, too: the refusal says how much it was.
    if (size <= max) yield piece;
  }
  const details = { ProposedSize: String(size) };
  if (size > max) throw s3Error("EntityTooLarge", { details: { ...details, MaxSizeAllowed: String(max) } });
  if (size < range.min) {
    throw s3Error("EntityTooSmall", { details: { ...details, MinSizeAllowed: String(range.min) } });
  }
}
