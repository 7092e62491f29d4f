/** What the pages show compiles against the declarations that are published, with the strictest flags. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { blocksOf, root } from "./run-blocks.ts";

const options: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  module: ts.ModuleKind.NodeNext,
  target: ts.ScriptTarget.ES2023,
  lib: ["lib.es2023.d.ts"],
  types: ["node"],
  paths: {
    entrepot: [join(root, "dist/types/index.d.ts")],
    "entrepot/flow": [join(root, "dist/types/flow/index.d.ts")],
    "entrepot/runs": [join(root, "dist/types/runs/index.d.ts")],
    "entrepot/pega": [join(root, "dist/types/pega/index.d.ts")],
    "entrepot/table": [join(root, "dist/types/table.d.ts")],
    "entrepot/testing": [join(root, "dist/types/testing/index.d.ts")],
  },
};

test("every example of the README, the guide and the pages on runs and testing compiles", async () => {
  const pages = await Promise.all(
    ["README.md", "docs/guide.md", "docs/runs.md", "docs/testing.md"].map(async (page) => ({
      page,
      blocks: await blocksOf(page),
    })),
  );
  const sources = new Map(
    pages.flatMap(({ page, blocks }) => blocks.map(({ index, code }) => [join(root, `${page}.${index}.mts`), code])),
  );
  const text = await readFile(join(root, "docs/testing.md"), "utf8");
  const matchers = /```typescript\n([\s\S]*?)```/.exec(text)?.[1] ?? expect.fail();
  const use = 'import { expect } from "vitest";\nexpect({}).toHaveReceived({ GET: 1 });\n';
  sources.set(join(root, "docs/matchers.mts"), `${matchers}${use}`);
  const host = ts.createCompilerHost(options);
  const { fileExists, getSourceFile } = host;
  host.fileExists = (file) => sources.has(file) || fileExists(file);
  host.readFile = (file) => sources.get(file) ?? ts.sys.readFile(file);
  host.getSourceFile = (file, target, ...rest) => {
    const code = sources.get(file);
    return code === undefined ? getSourceFile(file, target, ...rest) : ts.createSourceFile(file, code, target);
  };
  const program = ts.createProgram([...sources.keys()], options, host);
  const findings = ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
    return `${file?.fileName.slice(root.length)}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
  });
  expect(findings).toEqual([]);
}, 60_000);
