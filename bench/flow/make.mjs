/** The same graph for both: `nodes` functions with empty bodies, each asking for one to three of the fifty before it. */

/** @param {number} nodes */
export function graphOf(nodes) {
  let seed = 1;
  const random = (/** @type {number} */ below) => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % below;
  };
  const edges = Array.from({ length: nodes }, (_, at) => {
    const asked = new Set(at === 0 ? [] : [at - 1]);
    for (let n = random(3); n > 0 && at > 1; n -= 1) asked.add(at - 1 - random(Math.min(50, at)));
    return [...asked].map((n) => `n${n}`);
  });
  const asks = (/** @type {string[]} */ names) => (names.length === 0 ? ["start"] : names);
  return {
    javascript: edges
      .map((names, at) => `export function n${at}({ ${asks(names).join(", ")} }) { return 1; }`)
      .join("\n"),
    python: edges
      .map(
        (names, at) =>
          `def n${at}(${asks(names)
            .map((n) => `${n}: int`)
            .join(", ")}) -> int:\n    return 1\n`,
      )
      .join("\n"),
    last: `n${nodes - 1}`,
  };
}
