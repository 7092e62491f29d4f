/** Columns of a frame that no column of ours can hold: one of them is no reason to refuse the others, for those who keep them. */
import { InstanceDraft } from "./class-instance.ts";
import { PickleFault, refusedClass } from "./fault.ts";
import { type PickledColumn, PickledFrame, type PickledIndex, PickledSeries } from "./frame.ts";
import type { Workshop } from "./names.ts";
import { columnOf, indexOf, type Lying } from "./pandas-columns.ts";
import { RefusedObject, refusedObject } from "./refused-object.ts";

/** The same in each row, once their number is known. */
export class EvenColumn {
  readonly name: unknown;
  readonly dtype: string;
  readonly value: unknown;

  constructor(name: unknown, dtype: string, value: unknown) {
    this.name = name;
    this.dtype = dtype;
    this.value = value;
  }

  filled(rows: number): PickledColumn {
    return { name: this.name, dtype: this.dtype, kind: "object", values: new Array(rows).fill(this.value) };
  }
}

/**
 * A column, or what stands in for it: what the caller's function for its class gave, or a `RefusedObject` for those who keep what is odd.
 * Fault: unsupported, with its name.
 */
export function columnIn(values: unknown, lying: Lying, workshop: Workshop): PickledColumn | EvenColumn {
  const { name } = lying;
  let odd: RefusedObject | undefined;
  try {
    if (!(values instanceof InstanceDraft)) return columnOf(values, lying);
    const made = values.finish();
    if (made instanceof RefusedObject) {
      odd = made;
      throw refusedClass(made.instance.name);
    }
    return Array.isArray(made)
      ? { name, dtype: "object", kind: "object", values: [...made] }
      : new EvenColumn(name, "object", made);
  } catch (error) {
    if (!(error instanceof PickleFault) || error.code !== "unsupported") throw error;
    const what = values instanceof InstanceDraft ? values.name : error.what;
    if (!workshop.keepsOdd) throw new PickleFault(error.code, `${error.message} (${shownColumn(name)})`, error.hint);
    workshop.budget.spend(100);
    return new EvenColumn(name, what, odd ?? refusedObject(what));
  }
}

/** One that is odd, and kept, is a column of `RefusedObject`s. Fault: unsupported. */
export function indexIn(part: unknown, workshop: Workshop): PickledIndex | EvenColumn {
  try {
    return indexOf(part, workshop.budget);
  } catch (error) {
    if (!(error instanceof PickleFault) || error.code !== "unsupported") throw error;
    if (!workshop.keepsOdd) throw new PickleFault(error.code, `${error.message} (the index)`, error.hint);
    const what = part instanceof InstanceDraft ? part.name : error.what;
    return new EvenColumn(null, what, refusedObject(what));
  }
}

/** `null` is an index without a name. */
function shownColumn(name: unknown): string {
  if (name === null) return "the index";
  return `the column ${JSON.stringify(typeof name === "string" ? name.slice(0, 200) : String(name))}`;
}

/** Values that are looked at, at the most. */
const mostLooked = 1_000_000;

/**
 * The first column or index with something in it that is refused. `what` it is, `where` it lies, and the name to give a function for in
 * `classes`, if there is one. What `isOwn` says is the caller's is not looked for.
 */
export function oddColumnIn(
  root: unknown,
  isOwn: (name: string) => boolean,
): { readonly what: string; readonly where: string; readonly called: string | undefined } | undefined {
  let left = mostLooked;
  const open: unknown[] = [root];
  const seen = new Set<unknown>();
  for (let next = open.pop(); next !== undefined && left > 0; next = open.pop()) {
    if (typeof next !== "object" || next === null || seen.has(next)) continue;
    seen.add(next);
    const columns = columnsIn(next);
    for (const column of columns) {
      if (column.kind !== "object") continue;
      left -= column.values.length;
      const odd = column.values.find((value) => value instanceof RefusedObject && !isOwn(value.instance.name));
      if (odd instanceof RefusedObject) return { ...namesOf(odd), where: shownColumn(column.name) };
    }
    if (columns.length > 0) continue;
    const inside = Array.isArray(next) || next instanceof Map ? [...next.values()] : Object.values(next);
    left -= inside.length;
    for (const value of inside.reverse()) open.push(value);
  }
  return undefined;
}

function columnsIn(value: object): readonly PickledColumn[] {
  const columns = value instanceof PickledFrame ? value.columns : value instanceof PickledSeries ? [value.column] : [];
  const { index } = value as Partial<PickledFrame>;
  const all = columns.length > 0 && index?.kind === "columns" ? [...columns, ...index.columns] : columns;
  return all.map((column) => (column.kind === "category" ? { ...column.categories, name: column.name } : column));
}

/** Pandas makes some objects by functions, which are given the class. */
function namesOf({ instance: { name, args } }: RefusedObject): {
  readonly what: string;
  readonly called: string | undefined;
} {
  // what is known and has no equal here has no name of a class
  if (name.includes(" ")) return { what: name, called: undefined };
  const [cls] = args;
  return { what: `a ${cls instanceof RefusedObject ? cls.instance.name : name}`, called: name };
}
