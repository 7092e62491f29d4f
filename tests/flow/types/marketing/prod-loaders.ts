import { extract } from "entrepot/flow";
import { Table } from "./table.ts";

// another implementation: sync instead of async, by another name of input
export const marketingSpend = ({ urls }: { urls: string[] }) => new Table({ spend: [urls.length], signups: [1] });
export const { spend, signups } = extract(marketingSpend, ["spend", "signups"]);
export const currency = "USD";
