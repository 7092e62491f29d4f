/**
 * Hamilton's `Parallelizable[…]` and `Collect[…]`, and its `@parameterize`: a list whose items are worked on at the same time, here the words of
 * documents, and one function that is several nodes. In the shell: npx entrepot flow run hamilton-parallel.ts total longWords
 * --input 'documents=["to be or not to be","that is the question"]'
 */
import { each, from, parameterize } from "entrepot/flow";

/** Four documents at a time; the list stays in its order. `cached` around it would keep each document by itself. */
export const words = each("documents", (document: string) => document.split(/\s+/).filter((word) => word !== ""), {
  limit: 4,
});

/** What Hamilton collects is the list itself. */
export function total({ words }: { words: readonly (readonly string[])[] }): number {
  return words.reduce((sum, each) => sum + each.length, 0);
}

function longerThan({ words, letters }: { words: readonly (readonly string[])[]; letters: number }): number {
  return words.flat().filter((word) => word.length > letters).length;
}

export const mostLetters = 6;
export const { someWords, longWords } = parameterize(longerThan, {
  someWords: { letters: 2 },
  longWords: { letters: from("mostLetters") },
});
