/**
 * The columns of a table, each by one name. Exports of different days call the same column differently (`pyModelID`, `ModelID`), and
 * one below the other they are two columns, of which each row has one: these become one again.
 */
import type { DataFrame, Polars } from "../../table/index.ts";
import { columnName, columnNames } from "./names.ts";

type Series = ReturnType<DataFrame["getColumn"]>;

/** Columns of one name of which some row has both stay two: `Name` and `Name_2`. The frame that is given stays as it is. */
export function oneName(pl: Polars, frame: DataFrame): DataFrame {
  const names = columnNames(frame.columns);
  const renamed = frame.clone();
  renamed.columns = [...names];
  if (frame.height === 0) return renamed;
  const groups = new Map<string, string[]>();
  frame.columns.forEach((given, at) => {
    const meant = columnName(given);
    const group = groups.get(meant) ?? [];
    groups.set(meant, group);
    group.push(names[at] as string);
  });
  // where some files say `pyName`, those of others that say `ModelName` mean the same
  const others = groups.get("ModelName");
  if (others !== undefined && groups.has("Name")) groups.get("Name")?.push(...others);
  let united = renamed;
  for (const group of groups.values()) united = unitedOf(pl, united, group);
  return united;
}

function unitedOf(pl: Polars, frame: DataFrame, group: readonly string[]): DataFrame {
  const kept: string[] = [];
  let result = frame;
  for (const name of group) {
    const into = kept.find((each) => isApart(pl, result, each, name));
    if (into === undefined) {
      kept.push(name);
      continue;
    }
    const [first, second] = alike(pl, result.getColumn(into), result.getColumn(name));
    const both = result.withColumns(first, second);
    const value = pl.when(pl.col(into).isNotNull()).then(pl.col(into)).otherwise(pl.col(name)).alias(into);
    result = both.withColumns(value).drop(name);
  }
  return result;
}

/** Whether each row has at most one of the two, and some row the second. */
function isApart(pl: Polars, frame: DataFrame, into: string, name: string): boolean {
  const [one, other] = [frame.getColumn(into), frame.getColumn(name)];
  if (other.nullCount() === other.length || one.nullCount() + other.nullCount() < frame.height) return false;
  if (!isScalar(one) || !isScalar(other)) return false;
  return frame.filter(pl.col(into).isNotNull().and(pl.col(name).isNotNull())).height === 0;
}

/** Of one type: what one file has as text and another as a number or a time is text, of which all of them can be made again. */
function alike(pl: Polars, one: Series, other: Series): readonly [Series, Series] {
  if (one.dtype.equals(other.dtype) || (isNumber(one) && isNumber(other))) return [one, other];
  return [one.cast(pl.String), other.cast(pl.String)];
}

function isNumber({ dtype }: Series): boolean {
  return /^DataType\((?:U?Int|Float)\d+/.test(dtype.toString());
}

function isScalar({ dtype }: Series): boolean {
  return !/^DataType\((?:List|Struct|Array|Object|Binary)/.test(dtype.toString());
}
