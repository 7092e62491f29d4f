/** The columns that were found, with the types that were asked for. */
import { EntrepotError } from "../../error/index.ts";
import type { ColumnType } from "../columns.ts";
import { noColumn } from "../rows/expression.ts";
import type { Column } from "../values/kind.ts";
import { kindNamed } from "../values/types.ts";

/** Errors: malformed for a type of a column that there is none of, unsupported for a type that nobody asked for and nobody can hold. */
export function typedColumns(
  found: readonly Column[],
  types: Readonly<Record<string, ColumnType>>,
  uri: string,
): readonly Column[] {
  for (const name of Object.keys(types))
    if (!found.some((column) => column.name === name)) throw noColumn(name, found, uri);
  return found.map(({ name, type }) => {
    const wanted = Object.hasOwn(types, name) ? types[name] : undefined;
    if (wanted !== undefined) return { name, type: kindNamed(wanted, name) };
    if (type.kind !== "other") return { name, type };
    throw new EntrepotError("unsupported", `column ${JSON.stringify(name)} of ${uri} holds integers beyond 64 bits`, {
      uri,
      hint: `say how it is read: { types: { ${JSON.stringify(name)}: "string" } }, or "uint64" or "decimal(38,0)"`,
    });
  });
}
