/**
 * Times of whole seconds: Parquet has none, so pyarrow writes them as milliseconds and says in the Arrow schema, which it puts
 * beside, that they were seconds. polars takes that schema at its word, and the times become a thousand times as long.
 */
import { type DataType, TimeUnit, Type, tableFromIPC } from "@uwdata/flechette";
import { type Footer, itemsOf, structOf, textOf } from "./footer.ts";
import type { Fields } from "./thrift.ts";

export const schemaKey = "ARROW:schema";

/** Columns that hold them, themselves or somewhere inside. */
export function timesOfSeconds(footer: Footer): ReadonlySet<string> {
  const fields = arrowSchema(footer)?.fields ?? [];
  return new Set(fields.flatMap(({ name, type }) => (holdsSeconds(type) ? [name] : [])));
}

/** The footer without the schema beside: then polars reads what Parquet itself says. */
export function withoutArrowSchema(footer: Footer): Footer {
  const fields = new Map(footer.fields);
  fields.delete(5);
  return { ...footer, fields };
}

function arrowSchema({ fields }: Footer) {
  const pairs: Fields[] = fields.get(5) === undefined ? [] : itemsOf(fields.get(5)).map(structOf);
  const schema = pairs.find((pair) => textOf(pair.get(1)) === schemaKey)?.get(2);
  if (schema === undefined) return undefined;
  try {
    return tableFromIPC(Buffer.from(textOf(schema), "base64")).schema;
  } catch {
    // a type that JavaScript has no word for; polars reads it as it can
    return undefined;
  }
}

function holdsSeconds(type: DataType): boolean {
  if (type.typeId === Type.Time) return type.unit === TimeUnit.SECOND;
  const { children } = type as { readonly children?: readonly { readonly type: DataType }[] };
  return children?.some((field) => holdsSeconds(field.type)) ?? false;
}
