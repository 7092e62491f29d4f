/** Floats of 16 bits as those of 32, which hold every one of them: polars in JavaScript has no word for their type. */
import type { DataFrame, Polars } from "../engine.ts";
import { columnExpr } from "../rows/expression.ts";
import { columnsOf } from "./columns-of.ts";
import type { Kind } from "./kind.ts";
import { engineType } from "./types.ts";

export function withoutHalves(pl: Polars, frame: DataFrame): DataFrame {
  const casts = columnsOf(frame).flatMap(({ name, type }) =>
    hasHalves(type) ? [columnExpr(pl, name).cast(engineType(pl, type)).alias(name)] : [],
  );
  return casts.length === 0 ? frame : frame.withColumns(...casts);
}

function hasHalves(kind: Kind): boolean {
  if (kind.kind === "float") return kind.bits === 16;
  if (kind.kind === "list") return hasHalves(kind.item);
  return kind.kind === "struct" && kind.fields.some(({ type }) => hasHalves(type));
}
