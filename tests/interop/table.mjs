// A plain table: the first column to the left, the others as wide as their heads.

export function renderTable(title, heads, rows) {
  const first = Math.max(title.length, ...rows.map(([name]) => name.length));
  const widths = heads.map((head, i) => Math.max(head.length, ...rows.map((row) => String(row[i + 1]).length)));
  const line = ([name, ...cells]) =>
    `${name.padEnd(first)}  ${cells.map((cell, i) => String(cell).padStart(widths[i])).join("  ")}`;
  return [
    line([title, ...heads]),
    "─".repeat(first + widths.reduce((sum, width) => sum + width + 2, 0)),
    ...rows.map(line),
  ].join("\n");
}
