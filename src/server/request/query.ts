/** A query string as decoded pairs, in the order in which they came; names are case-sensitive and may repeat. */
import { decodeQueryPart } from "./percent.ts";

/** The parameters of presigned URLs, those of the old kind included. */
const proof = /^(?:x-amz-.*|signature|awsaccesskeyid)$/i;

export class Query {
  readonly pairs: readonly (readonly [name: string, value: string])[];

  constructor(pairs: readonly (readonly [name: string, value: string])[]) {
    this.pairs = pairs;
  }

  has(name: string): boolean {
    return this.pairs.some(([known]) => known === name);
  }

  /** The first value; `""` for a name without `=`. */
  get(name: string): string | undefined {
    return this.pairs.find(([known]) => known === name)?.[1];
  }

  /** All but what proves who is calling, as an object; the last of repeated names wins. */
  toRecord(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.pairs.filter(([name]) => !proof.test(name)));
  }
}

/** Reads what stands after `?`. Error: InvalidURI. */
export function parseQuery(raw: string): Query {
  if (raw === "") return new Query([]);
  return new Query(
    raw
      .split("&")
      .filter((pair) => pair !== "")
      .map((pair) => {
        const equals = pair.indexOf("=");
        if (equals < 0) return [decodeQueryPart(pair), ""];
        return [decodeQueryPart(pair.slice(0, equals)), decodeQueryPart(pair.slice(equals + 1))];
      }),
  );
}
