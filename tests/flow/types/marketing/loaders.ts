import { cached, choose, extract, retry } from "entrepot/flow";
import type { $ } from "./flow.ts";
import { Table } from "./table.ts";

const read = (path: string) => new Table({ spend: [10, 20, path.length], signups: [1, 2, 4] });

export const marketingSpend = choose("source", {
  local: ({ marketingSpendPath }: Pick<$, "marketingSpendPath">) => read(marketingSpendPath),
  prod: cached(
    retry(
      async ({ marketingSpendPath }: Pick<$, "marketingSpendPath">) => read(`s3://bucket/${marketingSpendPath}`),
      2,
    ),
  ),
});
export const { spend, signups } = extract(marketingSpend, ["spend", "signups"]);
export const currency = "USD";
