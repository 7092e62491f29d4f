/**
 * What a flow of 500 typed nodes costs the compiler over an empty project that imports entrepot/flow: instantiations of types and time of
 * checking, as tsc tells them. usage: flow-types.mjs [--nodes 500] [--rounds 5] [--check], after npm run build
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { assertBuilt, circumstances, count, publish, repo, shuffled, summary, target } from "./figures.mjs";
import { typedFlow } from "./flow/typed-flow.mjs";

assertBuilt();
const nodes = count("nodes", 500);
const rounds = count("rounds", 5);
const folder = mkdtempSync(join(tmpdir(), "entrepot-flow-types-"));

/** A project as somebody has it who installed entrepot. @param {string} name @param {Readonly<Record<string, string>>} files */
function project(name, files) {
  const at = join(folder, name);
  mkdirSync(at);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(at, file), text);
  writeFileSync(join(at, "package.json"), `{ "type": "module" }`);
  const compilerOptions = {
    ...{ strict: true, noEmit: true, skipLibCheck: true, allowImportingTsExtensions: true },
    ...{ target: "es2023", module: "nodenext", types: ["node"], typeRoots: [join(repo, "node_modules/@types")] },
    paths: { "entrepot/flow": [join(repo, "dist/types/flow/index.d.ts")] },
  };
  writeFileSync(join(at, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
  return at;
}

/** @param {string} at */
function compiled(at) {
  const tsc = join(repo, "node_modules/typescript/bin/tsc");
  const said = execFileSync(process.execPath, [tsc, "-p", at, "--extendedDiagnostics"], { encoding: "utf8" });
  const told = (/** @type {string} */ name) => Number(new RegExp(`^${name}:\\s+([\\d.]+)`, "m").exec(said)?.[1]);
  return { instantiations: told("Instantiations"), checkMs: told("Check time") * 1000 };
}

try {
  const projects = {
    empty: project("empty", { "main.ts": `import "entrepot/flow";\n` }),
    flow: project("flow", typedFlow(nodes)),
  };
  const samples = { empty: /** @type {number[]} */ ([]), flow: /** @type {number[]} */ ([]) };
  const instantiations = { empty: 0, flow: 0 };
  for (let round = 0; round < rounds; round += 1)
    for (const name of /** @type {const} */ (shuffled(["empty", "flow"]))) {
      const { instantiations: made, checkMs } = compiled(projects[/** @type {"empty" | "flow"} */ (name)]);
      samples[/** @type {"empty" | "flow"} */ (name)].push(checkMs);
      instantiations[/** @type {"empty" | "flow"} */ (name)] = made;
    }
  const check = { empty: summary(samples.empty), flow: summary(samples.flow) };
  console.log(`${nodes} nodes, TypeScript ${ts.version}; checking in ms, p50 of ${rounds} (min to max)\n`);
  for (const [name, { p50, min, max }] of Object.entries(check))
    console.log(`${name.padEnd(8)} ${p50.toFixed(0).padStart(6)} (${min.toFixed(0)} to ${max.toFixed(0)})`);
  const more = instantiations.flow - instantiations.empty;
  console.log(`\n${more} instantiations of types more than empty\n`);
  target("instantiations of types over an empty project", more, 60_000);
  target("checking over an empty project, ms", check.flow.min - check.empty.min, 1500);
  publish("flow-types", { circumstances: circumstances(), nodes, typescript: ts.version, check, instantiations });
} finally {
  rmSync(folder, { recursive: true });
}
