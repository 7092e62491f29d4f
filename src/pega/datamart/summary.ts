/** What a datamart holds, counted: models, predictors, snapshots, channels, totals. */
import { columns, type DataFrame, type Polars } from "../../table/index.ts";
import { lastSnapshot } from "./snapshots.ts";

export interface Figures {
  /** Models in the last snapshot. */
  readonly models: number;
  readonly responses: number;
  readonly positives: number;
  /** Positives of all responses, 0 to 1; `undefined` without responses. */
  readonly successRate: number | undefined;
  /** Mean of the models' performance, weighted by their responses, in the scale of the export: 0.5 to 1, or 50 to 100. `undefined` without responses. */
  readonly performance: number | undefined;
}

export interface ChannelFigures extends Figures {
  readonly channel: string | undefined;
  readonly direction: string | undefined;
}

export interface SnapshotSpan {
  /** Different times. */
  readonly count: number;
  readonly first: Date | undefined;
  readonly last: Date | undefined;
}

export interface DatamartSummary {
  readonly models: { readonly rows: number; readonly models: number; readonly snapshots: SnapshotSpan } | undefined;
  readonly predictors:
    | {
        readonly rows: number;
        /** Names, without the classifier. */
        readonly predictors: number;
        /** Of those, active in some model of the last snapshot. */
        readonly active: number;
        readonly models: number;
        readonly snapshots: SnapshotSpan;
      }
    | undefined;
  /** Of the last snapshot, the most responses first. */
  readonly channels: readonly ChannelFigures[];
  /** Of the last snapshot. */
  readonly totals: Figures | undefined;
}

type Cells = Readonly<Record<string, ArrayLike<unknown>>>;

export function summaryOf(
  pl: Polars,
  models: DataFrame | undefined,
  predictors: DataFrame | undefined,
): DatamartSummary {
  const last = models === undefined ? undefined : figureCells(lastSnapshot(pl, models));
  return {
    models:
      models === undefined
        ? undefined
        : { rows: models.height, models: different(models, "ModelID"), snapshots: span(models) },
    predictors: predictors === undefined ? undefined : predictorCounts(pl, predictors),
    channels: last === undefined ? [] : channelsOf(last),
    totals: last === undefined ? undefined : figuresOf(last, rowsOf(last)),
  };
}

function predictorCounts(pl: Polars, predictors: DataFrame): NonNullable<DatamartSummary["predictors"]> {
  const names = (frame: DataFrame, isCounted: (row: number) => boolean) => {
    if (!frame.columns.includes("PredictorName")) return 0;
    const all = (frame.getColumn("PredictorName").toArray() as unknown[]).filter((_, row) => isCounted(row));
    return new Set(all.filter((name) => name !== "Classifier" && name !== null)).size;
  };
  const last = lastSnapshot(pl, predictors);
  const types = last.columns.includes("EntryType") ? (last.getColumn("EntryType").toArray() as unknown[]) : [];
  return {
    rows: predictors.height,
    predictors: names(predictors, () => true),
    active: names(last, (row) => types[row] === "Active"),
    models: different(predictors, "ModelID"),
    snapshots: span(predictors),
  };
}

function different(frame: DataFrame, column: string): number {
  return new Set((frame.getColumn(column).toArray() as unknown[]).filter((value) => value !== null)).size;
}

function span(frame: DataFrame): SnapshotSpan {
  const times = columns(frame.select("SnapshotTime"))["SnapshotTime"] as ArrayLike<Date | null>;
  const known = [...new Set(Array.from(times, (time) => time?.getTime()))].filter((ms) => ms !== undefined);
  const sorted = known.sort((a, b) => a - b);
  const [first, last] = [sorted[0], sorted.at(-1)];
  return {
    count: sorted.length,
    first: first === undefined ? undefined : new Date(first),
    last: last === undefined ? undefined : new Date(last),
  };
}

function figureCells(frame: DataFrame): Cells {
  const wanted = ["ModelID", "Channel", "Direction", "ResponseCount", "Positives", "Performance"];
  return columns(frame.select(...wanted.filter((name) => frame.columns.includes(name))));
}

function rowsOf(cells: Cells): readonly number[] {
  return Array.from({ length: cells["ModelID"]?.length ?? 0 }, (_, row) => row);
}

function channelsOf(cells: Cells): readonly ChannelFigures[] {
  const groups = new Map<string, number[]>();
  for (const row of rowsOf(cells)) {
    const key = JSON.stringify([cells["Channel"]?.[row] ?? null, cells["Direction"]?.[row] ?? null]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  const channels = [...groups].map(([key, rows]) => {
    const [channel, direction] = JSON.parse(key) as readonly (string | null)[];
    return { channel: channel ?? undefined, direction: direction ?? undefined, ...figuresOf(cells, rows) };
  });
  return channels.sort((a, b) => b.responses - a.responses || (a.channel ?? "").localeCompare(b.channel ?? "", "en"));
}

function figuresOf(cells: Cells, rows: readonly number[]): Figures {
  const value = (column: string, row: number) => (cells[column]?.[row] as number | null | undefined) ?? undefined;
  let [responses, positives, weights, weighted] = [0, 0, 0, 0];
  for (const row of rows) {
    const [count, performance] = [value("ResponseCount", row), value("Performance", row)];
    responses += count ?? 0;
    positives += value("Positives", row) ?? 0;
    if (count === undefined || performance === undefined || !Number.isFinite(performance)) continue;
    weights += count;
    weighted += count * performance;
  }
  return {
    models: new Set(rows.map((row) => cells["ModelID"]?.[row])).size,
    responses,
    positives,
    successRate: responses === 0 ? undefined : positives / responses,
    performance: weights === 0 ? undefined : weighted / weights,
  };
}
