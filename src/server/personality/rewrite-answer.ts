/** An answer with other headers and elements than the operation gave it. */
import type { Answer } from "../answer.ts";

export function withoutAnswerHeaders(answer: Answer, drops: (name: string) => boolean): Answer {
  const kept = Object.entries(answer.headers ?? {}).filter(([name]) => !drops(name));
  return { ...answer, headers: Object.fromEntries(kept) };
}

/** Changes the text of an XML answer; any other stays as it is. */
export function withXml(answer: Answer, change: (xml: string) => string): Answer {
  const { body, headers } = answer;
  if (headers?.["content-type"] !== "application/xml") return answer;
  if (typeof body === "string") return { ...answer, body: change(body) };
  return body instanceof Uint8Array ? { ...answer, body: change(Buffer.from(body).toString()) } : answer;
}
