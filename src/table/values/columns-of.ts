/**
 * The columns of a frame, read by way of Arrow: polars' own description of them in JavaScript knows no bytes and no 128-bit integers.
 */
import { EntrepotError } from "../../error/index.ts";
import type { DataFrame } from "../engine.ts";
import { arrowFields } from "./arrow.ts";
import type { Column } from "./kind.ts";

/** The columns of a frame, in order; what Arrow in JavaScript cannot say (128-bit integers) is `other`. */
export function columnsOf(frame: DataFrame): readonly Column[] {
  const empty = frame.head(0);
  try {
    return arrowFields(empty.writeIPC());
  } catch (error) {
    if (beyond64Bits(error) === error) throw error;
    return empty.columns.map((name) => columnOf(empty, name));
  }
}

function columnOf(empty: DataFrame, name: string): Column {
  try {
    const [column] = arrowFields(empty.getColumn(name).toFrame().writeIPC());
    if (column !== undefined) return column;
  } catch {}
  return { name, type: { kind: "other", name: "int128" } };
}

/** Integers that no 64 bits hold are the only thing that a frame holds and its Arrow form cannot say. */
export function beyond64Bits(error: unknown): unknown {
  if (error instanceof EntrepotError || !(error instanceof Error) || !/\b128\b/.test(error.message)) return error;
  return new EntrepotError("unsupported", "the table holds integers that do not fit into 64 bits", {
    cause: error,
    hint: 'read that column as text or as a decimal: { types: { column: "string" } }',
  });
}
