/** The single values that lie in a column, however deep in lists and structs they do. */
import type { Expr, Polars } from "../engine.ts";
import type { Column, Kind } from "../values/kind.ts";
import { columnExpr } from "./expression.ts";

export interface Leaf {
  readonly type: Kind;
  /** The column, then the fields of structs; lists have no name. */
  readonly path: readonly [string, ...string[]];
  /** All of its values one below the other, more or fewer than rows. */
  readonly values: Expr;
}

export function leavesOf(pl: Polars, { name, type }: Column): readonly Leaf[] {
  return within(columnExpr(pl, name), type, [name]);
}

function within(values: Expr, type: Kind, path: Leaf["path"]): readonly Leaf[] {
  if (type.kind === "list") return within(values.explode(), type.item, path);
  if (type.kind !== "struct") return [{ type, path, values }];
  return type.fields.flatMap((field) => within(values.struct.field(field.name), field.type, [...path, field.name]));
}
