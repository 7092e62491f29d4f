/** Pandas' DataFrame, Series and Index as data: blocks of values are laid out as columns. */
import { entryOf, Part } from "./draft.ts";
import { malformed } from "./fault.ts";
import {
  lengthOfIndex,
  type PickledColumn,
  PickledFrame,
  type PickledIndex,
  PickledLabels,
  PickledSeries,
} from "./frame.ts";
import { labelsOf } from "./frame-values.ts";
import type { Workshop } from "./names.ts";
import { ArrayDraft } from "./numpy-array.ts";
import { columnIn, EvenColumn, indexIn } from "./odd-columns.ts";
import { indexOf } from "./pandas-columns.ts";
import { wholeNumber } from "./plain-classes.ts";

/** A DataFrame, Series or Index, which alone are values. */
export class PandasDraft extends Part {
  readonly #workshop: Workshop;

  constructor(type: string, workshop: Workshop, state?: unknown) {
    super(type);
    this.#workshop = workshop;
    this.state = state;
  }

  override finish(): PickledFrame | PickledSeries | PickledLabels {
    if (this.type === "DataFrame") return frameOf(this.state, this.#workshop);
    if (this.type === "Series") return seriesOf(this.state, this.#workshop);
    return new PickledLabels(indexOf(this, this.#workshop.budget));
  }
}

interface Blocks {
  readonly axes: readonly unknown[];
  /** Values, and where they lie. */
  readonly blocks: readonly (readonly [values: unknown, places: unknown])[];
}

/** Of a BlockManager: its arguments since pandas 1.3, its state before and for Series. */
function blocksOf(state: unknown): Blocks {
  const manager = entryOf(state, "_mgr") ?? entryOf(state, "_data");
  if (!(manager instanceof Part) || !manager.type.endsWith("BlockManager")) throw malformed("a frame has no blocks");
  if (Array.isArray(manager.state)) {
    const kept = entryOf(manager.state[3], "0.14.1");
    const [axes, blocks] = [entryOf(kept, "axes"), entryOf(kept, "blocks")];
    if (!Array.isArray(axes) || !Array.isArray(blocks)) throw malformed("the blocks of a frame are of an unknown form");
    return { axes, blocks: blocks.map((block) => [entryOf(block, "values"), entryOf(block, "mgr_locs")]) };
  }
  const [given, axes] = manager.args;
  const blocks = given instanceof Part ? [given] : given;
  if (!Array.isArray(blocks) || !Array.isArray(axes)) throw malformed("the blocks of a frame are of an unknown form");
  return {
    axes,
    blocks: blocks.map((block) => (block instanceof Part ? [block.args[0], block.args[1]] : [block, null])),
  };
}

function frameOf(state: unknown, workshop: Workshop): PickledFrame {
  const { budget } = workshop;
  const { axes, blocks } = blocksOf(state);
  const names = indexOf(axes[0], budget);
  const index = indexIn(axes[1], workshop);
  const placed = blocks.map(([values, places]) => ({ values, places: placesOf(places) }));
  const count = placed.reduce((sum, { places }) => sum + places.length, 0);
  // before the labels are counted out, which a hostile range would have very many of
  if (count !== lengthOfIndex(names)) throw malformed("a frame has more or fewer columns than labels");
  const labels = labelsOf(names, budget);
  const columns = new Array<PickledColumn | EvenColumn | undefined>(count).fill(undefined);
  for (const { values, places } of placed) {
    places.forEach((place, row) => {
      if (place >= count || columns[place] !== undefined) throw malformed("two columns of a frame lie in one place");
      columns[place] = columnIn(values, { name: labels[place], row, budget }, workshop);
    });
  }
  const columnLevels = names.kind === "range" ? [names.name] : names.columns.map(({ name }) => name);
  return new PickledFrame({ ...filled(columns as Read[], index, workshop), columnLevels });
}

type Read = PickledColumn | EvenColumn;

/** Whose rows are the index's, or, where that is odd, those of a column that is not. */
function filled(columns: readonly Read[], read: PickledIndex | EvenColumn, { budget }: Workshop) {
  const first = columns.find((column): column is PickledColumn => !(column instanceof EvenColumn));
  const rows = read instanceof EvenColumn ? (first?.values.length ?? 0) : lengthOfIndex(read);
  const each = columns.map((column): PickledColumn => {
    if (!(column instanceof EvenColumn)) return column;
    budget.spend(8 * rows);
    return column.filled(rows);
  });
  const index: PickledIndex = read instanceof EvenColumn ? { kind: "columns", columns: [read.filled(rows)] } : read;
  return { columns: each, index };
}

function placesOf(places: unknown): number[] {
  if (places instanceof ArrayDraft) return Array.from(places.values() as Int32Array, (place) => placeOf(Number(place)));
  const [start, stop, step] = ["start", "stop", "step"].map((field) => entryOf(places, field));
  const from = placeOf(start);
  const by = step === null || step === undefined ? 1 : wholeNumber(step, -1e6, 1e6);
  const to = by < 0 && stop === null ? -1 : wholeNumber(stop, -1, mostColumns);
  if (by === 0) throw malformed("the places of a block have no step");
  return Array.from({ length: Math.max(0, Math.ceil((to - from) / by)) }, (_, at) => from + at * by);
}

/** Beyond this a frame is no frame. */
const mostColumns = 10_000_000;

function placeOf(place: unknown): number {
  return wholeNumber(place, 0, mostColumns);
}

function seriesOf(state: unknown, workshop: Workshop): PickledSeries {
  const { axes, blocks } = blocksOf(state);
  const name = entryOf(state, "_name") ?? entryOf(state, "name") ?? null;
  const [first, ...more] = blocks;
  if (first === undefined || more.length > 0) throw malformed("a Series has more or fewer blocks than one");
  const column = columnIn(first[0], { name, row: 0, budget: workshop.budget }, workshop);
  const { columns, index } = filled([column], indexIn(axes[0], workshop), workshop);
  return new PickledSeries(columns[0] as PickledColumn, index);
}
