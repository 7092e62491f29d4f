/** Compares what an import or a command loaded with its budget. Counts only: they are the same on every machine. */

/**
 * @typedef {object} Budget
 * @property {number} modules at most so many of our own files
 * @property {number} bytes at most so many bytes of them
 * @property {readonly string[]} packages foreign packages that may be loaded at once; all others when first used
 * @property {readonly string[]} notRooms rooms whose code must not be among it
 */

/**
 * @param {string} what
 * @param {import("./packed-package.mjs").Loaded} loaded
 * @param {Budget | undefined} budget
 * @returns {string[]}
 */
export function budgetFindings(what, loaded, budget) {
  if (loaded.modules === 0) return [`${what} loaded nothing: is it traced?`];
  if (budget === undefined) return [`${what} has no budget in house/budgets.json`];
  return [
    ...atMost(`${what}: modules`, loaded.modules, budget.modules),
    ...atMost(`${what}: bytes`, loaded.bytes, budget.bytes),
    ...loaded.packages
      .filter((name) => !budget.packages.includes(name))
      .map((name) => `${what} loads ${name} at import: load it when it is first used`),
    ...loaded.rooms.filter((room) => budget.notRooms.includes(room)).map((room) => `${what} loads code of ${room}/`),
  ];
}

/** @param {string} what @param {number} actual @param {number} bound */
export function atMost(what, actual, bound) {
  return actual <= bound ? [] : [`${what}: ${actual}, budget ${bound}`];
}
