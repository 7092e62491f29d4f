/** Conditions of requests: that what is changed is still what somebody has read before. */
import { Refusal } from "../api/problem.ts";
import type { JsonSchema } from "../api/shape.ts";

/** What `If-Match` says; `undefined` without it. Refusal 400 for anything but one of our tags. */
export function ifMatchOf(request: Request): string | undefined {
  const given = request.headers.get("if-match");
  if (given === null) return undefined;
  const tag = /^"([0-9a-f]{64})"$/.exec(given)?.[1];
  if (tag === undefined) throw new Refusal(400, "invalid-request", 'If-Match is one ETag as it was told, "0123…"');
  return tag;
}

/** For the document. */
export function ifMatchHeader(what: string): { readonly "If-Match": JsonSchema } {
  return { "If-Match": { type: "string", description: `${what}, in quotes; 412 where it is another by now` } };
}
