/** Cells of a frame as Python's values, exactly; for kinds that pandas has no arrays of. */
import { EntrepotError } from "../../error/index.ts";
import { PickledDate, PickledDecimal, PickledDuration, PickledTime, PickledTimestamp } from "../../format/index.ts";
import { decimalText } from "../values/exact-text.ts";
import { type Kind, kindName } from "../values/kind.ts";
import type { From } from "./object-values.ts";

const perNs = { ms: 1_000_000n, us: 1_000n, ns: 1n } as const;

/** From what flechette gives for a cell that is there. Error: unsupported for what Python has no equal of. */
export function pythonValue(kind: Kind, from: From): (value: unknown) => unknown {
  switch (kind.kind) {
    case "decimal":
      return shared((value) => new PickledDecimal(decimalText(BigInt(value as bigint), kind.scale)));
    case "date":
      return shared((value) => dateOf(Number(value), from));
    case "time":
      return shared((value) => timeOf(BigInt(value as bigint), from));
    case "timestamp":
      return (value) => new PickledTimestamp(BigInt(value as bigint) * perNs[kind.unit], kind.zone);
    case "duration":
      return (value) => new PickledDuration(BigInt(value as bigint) * perNs[kind.unit]);
    case "bytes":
      return (value) => Uint8Array.from(value as Uint8Array);
    case "list": {
      const item = pythonValue(kind.item, from);
      return (value) => Array.from(value as Iterable<unknown>, (each) => (each === null ? null : item(each)));
    }
    case "struct": {
      const fields = kind.fields.map(({ name, type }) => [name, pythonValue(type, from)] as const);
      return (value) => {
        const cell = value as Record<string, unknown>;
        return new Map(fields.map(([name, of]) => [name, cell[name] === null ? null : of(cell[name])]));
      };
    }
    case "other":
      throw unfit(kindName(kind), from);
    default:
      return (value) => value;
  }
}

const mostShared = 100_000;

/** One value for all equal cells: a pickle holds it once, and refers to it from then on. */
function shared(of: (value: unknown) => unknown): (value: unknown) => unknown {
  const known = new Map<unknown, unknown>();
  return (value) => {
    const before = known.get(value);
    if (before !== undefined) return before;
    const made = of(value);
    if (known.size < mostShared) known.set(value, made);
    return made;
  };
}

function dateOf(ms: number, from: From): PickledDate {
  const day = new Date(ms);
  const year = day.getUTCFullYear();
  if (!(year >= 1 && year <= 9999)) throw unfit("days before the year 1 or after 9999", from);
  return new PickledDate(year, day.getUTCMonth() + 1, day.getUTCDate());
}

function timeOf(nanos: bigint, from: From): PickledTime {
  if (nanos % 1000n !== 0n) throw unfit("times of day finer than microseconds", from);
  const micros = Number(nanos / 1000n);
  const seconds = Math.floor(micros / 1_000_000);
  return new PickledTime({
    hour: Math.floor(seconds / 3600),
    minute: Math.floor(seconds / 60) % 60,
    second: seconds % 60,
    microsecond: micros % 1_000_000,
  });
}

export function unfit(what: string, { name, uri }: From): EntrepotError {
  return new EntrepotError("unsupported", `column ${JSON.stringify(name)} holds ${what}, which Python cannot hold`, {
    uri,
    hint: "write Parquet or Arrow, or turn the column into text first",
  });
}
