/** Each rule about files is shown failing once, and passing beside it. */
import { describe, expect, it } from "vitest";
import { textRules } from "../../house/text-rules.mjs";

function findings(file: string, text: string): string[] {
  return textRules.flatMap((rule) => (rule.applies(file) ? rule.findings(text, file) : []));
}

const header = "/** Promises something. */\n";
const home = ["", "home", "someone"].join("/");

describe("the rules about files", () => {
  it.each([
    ["a file of 301 lines", "src/uri/x.ts", `${header}${"\n".repeat(300)}`, "301 lines"],
    ["a file without a header", "src/uri/x.ts", "export const x = 1;\n", "header"],
    ["a header of five lines", "src/uri/x.ts", "/**\n * a\n * b\n * c\n * d\n * e\n */\n", "header of 5 lines"],
    ["a file named for nothing", "src/uri/utils.ts", header, "says nothing"],
    ["a folder named for nothing", "src/uri/helpers/x.ts", header, "says nothing"],
    [
      "a front door that exports everything",
      "src/uri/index.ts",
      `${header}export * from "./x.ts";\n`,
      "only named re-exports",
    ],
    ["a front door with code", "src/uri/index.ts", `${header}export const x = 1;\n`, "only named re-exports"],
    ["console in the library", "src/uri/x.ts", `${header}console.log(1);\n`, "console belongs to cli/"],
    ["console handed on", "src/uri/x.ts", `${header}export const x = { console };\n`, "console belongs to cli/"],
    ["an exit in the library", "src/uri/x.ts", `${header}process.exit(1);\n`, "process.exit belongs to cli/"],
    ["an exit code in the library", "src/uri/x.ts", `${header}process.exitCode = 1;\n`, "process.exitCode"],
    ["the environment in a room below depot/", "src/net/x.ts", `${header}const { A } = process.env;\n`, "process.env"],
    ["fetch outside net/", "src/store/x.ts", `${header}await fetch("u");\n`, "fetch belongs to net/"],
    [
      "globalThis.fetch outside net/",
      "src/store/x.ts",
      `${header}await globalThis.fetch("u");\n`,
      "fetch belongs to net/",
    ],
    ["a path of one machine", "README.md", `see ${home}/x\n`, "path of one machine"],
    ["a registry's host", "README.md", `https://registry.${"npmjs"}.org/x\n`, "host of a package registry"],
    [
      "a lock file that names a registry",
      "package-lock.json",
      `"${"resolved"}": "https://x/y.tgz"`,
      "names a registry",
    ],
    ["an access key", "README.md", `AKIA${"A".repeat(16)}\n`, "AWS access key"],
  ])("refuse %s", (_, file, text, finding) => {
    expect(findings(file, text).join("\n")).toContain(finding);
  });

  it.each([
    ["a file of 300 lines", "src/uri/x.ts", `${header}${"\n".repeat(299)}`],
    [
      "a header of four lines after a shebang",
      "src/uri/x.ts",
      "#!/usr/bin/env node\n/**\n * a\n * b\n * c\n * d\n */\n",
    ],
    [
      "named re-exports",
      "src/uri/index.ts",
      `${header}export { x, type Y } from "./x.ts";\nexport type { Z } from "./z.ts";\n`,
    ],
    ["console in the command line", "src/cli/x.ts", `${header}console.log(1);\n`],
    [
      "a property named console",
      "src/uri/x.ts",
      `${header}export const x = (io: { console: string }) => io.console;\n`,
    ],
    [
      "a member named fetch",
      "src/cache/x.ts",
      `${header}export interface X { fetch(): void }\nexport const f = (x: X) => x.fetch();\n`,
    ],
    ["the word fetch in a comment or string", "src/cache/x.ts", `${header}// fetch\nexport const x = "console.log";\n`],
    ["the example key of AWS's own documents", "README.md", "AKIAIOSFODNN7EXAMPLE\n"],
  ])("let pass %s", (_, file, text) => {
    expect(findings(file, text)).toEqual([]);
  });
});
