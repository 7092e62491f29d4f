/**
 * Hamilton's `data_loaders`: one node, several loaders, and the configuration says which (`@config.when`, `@extract_columns`). What works
 * with the data does not know where it came from. In the shell: npx entrepot flow run hamilton-data-loaders.ts acquisitionCost
 * --config loader=csv --input folder=s3://bucket/marketing
 */
import { choose, extract, load, otherwise, when } from "entrepot/flow";

interface Weeks {
  readonly spend: readonly number[];
  readonly signups: readonly number[];
}

/** At whatever address `folder` is; read only where the configuration wants it. */
export const lines = load(({ folder }: { folder: string }) => `${folder}/marketing.csv`, { as: "lines" });

export const marketing = choose("loader", {
  csv: ({ lines }: { lines: readonly string[] }): Weeks => columnsOf(lines),
  mock: (): Weeks => ({ spend: [10, 10, 20], signups: [1, 10, 50] }),
});

export const { spend, signups } = extract(marketing, ["spend", "signups"]);

// variants of one node by the names of their exports, as Hamilton has them
export const taxRate__eu = when({ region: "eu" }, () => 0.2);
export const taxRate__else = otherwise(() => 0);

export function acquisitionCost({
  spend,
  signups,
  taxRate,
}: {
  spend: readonly number[];
  signups: readonly number[];
  taxRate: number;
}): number[] {
  return spend.map((each, week) => (each * (1 + taxRate)) / (signups[week] ?? Number.NaN));
}

function columnsOf(lines: readonly string[]): Weeks {
  const rows = lines.slice(1).map((line) => line.split(",").map(Number));
  return { spend: rows.map(([spend = Number.NaN]) => spend), signups: rows.map(([, signups = Number.NaN]) => signups) };
}
