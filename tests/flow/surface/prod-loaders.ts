import { entrepot } from "entrepot";
import { extract } from "entrepot/flow";
import "entrepot/table";
import type { $ } from "./flow.ts";

const data = entrepot();
export const marketingSpend = ({ marketingSpendPath }: Pick<$, "marketingSpendPath">) =>
  data.readTable(`${marketingSpendPath}.parquet`, { columns: ["spend", "signups"], rowGroups: [0] });
export const { spend, signups } = extract(marketingSpend, ["spend", "signups"]);
