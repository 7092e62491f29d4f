/** Lengths of prefix codes after Huffman, none longer than bzip2 writes. */

const longest = 17;

/** By symbol, from the frequencies; each is from 1 to 17. At least two symbols. */
export function codeLengths(frequencies: Int32Array): Uint8Array {
  const weights = Float64Array.from(frequencies, (frequency) => Math.max(1, frequency));
  for (;;) {
    const lengths = huffman(weights);
    if (lengths.every((length) => length <= longest)) return lengths;
    // flatter weights make flatter trees
    for (let symbol = 0; symbol < weights.length; symbol += 1) {
      weights[symbol] = Math.floor((weights[symbol] ?? 0) / 2) + 1;
    }
  }
}

/** Two queues: symbols by weight, and trees, whose weights come in order by themselves. */
function huffman(weights: Float64Array): Uint8Array {
  const count = weights.length;
  const symbols = Array.from(weights.keys()).sort((a, b) => (weights[a] ?? 0) - (weights[b] ?? 0) || a - b);
  const sums = new Float64Array(count);
  const parents = new Int32Array(2 * count);
  let symbol = 0;
  let tree = 0;
  const weightOf = (index: number) => (index < symbols.length ? (weights[symbols[index] ?? 0] ?? 0) : Infinity);
  for (let made = 0; made < count - 1; made += 1) {
    let sum = 0;
    for (let child = 0; child < 2; child += 1) {
      if (tree >= made || weightOf(symbol) <= (sums[tree] ?? 0)) {
        sum += weightOf(symbol);
        parents[symbols[symbol] ?? 0] = made;
        symbol += 1;
      } else {
        sum += sums[tree] ?? 0;
        parents[count + tree] = made;
        tree += 1;
      }
    }
    sums[made] = sum;
  }
  const depths = new Uint8Array(count);
  for (let node = count - 3; node >= 0; node -= 1) depths[node] = (depths[parents[count + node] ?? 0] ?? 0) + 1;
  return Uint8Array.from({ length: count }, (_, at) => (depths[parents[at] ?? 0] ?? 0) + 1);
}
