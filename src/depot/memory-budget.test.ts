import { expect, test } from "vitest";
import { MemoryBudget } from "./memory-budget.ts";

test("what is taken is gone until it is given back, and nobody gets more than the limit", () => {
  const budget = new MemoryBudget();
  expect(budget.take(60, 100)).toBe(true);
  expect(budget.take(60, 100)).toBe(false);
  expect(budget.usedBytes).toBe(60);
  expect(budget.take(40, 100)).toBe(true);
  budget.give(60);
  expect(budget.take(61, 100)).toBe(false);
  expect(budget.take(60, 100)).toBe(true);
});
