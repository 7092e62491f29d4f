/** A dataflow for a terminal: one line a node, in an order where each comes after what it asks for, by module. */
import type { PictureGraph, PictureNode } from "../picture-graph.ts";
import { byGroup, shortened, stateWords, wordsOf } from "./words.ts";

export interface TextOptions {
  /** Columns of the terminal; 80 by default, 40 at least. */
  readonly columns?: number | undefined;
  /** Whether escape sequences for colours may be used; `false` by default. */
  readonly colours?: boolean | undefined;
}

const marks = {
  run: ["●", 36],
  hit: ["✓", 32],
  given: ["○", 33],
  unneeded: ["·", 2],
  failed: ["✗", 31],
} satisfies Record<NonNullable<PictureNode["state"]>, readonly [mark: string, colour: number]>;

/** Text that ends in a line feed. Long lists of what a node asks for go on below its name. */
export function toText(graph: PictureGraph, options: TextOptions = {}): string {
  const columns = Math.max(40, options.columns ?? 80);
  const painted = (text: string, colour: number) =>
    options.colours === true ? `\u001b[${colour}m${text}\u001b[0m` : text;
  const asked = new Map<string, string[]>(graph.nodes.map(({ name }) => [name, []]));
  for (const { from, to, optional } of graph.edges)
    asked.get(to)?.push(`${shortened(from, columns - 12)}${optional === true ? "?" : ""}`);
  const lines: string[] = [];
  if (graph.title !== undefined) lines.push(painted(shortened(graph.title, columns), 1));
  for (const [group, nodes] of byGroup(graph.nodes)) {
    lines.push(painted(group === undefined ? "inputs" : shortened(group, columns), 1));
    for (const node of nodes) {
      const [mark, colour] = node.state === undefined ? [" ", 0] : marks[node.state];
      const words = wordsOf({ ...node, state: undefined }).filter((word) => group !== undefined || word !== "input");
      const said = words.length === 0 ? "" : ` (${words.join("; ")})`;
      const head = `${shortened(node.name, columns - 4)}${said}`;
      const [first = "", ...rest] = wrapped(head, asked.get(node.name) ?? [], columns - 4);
      lines.push(`  ${painted(mark, colour)} ${first}`, ...rest.map((line) => `    ${line}`));
    }
  }
  const shown = Object.entries(marks).filter(([state]) => graph.nodes.some((node) => node.state === state));
  const keys = shown.map(([state, [mark]]) => `${mark} ${stateWords[state as keyof typeof marks]}`);
  if (keys.length > 0) lines.push("", keys.join("  "));
  return `${lines.join("\n")}\n`;
}

/** `head ← a, b, c`, broken between names where the line is full. */
function wrapped(head: string, names: readonly string[], columns: number): string[] {
  if (names.length === 0) return [head];
  const lines: string[] = [];
  let line = `${head} ←`;
  names.forEach((name, index) => {
    const piece = ` ${name}${index === names.length - 1 ? "" : ","}`;
    if (line.length + piece.length > columns && line.trim() !== "←") {
      lines.push(line);
      line = "   ";
    }
    line += piece;
  });
  return [...lines, line];
}
