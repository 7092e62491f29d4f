/**
 * Hamilton's `hello_world`: what marketing spends and gains, week by week. Functions of a module are nodes, what they destructure are
 * their edges. In the shell: npx entrepot flow run hamilton-hello-world.ts spendPerSignup --input 'spend=[10,20]' --input 'signups=[1,10]'
 */

/** Rolling average of three weeks; null for the first two. */
export function avg3wkSpend({ spend }: { spend: readonly number[] }): (number | null)[] {
  return spend.map((_, week) => (week < 2 ? null : sumOf(spend.slice(week - 2, week + 1)) / 3));
}

export function spendPerSignup({ spend, signups }: { spend: readonly number[]; signups: readonly number[] }): number[] {
  return spend.map((each, week) => each / (signups[week] ?? Number.NaN));
}

export function spendMean({ spend }: { spend: readonly number[] }): number {
  return sumOf(spend) / spend.length;
}

export function spendZeroMean({ spend, spendMean }: { spend: readonly number[]; spendMean: number }): number[] {
  return spend.map((each) => each - spendMean);
}

/** Of a sample, as pandas has it. */
export function spendStdDev({ spendZeroMean }: { spendZeroMean: readonly number[] }): number {
  return Math.sqrt(sumOf(spendZeroMean.map((each) => each ** 2)) / (spendZeroMean.length - 1));
}

export function spendZeroMeanUnitVariance({
  spendZeroMean,
  spendStdDev,
}: {
  spendZeroMean: readonly number[];
  spendStdDev: number;
}): number[] {
  return spendZeroMean.map((each) => each / spendStdDev);
}

// not exported, so no node
function sumOf(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0);
}
