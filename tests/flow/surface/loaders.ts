import { entrepot } from "entrepot";
import { cached, choose, extract } from "entrepot/flow";
import "entrepot/table";
import type { $ } from "./flow.ts";

const data = entrepot();
export const marketingSpend = choose("source", {
  local: ({ marketingSpendPath }: Pick<$, "marketingSpendPath">) => data.readTable(marketingSpendPath),
  prod: cached(({ marketingSpendPath }: Pick<$, "marketingSpendPath">) => data.readTable(marketingSpendPath)),
});
export const { spend, signups } = extract(marketingSpend, ["spend", "signups"]);
