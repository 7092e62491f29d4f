/**
 * The reference in `docs/reference/`: a page per door from its declarations, one from the command's own help. Compares
 * with what is committed; `--write` updates it. Needs a build.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { doors, root } from "./doors.mjs";
import { commandsPage } from "./reference-commands.mjs";
import { errorTable } from "./reference-errors.mjs";
import { doorFindings, doorPage, fileOf } from "./reference-page.mjs";

process.chdir(root);
const folder = "docs/reference";
const write = process.argv.includes("--write");

const findings = doors.flatMap(doorFindings);
for (const finding of findings) console.error(`house/reference-outline.mjs: ${finding}`);
if (findings.length > 0) process.exit(1);

const errors = await errorTable();
const pages = new Map(doors.map((door) => [fileOf(door), doorPage(door, errors)]));
pages.set("commands.md", commandsPage());

mkdirSync(folder, { recursive: true });
let stale = 0;
for (const file of new Set([...pages.keys(), ...readdirSync(folder)])) {
  const now = pages.get(file);
  const path = `${folder}/${file}`;
  const before = existsSync(path) ? readFileSync(path, "utf8") : undefined;
  if (now === before) continue;
  stale += 1;
  if (!write) console.error(`${path} is not what the build says${firstDifference(before, now)}`);
  else if (now === undefined) rmSync(path);
  else writeFileSync(path, now);
}
console.log(`reference: ${pages.size} pages, ${stale} ${write ? "written" : "stale"}`);
if (stale > 0 && !write) {
  console.error("reference: `npm run reference` and commit the diff");
  process.exitCode = 1;
}

/** @param {string | undefined} before @param {string | undefined} now */
function firstDifference(before, now) {
  if (before === undefined || now === undefined) return before === undefined ? ": a new page" : ": the page is gone";
  const [old, current] = [before.split("\n"), now.split("\n")];
  const line = old.findIndex((text, at) => text !== current[at]);
  const at = line === -1 ? old.length : line;
  return `, line ${at + 1}:\n  - ${old[at]}\n  + ${current[at]}`;
}
