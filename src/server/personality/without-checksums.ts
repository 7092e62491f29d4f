/** What a store does that has never heard of `x-amz-checksum-*`: it reads none, keeps none and gives none back. */
import type { Hooks } from "./personality.ts";
import { withoutAnswerHeaders, withXml } from "./rewrite-answer.ts";
import { withoutHeaders } from "./rewrite-request.ts";

const isChecksum = (name: string) => /^x-amz-(?:checksum-|sdk-checksum-algorithm$)/.test(name);
const elements = /<(Checksum[A-Za-z0-9]*)>[^<]*<\/\1>/g;

export const ignoresChecksums: Required<Pick<Hooks, "admits" | "answers">> = {
  admits: (request) => withoutHeaders(request, isChecksum),
  answers: (answer) => withXml(withoutAnswerHeaders(answer, isChecksum), (xml) => xml.replace(elements, "")),
};
