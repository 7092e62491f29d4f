// A plain table: the first column to the left, the others as wide as their heads.

/** @param {string} title @param {readonly string[]} heads @param {readonly (readonly (string | number)[])[]} rows */
export function renderTable(title, heads, rows) {
  const first = Math.max(title.length, ...rows.map(([name]) => String(name).length));
  const widths = heads.map((head, i) => Math.max(head.length, ...rows.map((row) => String(row[i + 1]).length)));
  const line = (/** @type {readonly (string | number)[]} */ [name, ...cells]) =>
    `${String(name).padEnd(first)}  ${cells.map((cell, i) => String(cell).padStart(widths[i] ?? 0)).join("  ")}`;
  return [
    line([title, ...heads]),
    "─".repeat(first + widths.reduce((sum, width) => sum + width + 2, 0)),
    ...rows.map(line),
  ].join("\n");
}
