/** The table of error codes, from the one place where their meanings and ways out are written. */
import { readFileSync } from "node:fs";
import ts from "typescript";
import { root } from "./doors.mjs";

/** A code, what it means, the way out, and whether the same call may succeed later. */
export async function errorTable() {
  const source = readFileSync(`${root}src/error/codes.ts`, "utf8");
  const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 };
  const { outputText } = ts.transpileModule(source, { compilerOptions: options });
  const { errorMeanings, errorAdvice, isRetryableCode } = await import(
    `data:text/javascript,${encodeURIComponent(outputText)}`
  );
  const rows = Object.entries(errorMeanings).map(
    ([code, meaning]) =>
      `| \`${code}\` | ${meaning} | ${errorAdvice[code].replaceAll("|", "\\|")} | ${isRetryableCode(code) ? "yes" : ""} |`,
  );
  return ["| code | meaning | way out | `retryable` |", "|---|---|---|---|", ...rows].join("\n");
}
