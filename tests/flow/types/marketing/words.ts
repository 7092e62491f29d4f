import { each } from "entrepot/flow";
import type { $ } from "./flow.ts";

export const stopWords = () => new Set(["the", "a"]);
export const counts = each(
  "urls",
  async (url: string, { stopWords }: Pick<$, "stopWords">) =>
    url.split("/").filter((word) => !stopWords.has(word)).length,
  { limit: 2 },
);
export function totalWords({ counts }: Pick<$, "counts">) {
  return counts.reduce((sum, count) => sum + count, 0);
}
