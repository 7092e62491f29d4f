/**
 * Names in the outbox: `<sequence>-<random>-<object>` with `.json` for the change, `.data` for its bytes, `.done` for what became of
 * it, `.conflict` for what stood against it, `.lock` for who sends it. In their order they are in the order of the changes. Pure.
 */

export type NameKind = "json" | "data" | "done" | "conflict" | "lock";

export interface OutboxName {
  /** The name without its suffix. */
  readonly stem: string;
  readonly sequence: number;
  /** As users name it. */
  readonly id: string;
  /** The beginning of the object's hash. */
  readonly object: string;
  readonly kind: NameKind;
}

const pattern = /^((\d{10})-([0-9a-f]{8})-([0-9a-f]{16}))\.(json|data|done|conflict|lock)$/;

/** `undefined` for a name that the outbox does not give. */
export function readOutboxName(name: string): OutboxName | undefined {
  const [, stem = "", digits = "", random = "", object = "", kind] = pattern.exec(name) ?? [];
  if (kind === undefined) return undefined;
  const sequence = Number(digits);
  return { stem, sequence, id: `${sequence}-${random}`, object, kind: kind as NameKind };
}

/** The name for a change of the object with this hash, without a suffix, and the id that goes with it. */
export function outboxStem(
  sequence: number,
  random: string,
  entry: string,
): { readonly stem: string; readonly id: string } {
  const stem = `${String(sequence).padStart(10, "0")}-${random}-${objectPart(entry)}`;
  return { stem, id: `${sequence}-${random}` };
}

/** The part of a hash that names bear. */
export function objectPart(entry: string): string {
  return entry.slice(0, 16);
}
