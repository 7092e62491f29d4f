/**
 * The public surface as text: for each door, every exported declaration and whatever these mention, sorted,
 * without comments. Compares with `api/*.txt`; `--write` updates them, and the diff shows what users will notice.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import ts from "typescript";
import { exportsOf, ownDeclarations, reachableFrom } from "./declarations.mjs";
import { doors, root } from "./doors.mjs";

process.chdir(root);
const write = process.argv.includes("--write");
const printer = ts.createPrinter({ removeComments: true });

const surfaces = new Map(doors.map((door) => [`${fileNameOf(door.name)}.txt`, surfaceOf(door)]));
mkdirSync("api", { recursive: true });
let stale = 0;
for (const file of new Set([...surfaces.keys(), ...readdirSync("api")])) {
  const now = surfaces.get(file);
  const before = existsSync(`api/${file}`) ? readFileSync(`api/${file}`, "utf8") : undefined;
  if (now === before) continue;
  stale += 1;
  if (!write) console.error(`api/${file} is not the surface of the build${firstDifference(before, now)}`);
  else if (now === undefined) rmSync(`api/${file}`);
  else writeFileSync(`api/${file}`, now);
}
console.log(`api: ${surfaces.size} doors, ${stale} ${write ? "written" : "stale"}`);
if (stale > 0 && !write) {
  console.error("api: if the change is meant, `npm run api` and commit the diff");
  process.exitCode = 1;
}

/** @param {string} name */
function fileNameOf(name) {
  return name.replace("/", "-");
}

/** @param {import("./doors.mjs").Door} door */
function surfaceOf(door) {
  const exported = new Map([...exportsOf(door)].map(([name, symbol]) => [symbol, name]));
  const mentioned = reachableFrom(exported.keys()).filter((symbol) => !exported.has(symbol));
  return [
    `# ${door.name}\n`,
    ...sorted([...exported].map(([symbol, name]) => textOf(symbol, name))),
    ...(mentioned.length > 0
      ? ["# mentioned, not exported\n", ...sorted(mentioned.map((symbol) => textOf(symbol)))]
      : []),
  ].join("\n");
}

/** @param {ts.Symbol} symbol @param {string} [name] the name it is exported under */
function textOf(symbol, name = symbol.name) {
  const texts = ownDeclarations(symbol).map((declaration) => {
    const node = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
    return printer.printNode(ts.EmitHint.Unspecified, node, node.getSourceFile()).replace(/^export /, "");
  });
  const alias = name === symbol.name ? "" : `// as ${name}\n`;
  return `${alias}${texts.join("\n")}\n`;
}

/** @param {readonly string[]} texts */
function sorted(texts) {
  return [...texts].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** @param {string | undefined} before @param {string | undefined} now */
function firstDifference(before, now) {
  if (before === undefined || now === undefined) return before === undefined ? ": a new door" : ": the door is gone";
  const [old, current] = [before.split("\n"), now.split("\n")];
  const line = current.findIndex((text, index) => text !== old[index]);
  return line === -1
    ? `: lines are gone from ${current.length + 1} on`
    : `, line ${line + 1}:\n  - ${old[line]}\n  + ${current[line]}`;
}
