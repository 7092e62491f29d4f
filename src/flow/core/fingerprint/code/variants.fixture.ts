/** A small program of several files, each of which may be edited before it is loaded. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { transpile } from "typescript";
import { onTestFinished } from "vitest";

export const program: Readonly<Record<string, string>> = {
  "costs.ts": `
    import { scaled, unrelated } from "./helpers.ts";
    import * as tables from "./tables.ts";
    const currency: string = "USD";
    const own = (x: number): number => x + 1;
    export const total = ({ spend, scale = 1 }: { spend: number[]; scale?: number }) => {
      const sum = spend.map((x) => own(x)).reduce((a, b) => a + b, 0);
      return { total: scaled(sum) * tables.rate * scale, currency };
    };
    export const other = ({ spend }: { spend: number[] }) => spend.length + 1;
    export const spend = () => [1, 2, 3];
  `,
  "helpers.ts": `
    import { deep } from "./deep.ts";
    export const scaled = (x: number): number => deep(x) * 2;
    export const unrelated = (x: number): number => x;
  `,
  "deep.ts": "export const deep = (x: number): number => x ** 2;",
  "tables.ts": "export const rate = 3; export const otherRate = 4;",
};

/** An edit: in a file, what becomes of a text. */
export type Edit = readonly [file: string, from: string, to: string];

/** The first file after some edits, loaded by Node itself. */
export async function load(...edits: readonly Edit[]): Promise<Record<string, Function>> {
  const folder = mkdtempSync(join(tmpdir(), "entrepot-code-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(folder, { recursive: true });
  const files = { ...program };
  for (const [file, from, to] of edits) {
    const text = files[file] ?? "";
    if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
    files[file] = text.replace(from, to);
  }
  for (const [name, text] of Object.entries(files)) {
    const script = transpile(text, { module: 99, target: 10 }).replaceAll('.ts"', '.mjs"');
    writeFileSync(join(folder, name.replace(".ts", ".mjs")), script);
  }
  return import(/* @vite-ignore */ pathToFileURL(join(folder, "costs.mjs")).href) as Promise<Record<string, Function>>;
}
