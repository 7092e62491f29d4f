/** What a store does that has never heard of `x-amz-checksum-*`: it reads none, keeps none and gives none back. */
import { isChecksumHeader } from "../body/checksums.ts";
import { withoutHeaders } from "../request/rewrite-request.ts";
import type { Hooks } from "./personality.ts";
import { withoutAnswerHeaders, withXml } from "./rewrite-answer.ts";

const elements = /<(Checksum[A-Za-z0-9]*)>[^<]*<\/\1>/g;

export const ignoresChecksums: Required<Pick<Hooks, "admits" | "answers">> = {
  admits: (request) => withoutHeaders(request, isChecksumHeader),
  answers: (answer) => withXml(withoutAnswerHeaders(answer, isChecksumHeader), (xml) => xml.replace(elements, "")),
};
