/** Code has one version in each of the ways that a program is run, and the same edits change it. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));

const program = (rate: number, more = "") => ({
  "main.ts": `
    import { cached } from "entrepot/flow";
    import { scaled } from "./scaled.ts";
    ${more}
    interface Given { readonly x: number }
    const total = cached(({ x }: Given) => { console.log("computed"); return scaled(x); }, { results: process.argv[2] });
    console.log(await total({ x: 2 }));
  `,
  "scaled.ts": `import { rate } from "./rate.ts"; export const scaled = (x: number): number => x * rate; export const other = () => "${more}";`,
  "rate.ts": `export const rate = ${rate};`,
});

test.each(["tsx", "esbuild", "esbuild --minify"])(
  "%s: a second run finds, a changed constant computes, another helper does not",
  (way) => {
    const folder = mkdtempSync(join(tmpdir(), "entrepot-program-"));
    const results = mkdtempSync(join(tmpdir(), "entrepot-code-"));
    const run = (files: Readonly<Record<string, string>>): string => {
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
      const bin = (name: string) => join(root, "node_modules", ".bin", name);
      const options = { cwd: root, encoding: "utf8" } as const;
      if (way === "tsx") return execFileSync(bin("tsx"), [join(folder, "main.ts"), results], options);
      const out = join(folder, "out.mjs");
      const flags = [
        "--bundle",
        "--platform=node",
        "--format=esm",
        "--external:entrepot",
        "--log-level=error",
        ...way.split(" ").slice(1),
      ];
      execFileSync(bin("esbuild"), [join(folder, "main.ts"), ...flags, `--outfile=${out}`], options);
      return execFileSync(process.execPath, [out, results], options);
    };
    try {
      mkdirSync(join(folder, "node_modules"));
      symlinkSync(root, join(folder, "node_modules", "entrepot"));
      writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "someone", type: "module" }));
      expect(run(program(2))).toBe("computed\n4\n");
      expect(run(program(2))).toBe("4\n");
      expect(run(program(3))).toBe("computed\n6\n");
      expect(run(program(2, "// a comment"))).toBe("4\n");
    } finally {
      for (const each of [folder, results]) rmSync(each, { recursive: true });
    }
  },
);
