/**
 * Checks the package as it is published: publint, attw, declarations that compile, one error class behind all
 * doors, the budgets of budgets.json – and that a clone can call the command and import the package by name.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { atMost, budgetFindings } from "./budget-rules.mjs";
import { commands, doors, root } from "./doors.mjs";
import { PackedPackage } from "./packed-package.mjs";

/** @type {string[]} */
const findings = [];
const budgets = json("house/budgets.json");
const { name: packageName, version } = json("package.json");
const names = doors.map(({ name }) => name);

const packed = new PackedPackage();
try {
  tool("publint", "node_modules/publint/src/cli.js", "run", packed.tarball, "--strict");
  tool(
    "attw",
    "node_modules/@arethetypeswrong/cli/dist/index.js",
    packed.tarball,
    "--profile",
    "esm-only",
    "--no-emoji",
  );
  tool("tsc", "node_modules/typescript/bin/tsc", "-p", packed.writeConsumer(names));
  costs();
  oneErrorClass();
} finally {
  packed.close();
}
clone();

for (const finding of findings) console.error(`package: ${finding}`);
process.exitCode = findings.length > 0 ? 1 : 0;

/** @param {string} name @param {string} file @param {...string} args */
function tool(name, file, ...args) {
  const { status } = spawnSync(process.execPath, [`${root}${file}`, ...args], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (status !== 0) findings.push(`${name} found something wrong`);
}

function costs() {
  const runtime = Object.entries(json("package-lock.json").packages).filter(([path, { dev }]) => path !== "" && !dev);
  console.log(`${packed.packedBytes} bytes packed, ${runtime.length} runtime packages`);
  findings.push(...atMost("bytes packed", packed.packedBytes, budgets.packedBytes));
  findings.push(...atMost("runtime packages", runtime.length, budgets.runtimePackages));
  for (const name of names) cost(name, () => packed.run(`await import(${JSON.stringify(name)})`));
  for (const { name } of commands) {
    cost(`${name} --version`, () => {
      const printed = packed.command(name, "--version");
      if (!printed.includes(version)) findings.push(`${name} --version printed ${JSON.stringify(printed)}`);
    });
  }
}

/** @param {string} what @param {() => void} act */
function cost(what, act) {
  const loaded = packed.traced(act);
  console.log(
    `${what}: ${loaded.modules} modules, ${loaded.bytes} bytes, packages: ${loaded.packages.join(", ") || "none"}`,
  );
  findings.push(...budgetFindings(what, loaded, budgets.loaded[what]));
}

/** A second copy would make `instanceof` and `isEntrepotError` lie to whoever uses two doors. */
function oneErrorClass() {
  const printed = packed.run(`
    const doors = await Promise.all(${JSON.stringify(names)}.map((name) => import(name)));
    const classes = doors.map((door) => door.EntrepotError).filter((it) => it !== undefined);
    console.log(new Set(classes).size);
  `);
  if (printed.trim() !== "1") findings.push(`the doors export ${printed.trim()} EntrepotError classes`);
}

/** What the README promises of a clone: `npx entrepot` and `import("entrepot")`. */
function clone() {
  const options = { cwd: root, encoding: /** @type {const} */ ("utf8") };
  execFileSync(process.execPath, ["--input-type=module", "-e", `await import("${packageName}")`], options);
  for (const { name } of commands) {
    const printed = execFileSync("npx", ["--no-install", name, "--version"], options);
    if (!printed.includes(version))
      findings.push(`in a clone, npx ${name} --version printed ${JSON.stringify(printed)}`);
  }
}

/** @param {string} file */
function json(file) {
  return JSON.parse(readFileSync(`${root}${file}`, "utf8"));
}
