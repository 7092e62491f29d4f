/**
 * The Arrow schema that pyarrow puts beside a Parquet file, without what polars ends a thread with: zones that are in no list become
 * UTC, list views become lists. The data are the same either way.
 */
import { FlatTable } from "../arrow/flatbuffer.ts";
import { hasUnknownZone, refuseUnknownZones, withKnownZones, withoutViews } from "../arrow/schema-kinds.ts";
import { type Footer, itemsOf, structOf, textOf } from "./footer.ts";
import type { Fields, Value } from "./thrift.ts";
import { schemaKey } from "./times-of-seconds.ts";

/** The same footer where nothing is unknown. Error: unsupported for a zone that is no offset and in no list. */
export function withKnownSchema(footer: Footer, uri: string): Footer {
  const pairs: Fields[] = footer.fields.get(5) === undefined ? [] : itemsOf(footer.fields.get(5)).map(structOf);
  const at = pairs.findIndex((pair) => textOf(pair.get(1)) === schemaKey);
  const pair = pairs[at];
  const mended = pair?.get(2) === undefined ? undefined : mendedSchema(Buffer.from(textOf(pair.get(2)), "base64"), uri);
  if (pair === undefined || mended === undefined) return footer;
  const changed = new Map(pair).set(2, { type: "binary", value: Buffer.from(mended.toString("base64")) } as Value);
  const items = pairs.with(at, changed).map((fields): Value => ({ type: "struct", fields }));
  return { ...footer, fields: new Map(footer.fields).set(5, { type: "list", of: 12, items }) };
}

/** A message, with its length before it. `undefined` where nothing needs to be changed, or it cannot be read. */
function mendedSchema(message: Buffer, uri: string): Buffer | undefined {
  try {
    const start = message.readInt32LE(0) === -1 ? 8 : 4;
    const schema = FlatTable.root(message.subarray(start)).table(2);
    if (schema === undefined) return undefined;
    refuseUnknownZones(schema, uri);
    const isZoned = hasUnknownZone(schema);
    if (isZoned) withKnownZones(schema);
    return withoutViews(schema) || isZoned ? message : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
