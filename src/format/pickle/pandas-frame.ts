/** Pandas' DataFrame, Series and Index as data: blocks of values are laid out as columns. */
import { entryOf, Part } from "./draft.ts";
import { malformed } from "./fault.ts";
import { lengthOfIndex, type PickledColumn, PickledFrame, PickledLabels, PickledSeries } from "./frame.ts";
import { labelsOf } from "./frame-values.ts";
import type { Budget } from "./limits.ts";
import { ArrayDraft } from "./numpy-array.ts";
import { columnOf, indexOf } from "./pandas-columns.ts";
import { wholeNumber } from "./plain-classes.ts";

/** A DataFrame, Series or Index, which alone are values. */
export class PandasDraft extends Part {
  readonly #budget: Budget;

  constructor(type: string, budget: Budget, state?: unknown) {
    super(type);
    this.#budget = budget;
    this.state = state;
  }

  override finish(): PickledFrame | PickledSeries | PickledLabels {
    if (this.type === "DataFrame") return frameOf(this.state, this.#budget);
    if (this.type === "Series") return seriesOf(this.state, this.#budget);
    return new PickledLabels(indexOf(this, this.#budget));
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

function frameOf(state: unknown, budget: Budget): PickledFrame {
  const { axes, blocks } = blocksOf(state);
  const names = indexOf(axes[0], budget);
  const index = indexOf(axes[1], budget);
  const placed = blocks.map(([values, places]) => ({ values, places: placesOf(places) }));
  const count = placed.reduce((sum, { places }) => sum + places.length, 0);
  // before the labels are counted out, which a hostile range would have very many of
  if (count !== lengthOfIndex(names)) throw malformed("a frame has more or fewer columns than labels");
  const labels = labelsOf(names, budget);
  const columns = new Array<PickledColumn | undefined>(count).fill(undefined);
  for (const { values, places } of placed) {
    places.forEach((place, row) => {
      if (place >= count || columns[place] !== undefined) throw malformed("two columns of a frame lie in one place");
      columns[place] = columnOf(values, { name: labels[place], row, budget });
    });
  }
  const columnLevels = names.kind === "range" ? [names.name] : names.columns.map(({ name }) => name);
  return new PickledFrame({ columns: columns as PickledColumn[], index, columnLevels });
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

function seriesOf(state: unknown, budget: Budget): PickledSeries {
  const { axes, blocks } = blocksOf(state);
  const name = entryOf(state, "_name") ?? entryOf(state, "name") ?? null;
  const [first, ...more] = blocks;
  if (first === undefined || more.length > 0) throw malformed("a Series has more or fewer blocks than one");
  return new PickledSeries(columnOf(first[0], { name, row: 0, budget }), indexOf(axes[0], budget));
}
