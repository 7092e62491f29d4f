/** `dist/LICENCES.txt`: the licences of packages that the build put into our files. One that is not in the list ends the build. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { bundled } from "./doors.mjs";

/** @param {readonly import("rolldown").OutputAsset[] | readonly (import("rolldown").OutputChunk | import("rolldown").OutputAsset)[]} output */
export function writeLicences(output) {
  const modules = output.flatMap((file) => (file.type === "chunk" ? file.moduleIds : []));
  const found = new Set(modules.flatMap((id) => /.*node_modules[/]((?:@[^/]+[/])?[^/]+)/.exec(id)?.[1] ?? []));
  const strange = [...found].filter((name) => !bundled.includes(name));
  if (strange.length > 0)
    throw new Error(`build: ${strange.join(", ")} would be bundled: see bundled in house/doors.mjs`);
  const missing = bundled.filter((name) => !found.has(name));
  if (missing.length > 0)
    throw new Error(`build: ${missing.join(", ")} is in house/doors.mjs, and nothing of it is bundled`);
  writeFileSync("dist/LICENCES.txt", `Parts of these files come from:\n\n${bundled.map(licence).join("\n")}`);
}

/** @param {string} name */
function licence(name) {
  const folder = `node_modules/${name}`;
  const { version, license } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  if (file === undefined) throw new Error(`build: ${name} has no file of its licence`);
  return `${name} ${version}, ${license}\n\n${readFileSync(`${folder}/${file}`, "utf8").trim()}\n`;
}
