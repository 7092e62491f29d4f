/** `*` and `?` as policies know them – over `/` and `:`, too – and the variables that are filled in before. */

/** The value of a policy variable; undefined when the request has none. */
export type Fill = (name: string) => string | undefined;

const anyRun = -1;
const anyOne = -2;

/**
 * Whether the whole text matches. `fill` gives the values of `${…}`, which stand for themselves, wildcards in them
 * included; without it `${` is text. A variable that has neither value nor default matches nothing.
 */
export function matchesPattern(pattern: string, text: string, fill?: Fill): boolean {
  const units = unitsOf(pattern, fill);
  return units !== undefined && matches(units, codePoints(text));
}

/** The text with its variables filled in and no wildcards; undefined when one has no value. */
export function fillIn(text: string, fill: Fill | undefined): string | undefined {
  if (fill === undefined || !text.includes("${")) return text;
  let filled = "";
  for (const piece of text.split(variable)) {
    const value = valueOfPiece(piece, fill);
    if (value === undefined) return undefined;
    filled += value;
  }
  return filled;
}

const variable = /(\$\{[^}]*\})/;

/** `${*}`, `${?}` and `${$}` are those characters; `${name, 'default'}` has a default. */
function valueOfPiece(piece: string, fill: Fill): string | undefined {
  if (!piece.startsWith("${") || !piece.endsWith("}")) return piece;
  const inner = piece.slice(2, -1);
  if (inner === "*" || inner === "?" || inner === "$") return inner;
  const [, name, fallback] = /^\s*([^,\s]+)\s*(?:,\s*'([^']*)'\s*)?$/.exec(inner) ?? [];
  return name === undefined ? undefined : (fill(name.toLowerCase()) ?? fallback);
}

function unitsOf(pattern: string, fill: Fill | undefined): readonly number[] | undefined {
  const pieces = fill === undefined || !pattern.includes("${") ? [pattern] : pattern.split(variable);
  const units: number[] = [];
  for (const [index, piece] of pieces.entries()) {
    // A split by one group puts what it matched at the odd places.
    const filled = index % 2 === 1 && fill !== undefined ? valueOfPiece(piece, fill) : piece;
    if (filled === undefined) return undefined;
    for (const point of codePoints(filled)) {
      if (index % 2 === 1) units.push(point);
      else units.push(point === 0x2a ? anyRun : point === 0x3f ? anyOne : point);
    }
  }
  return units;
}

function codePoints(text: string): readonly number[] {
  return Array.from(text, (char) => char.codePointAt(0) ?? 0);
}

/** Goes back to the last `*` only, so that no pattern takes longer than its length times the text's. */
function matches(units: readonly number[], points: readonly number[]): boolean {
  let [unit, point] = [0, 0];
  let [afterRun, resumeAt] = [-1, 0];
  while (point < points.length) {
    const wanted = units[unit];
    if (wanted === anyRun) {
      unit += 1;
      [afterRun, resumeAt] = [unit, point];
    } else if (wanted !== undefined && (wanted === anyOne || wanted === points[point])) {
      unit += 1;
      point += 1;
    } else if (afterRun >= 0) {
      resumeAt += 1;
      [unit, point] = [afterRun, resumeAt];
    } else return false;
  }
  while (units[unit] === anyRun) unit += 1;
  return unit === units.length;
}
