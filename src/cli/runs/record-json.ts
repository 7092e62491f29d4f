/** Records as one object for machines: `null` for what is not known, so that every line has the same names. */
import type { JsonObject, JsonValue } from "../message.ts";

export function recordJson(type: string, record: object): JsonObject {
  return { type, ...(nulls(record) as JsonObject) };
}

function nulls(value: unknown): JsonValue {
  if (value === undefined) return null;
  if (Array.isArray(value)) return value.map(nulls);
  if (typeof value !== "object" || value === null) return value as JsonValue;
  // by entries, so that no key means anything but itself
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, nulls(each)]));
}
