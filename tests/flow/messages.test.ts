/** What the compiler says of mistakes, as a user sees it; and that a large flow stays cheap to check. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { afterAll, expect, test } from "vitest";
import { typedFlow } from "../../bench/flow/typed-flow.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const options: ts.CompilerOptions = {
  ...{ strict: true, noEmit: true, skipLibCheck: true, allowImportingTsExtensions: true },
  ...{ target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.NodeNext, types: ["node"] },
  // where a type is cut would depend on how long the path of this folder is
  noErrorTruncation: true,
  typeRoots: [join(root, "node_modules/@types")],
  paths: { "entrepot/flow": [join(root, "src/flow/index.ts")] },
};

test("mistakes are told where they are made, in words that say which name is meant", { timeout: 120_000 }, () => {
  const files = ["main.ts", "marketing.ts", "cycle.ts"].map((name) => join(root, "tests/flow/fixtures/mistakes", name));
  const program = ts.createProgram(files, options);
  const told = ts
    .getPreEmitDiagnostics(program)
    .filter(({ file }) => file !== undefined && files.includes(file.fileName))
    .map(({ file, start = 0, messageText }) => {
      const at = file?.getLineAndCharacterOfPosition(start);
      const text = ts.flattenDiagnosticMessageText(messageText, "\n").split("\n")[0]?.replaceAll(root, "");
      // the order in which names stand depends on what was looked at first
      const sorted = text?.replace(/"[^"]*"(?: \| "[^"]*")+/g, (names) => names.split(" | ").sort().join(" | "));
      return `${basename(file?.fileName ?? "")}:${(at?.line ?? 0) + 1}:${(at?.character ?? 0) + 1} ${sorted}`;
    });
  expect(told).toMatchInlineSnapshot(`
    [
      "cycle.ts:3:17 'a' implicitly has return type 'any' because it does not have a return type annotation and is referenced directly or indirectly in one of its return expressions.",
      "cycle.ts:3:21 Type of property 'c' circularly references itself in mapped type '{ readonly [K in keyof typeof import("tests/flow/fixtures/mistakes/cycle", { with: { "resolution-mode": "import" } })]: Out<typeof import("tests/flow/fixtures/mistakes/cycle", { with: { "resolution-mode": "import" } })[K]>; }'.",
      "cycle.ts:3:21 'c' implicitly has type 'any' because it does not have a type annotation and is referenced directly or indirectly in its own initializer.",
      "cycle.ts:6:17 'b' implicitly has return type 'any' because it does not have a return type annotation and is referenced directly or indirectly in one of its return expressions.",
      "cycle.ts:6:21 'a' implicitly has type 'any' because it does not have a type annotation and is referenced directly or indirectly in its own initializer.",
      "cycle.ts:7:10 Type of property 'a' circularly references itself in mapped type '{ readonly a: any; readonly b: any; readonly c: any; }'.",
      "cycle.ts:9:17 'c' implicitly has return type 'any' because it does not have a return type annotation and is referenced directly or indirectly in one of its return expressions.",
      "cycle.ts:9:21 'b' implicitly has type 'any' because it does not have a type annotation and is referenced directly or indirectly in its own initializer.",
      "cycle.ts:10:10 Type of property 'b' circularly references itself in mapped type '{ readonly [K in keyof typeof import("tests/flow/fixtures/mistakes/cycle", { with: { "resolution-mode": "import" } })]: Out<typeof import("tests/flow/fixtures/mistakes/cycle", { with: { "resolution-mode": "import" } })[K]>; }'.",
      "main.ts:5:8 Argument of type 'Flow<{ readonly loaders: typeof import("tests/flow/fixtures/mistakes/loaders", { with: { "resolution-mode": "import" } }); readonly marketing: typeof import("tests/flow/fixtures/mistakes/marketing", { with: { "resolution-mode": "import" } }); }, { marketingSpendPath: string; name: string; }, {}>' is not assignable to parameter of type '"✗ the flow is chosen by the config 'source': driver(flow, { config: { source: … } })"'.",
      "main.ts:6:26 Type '"staging"' is not assignable to type '"local" | "prod"'.",
      "main.ts:8:20 Type '"totals"' is not assignable to type '"acquisitionCost" | "marketingSpend" | "mean" | "signups" | "spend" | "total"'. Did you mean '"total"'?",
      "main.ts:9:32 Property 'marketingSpendPath' is missing in type '{}' but required in type '{ marketingSpendPath: string; }'.",
      "main.ts:10:11 Expected 2 arguments, but got 1.",
      "main.ts:11:67 Object literal may only specify known properties, and 'name' does not exist in type '{ marketingSpendPath: string; }'.",
      "main.ts:12:42 Type 'number' is not assignable to type 'string'.",
      "main.ts:13:13 Property 'marketingSpend' is missing in type '{ spend: (deps: Pick<$, "marketingSpendPath">) => number[]; signups: (deps: Pick<$, "marketingSpendPath">) => number[]; }' but required in type 'Implements<typeof import("tests/flow/fixtures/mistakes/loaders", { with: { "resolution-mode": "import" } })>'.",
      "main.ts:22:8 Argument of type 'Flow<{ readonly m: { readonly typo: ({ spnd }: { spnd: number; }) => number; readonly spend: () => "1"; readonly wrongType: ({ spend }: { spend: number; }) => number; }; }, {}, {}>' is not assignable to parameter of type '"✗ node 'typo' asks for 'spnd', but no function, input or config has that name" | WrongType<"node 'wrongType' asks for 'spend' with another type than it has", number, "1">'.",
      "main.ts:23:29 Type '"✗ node 'typo' asks for 'spnd', but no function, input or config has that name" | WrongType<"node 'wrongType' asks for 'spend' with another type than it has", number, "1">' does not satisfy the constraint 'never'.",
      "main.ts:24:8 Argument of type 'Flow<{ readonly m: { readonly spend: () => 1; }; readonly again: { readonly spend: () => 1; }; }, {}, {}>' is not assignable to parameter of type 'SeveralModules<"node 'spend' is in several modules; rename all but one", "again" | "m">'.",
      "main.ts:26:8 Argument of type 'Flow<{ readonly variants: { factor__us: Conditional<() => number, { readonly region: "us"; }>; factor__uk: Conditional<() => number, { readonly region: "uk"; }>; }; }, {}, {}>' is not assignable to parameter of type '"✗ the flow is chosen by the config 'region': driver(flow, { config: { region: … } })"'.",
      "marketing.ts:3:35 Property 'spnd' does not exist on type '$'.",
      "marketing.ts:7:16 Property 'div' does not exist on type 'number[]'.",
    ]
  `);
});

const folder = mkdtempSync(join(tmpdir(), "entrepot-types-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a flow of 500 nodes is checked within 60,000 instantiations of types", { timeout: 240_000 }, () => {
  const empty = instantiations("empty", { "main.ts": `import "entrepot/flow";\n` });
  const large = instantiations("large", typedFlow(500));
  expect(large - empty).toBeLessThan(60_000);
  // whatever counts must have seen the flow
  expect(large - empty).toBeGreaterThan(500);
});

/** What tsc counts for a project with these files. */
function instantiations(name: string, files: Readonly<Record<string, string>>): number {
  const project = mkdtempSync(join(folder, name));
  for (const [file, text] of Object.entries(files)) writeFileSync(join(project, file), text);
  const { target: _target, module: _module, ...others } = options;
  // as whoever installed it has it
  const rest = { ...others, paths: { "entrepot/flow": [join(root, "dist/types/flow/index.d.ts")] } };
  const compilerOptions = { ...rest, target: "es2023", module: "nodenext" };
  writeFileSync(join(project, "package.json"), `{ "type": "module" }`);
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const said = spawnSync(process.execPath, [tsc, "-p", project, "--extendedDiagnostics"], { encoding: "utf8" }).stdout;
  expect(said).not.toContain("error TS");
  return Number(/Instantiations:\s+(\d+)/.exec(said)?.[1]);
}
