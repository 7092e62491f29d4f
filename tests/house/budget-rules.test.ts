/** The budgets are shown failing, one by one. */
import { describe, expect, it } from "vitest";
import { budgetFindings } from "../../house/budget-rules.mjs";

const budget = { modules: 2, bytes: 100, packages: ["undici"], notRooms: ["cli"] };
const loaded = { modules: 2, bytes: 100, packages: ["undici"], rooms: ["error"] };

describe("a budget", () => {
  it("is kept by what is just at its bounds", () => {
    expect(budgetFindings("door", loaded, budget)).toEqual([]);
  });

  it.each([
    ["one module too many", { modules: 3 }, "door: modules: 3, budget 2"],
    ["one byte too many", { bytes: 101 }, "door: bytes: 101, budget 100"],
    [
      "a package that should be lazy",
      { packages: ["re2js", "undici"] },
      "door loads re2js at import: load it when it is first used",
    ],
    ["code of the command line", { rooms: ["cli", "error"] }, "door loads code of cli/"],
    ["an import that was not traced", { modules: 0 }, "door loaded nothing: is it traced?"],
  ])("is broken by %s", (_, change, finding) => {
    expect(budgetFindings("door", { ...loaded, ...change }, budget)).toEqual([finding]);
  });

  it("is asked for every door", () => {
    expect(budgetFindings("door", loaded, undefined)).toEqual(["door has no budget in house/budgets.json"]);
  });
});
