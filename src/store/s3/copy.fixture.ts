/** What servers answer to copies, for tests with scripted ones. */
import type { TransportRequest } from "../../net/index.ts";
import type { ScriptedAnswer } from "../../testing/index.ts";
import { object, refusal } from "./scripted.fixture.ts";

/** Not the one that asks whether the server minds the version. */
export const isCopiedPart = ({ headers }: { readonly headers: Readonly<Record<string, string>> }) => {
  const isProbe = /^"0+"$/.test(headers["x-amz-copy-source-if-match"] ?? "");
  return headers["x-amz-copy-source-range"] !== undefined && !isProbe;
};
export const partAnswer = (request: TransportRequest): ScriptedAnswer =>
  isCopiedPart(request)
    ? { status: 200, body: "<CopyPartResult><ETag>p</ETag></CopyPartResult>" }
    : refusal(412, "PreconditionFailed");
export const begun: ScriptedAnswer = {
  status: 200,
  body: "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>",
};
export const completed: ScriptedAnswer = {
  status: 200,
  body: "<CompleteMultipartUploadResult><ETag>&quot;w&quot;</ETag></CompleteMultipartUploadResult>",
};
export const copiedAnswer: ScriptedAnswer = {
  status: 200,
  body: "<CopyObjectResult><ETag>w</ETag></CopyObjectResult>",
};
export const source = object("", '"s"', { "content-length": "5", "content-type": "text/csv", "x-amz-meta-a": "1" });
export const head = (more: Record<string, string> = {}) => ({ ...source, headers: { ...source.headers, ...more } });
