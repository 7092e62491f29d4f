/** "Did you mean …": the closest of a few names, by edit distance. For options, commands, fields: whatever people type. */

/**
 * The name that is at most two edits (one, for names of up to three letters) away from `given`, upper and lower case
 * alike; else one that begins as `given` does; `undefined` if there is none.
 */
export function closest(given: string, names: Iterable<string>): string | undefined {
  const typed = given.toLowerCase();
  const known = [...names].map((name) => [name, name.toLowerCase()] as const);
  let best: string | undefined;
  let bestDistance = given.length <= 3 ? 2 : 3;
  for (const [name, lower] of known) {
    const distance = editDistance(typed, lower);
    if (distance < bestDistance) {
      best = name;
      bestDistance = distance;
    }
  }
  return best ?? known.find(([, lower]) => beginsAlike(typed, lower))?.[0];
}

/** `requester` for `requester-pays`, `statusCode` for `status`. */
function beginsAlike(typed: string, name: string): boolean {
  return (typed.length >= 3 && name.startsWith(typed)) || (name.length >= 4 && typed.startsWith(name));
}

/** Insertions, deletions, replacements and swaps of neighbours between two short words. */
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      let cost = Math.min(at(last, column) + 1, at(current, column - 1) + 1, at(last, column - 1) + (same ? 0 : 1));
      if (row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1])
        cost = Math.min(cost, at(beforeLast, column - 2) + 1);
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return at(last, to.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
