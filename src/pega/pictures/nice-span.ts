/** The ends of an axis and the step of its ticks: round numbers, at most nine of them. Pure. */
export function niceSpan(
  least: number,
  most: number,
): { readonly min: number; readonly max: number; readonly interval: number } {
  const wanted = Math.max(most - least, 1e-9) / 8;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const interval = [1, 2, 5, 10].map((step) => step * power).find((step) => step >= wanted * (1 - 1e-9)) ?? 10 * power;
  const round = (value: number) => Number(value.toPrecision(12));
  return {
    min: round(Math.floor(round(least / interval)) * interval),
    max: round(Math.max(Math.ceil(round(most / interval)), Math.floor(round(least / interval)) + 1) * interval),
    interval: round(interval),
  };
}

/** An axis that holds from `least` to `most`, and all values, of which there may be more than a call takes as arguments. */
export function spanOf(values: Iterable<number>, least: number, most: number): ReturnType<typeof niceSpan> {
  let [low, high] = [least, most];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return niceSpan(low, high);
}
