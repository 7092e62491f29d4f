/** A pickled pandas frame as a table: its columns, then those of its index. Nothing else of a pickle is one. */
import { EntrepotError } from "../../error/index.ts";
import { PickledFrame, PickledSeries, RefusedObject } from "../../format/index.ts";
import { frameOfColumns } from "../arrow/frame-of-columns.ts";
import { type DataFrame, engineError, type Polars } from "../engine.ts";
import { asked, collect, type Question } from "../read/question.ts";
import { columnsOfCondition } from "../rows/condition.ts";
import { noColumn } from "../rows/expression.ts";
import { fitted } from "../rows/fit.ts";
import { columnsOf } from "../values/columns-of.ts";
import { exactCast } from "../values/exact-cast.ts";
import { arrowColumn } from "./column-batch.ts";
import { namedColumns } from "./labels.ts";

/** Only the columns that are asked for must be of one kind each. Errors: unsupported, malformed for columns that there are none of. */
export async function pickledTable(pl: Polars, pickled: unknown, asking: Question, uri: string): Promise<DataFrame> {
  const all = namedColumns(frameOf(pickled, uri), uri);
  const names = all.map(({ name }) => name);
  const question = fitted(asking, names);
  const needed = new Set([...(question.columns ?? names), ...columnsOfCondition(question.condition)]);
  for (const name of needed) if (!names.includes(name)) throw noColumn(name, all, uri);
  const chosen = all.filter(({ name }) => needed.has(name));
  try {
    const frame = frameOfColumns(
      pl,
      chosen.map(({ name, column }) => [name, arrowColumn(column, { name, uri })] as const),
    );
    const cast = exactCast(pl, frame, question.types, uri);
    return await collect(asked(pl, cast.lazy(), columnsOf(cast), question, uri), false);
  } catch (error) {
    throw engineError(error, uri, "reading");
  }
}

function frameOf(pickled: unknown, uri: string): PickledFrame {
  if (pickled instanceof PickledFrame) return pickled;
  if (pickled instanceof PickledSeries) {
    const { column, index } = pickled;
    // as Series.to_frame calls it
    return new PickledFrame({ columns: [column.name === null ? { ...column, name: 0 } : column], index });
  }
  if (pickled instanceof RefusedObject) {
    const message = `${uri} holds a ${pickled.instance.name}, which is not plain data; no code of a pickle is ever run`;
    throw new EntrepotError("unsupported", message, { uri, hint: "readPickle reads it with { classes }" });
  }
  throw new EntrepotError("unsupported", `${uri} holds no pandas DataFrame or Series`, {
    uri,
    hint: "readPickle gives what it holds",
  });
}
