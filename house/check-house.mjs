/** Runs the rules about files and packages over everything that is, or is about to be, committed. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { root } from "./doors.mjs";
import { packageFindings } from "./package-rules.mjs";
import { textRules } from "./text-rules.mjs";

process.chdir(root);
const files = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
  encoding: "utf8",
})
  .split("\0")
  .filter((file) => file !== "" && existsSync(file));

const findings = [];
for (const file of files) {
  const bytes = readFileSync(file);
  if (bytes.includes(0)) continue;
  const text = bytes.toString("utf8");
  for (const { name, applies, findings: find } of textRules) {
    if (applies(file)) findings.push(...find(text, file).map((finding) => `${file}: ${finding} (${name})`));
  }
}
findings.push(...packageFindings(json("package.json"), json("package-lock.json")));

for (const finding of findings) console.error(`house: ${finding}`);
if (files.length === 0) console.error("house: no file was read");
console.log(`house: ${files.length} files, ${findings.length} findings`);
process.exitCode = findings.length > 0 || files.length === 0 ? 1 : 0;

/** @param {string} file */
function json(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}
