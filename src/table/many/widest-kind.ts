/** The type that holds all values of two types. Pure. */
import { isSameKind, type Kind } from "../values/kind.ts";

type Of<K extends Kind["kind"]> = Extract<Kind, { kind: K }>;

/** `undefined` where none does, or nobody would expect it. Whether the values at hand fit is checked when they are cast. */
export function commonKind(a: Kind, b: Kind): Kind | undefined {
  if (isSameKind(a, b) || b.kind === "null") return a;
  if (a.kind === "null") return b;
  const [x, y] = a.kind <= b.kind ? [a, b] : [b, a];
  switch (`${x.kind} ${y.kind}`) {
    case "int int":
      return commonInteger(x as Of<"int">, y as Of<"int">);
    case "float float":
      return { kind: "float", bits: 64 };
    case "float int":
      return { kind: "float", bits: 64 };
    case "decimal int":
      return { kind: "decimal", precision: 38, scale: (x as Of<"decimal">).scale };
    case "decimal decimal":
      return {
        kind: "decimal",
        precision: 38,
        scale: Math.max((x as Of<"decimal">).scale, (y as Of<"decimal">).scale),
      };
    case "date timestamp":
      return y;
    case "timestamp timestamp":
      return commonTimestamp(x as Of<"timestamp">, y as Of<"timestamp">);
    case "duration duration":
      return finer(x as Of<"duration">, y as Of<"duration">);
    case "category string":
      return { kind: "string" };
    // polars joins what is nested field by field
    case "list list":
    case "struct struct":
      return a;
    default:
      return undefined;
  }
}

function commonInteger(a: Of<"int">, b: Of<"int">): Kind {
  if (a.signed === b.signed) return a.bits >= b.bits ? a : b;
  const [unsigned, signed] = a.signed ? [b, a] : [a, b];
  const bits = Math.min(64, Math.max(signed.bits, unsigned.bits * 2)) as 16 | 32 | 64;
  return { kind: "int", bits, signed: true };
}

function commonTimestamp(a: Of<"timestamp">, b: Of<"timestamp">): Kind | undefined {
  if ((a.zone === undefined) !== (b.zone === undefined)) return undefined;
  const { unit } = finer(a, b);
  return { kind: "timestamp", unit, zone: a.zone === b.zone ? a.zone : "UTC" };
}

const fineness = { ms: 0, us: 1, ns: 2 } as const;

function finer<T extends Of<"timestamp"> | Of<"duration">>(a: T, b: T): T {
  return fineness[a.unit] >= fineness[b.unit] ? a : b;
}
