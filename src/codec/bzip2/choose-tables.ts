/** Up to six tables of codes, and which of them each group of symbols is written with: refined in rounds, as bzip2 does it. */
import { inSteps, type Steps } from "../turns.ts";
import { groupSize } from "./block-format.ts";
import { codeLengths } from "./code-lengths.ts";

export interface ChosenTables {
  /** By table, the lengths of codes by symbol. */
  readonly tables: readonly Uint8Array[];
  /** By group, the table. */
  readonly selectors: Uint8Array;
}

const rounds = 4;
const groupsInStep = 1024;

export function* chooseTables(symbols: Uint16Array, frequencies: Int32Array): Steps<ChosenTables> {
  const count = symbols.length;
  const tableCount = count < 200 ? 2 : count < 600 ? 3 : count < 1200 ? 4 : count < 2400 ? 5 : 6;
  const selectors = new Uint8Array(Math.ceil(count / groupSize));
  let tables = firstTables(frequencies, count, tableCount);
  for (let round = 0; round < rounds; round += 1) {
    const chosen = tables.map(() => new Int32Array(frequencies.length));
    const current = tables;
    const choose = (from: number, to: number) => {
      for (let group = from; group < to; group += 1) {
        const members = symbols.subarray(group * groupSize, (group + 1) * groupSize);
        const best = cheapest(current, members);
        selectors[group] = best;
        const counts = chosen[best];
        if (counts !== undefined) for (const symbol of members) counts[symbol] = (counts[symbol] ?? 0) + 1;
      }
    };
    yield* inSteps(selectors.length, choose, groupsInStep);
    tables = chosen.map(codeLengths);
  }
  return { tables, selectors };
}

/** Each table begins by being cheap for its share of the symbols. */
function firstTables(frequencies: Int32Array, count: number, tableCount: number): Uint8Array[] {
  const tables: Uint8Array[] = [];
  let left = count;
  let start = 0;
  for (let table = 0; table < tableCount; table += 1) {
    const share = left / (tableCount - table);
    let sum = 0;
    let end = start;
    while (end < frequencies.length && (sum < share || end === start)) {
      sum += frequencies[end] ?? 0;
      end += 1;
    }
    tables.push(new Uint8Array(frequencies.length).fill(15).fill(0, start, end));
    left -= sum;
    start = end;
  }
  return tables;
}

function cheapest(tables: readonly Uint8Array[], members: Uint16Array): number {
  let best = 0;
  let bestBits = Number.POSITIVE_INFINITY;
  tables.forEach((lengths, table) => {
    let bits = 0;
    for (let at = 0; at < members.length; at += 1) bits += lengths[members[at] ?? 0] ?? 0;
    if (bits < bestBits) {
      best = table;
      bestBits = bits;
    }
  });
  return best;
}
