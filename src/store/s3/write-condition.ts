/** The condition of a write: what is sent for it, and what it makes of a refusal. */
import type { WriteOptions } from "../object-store.ts";

type Conditions = Pick<WriteOptions, "ifMatch" | "ifNoneMatch">;

/** `undefined` for a write without one. TypeError for two. */
export function conditionOf({ ifMatch, ifNoneMatch }: Conditions): "create" | "match" | undefined {
  if (ifMatch !== undefined && ifNoneMatch !== undefined) {
    throw new TypeError("ifMatch replaces and ifNoneMatch creates: give one of them");
  }
  if (ifNoneMatch !== undefined) return "create";
  return ifMatch === undefined ? undefined : "match";
}

/** The headers that say so; `bareEtag` leaves the quotes out, for servers that know no others. */
export function conditionHeaders(
  { ifMatch, ifNoneMatch }: Conditions,
  bareEtag = false,
): Readonly<Record<string, string>> {
  if (ifMatch !== undefined) return { "if-match": bareEtag ? ifMatch.replace(/^"(.*)"$/, "$1") : ifMatch };
  return ifNoneMatch === undefined ? {} : { "if-none-match": ifNoneMatch };
}
