/** What a command says: one value with two renderings, a line for people and an object for machines. */

/** Plain data; one line of NDJSON each. */
export interface JsonObject {
  readonly [key: string]: JsonValue | undefined;
}
export type JsonValue = string | number | boolean | null | JsonObject | readonly JsonValue[];

export interface Message {
  /** For people; names from elsewhere are made `printable` by whoever composes it. `undefined`: say nothing to people. */
  readonly text: () => string | undefined;
  /** For machines; `undefined`: say nothing to machines. */
  readonly json: () => JsonObject | undefined;
}
