/** The import check is shown failing: a guard that never failed proves nothing. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { cruiseImports } from "../../house/depcruise.mjs";
import { doors, root } from "../../house/doors.mjs";
import { rooms } from "../../house/rooms.mjs";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A project of these files, with the house's own TypeScript. */
function project(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(tmpdir(), "entrepot-rooms-"));
  folders.push(folder);
  symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"));
  const config = {
    "package.json": JSON.stringify({ name: "p", type: "module", dependencies: { undici: "*" } }),
    "tsconfig.json": JSON.stringify({ compilerOptions: { module: "nodenext", allowImportingTsExtensions: true } }),
  };
  for (const [name, text] of Object.entries({ ...config, ...files })) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

const front = {
  "src/error/index.ts": `export { E } from "./e.ts";`,
  "src/error/e.ts": "export class E {}",
  "src/uri/index.ts": `export { u } from "./u.ts";`,
  "src/uri/u.ts": `import { E } from "../error/index.ts";\nexport const u = E;`,
  "src/testing/index.ts": `export { s } from "./s.ts";`,
  "src/testing/s.ts": "export const s = 1;",
};

async function violations(files: Readonly<Record<string, string>>): Promise<string[]> {
  const { violations: found } = await cruiseImports(project({ ...front, ...files }), ["src"]);
  return found;
}

describe("the check of rooms", () => {
  it("reads modules, and finds nothing wrong where nothing is", async () => {
    const { modules, violations: found } = await cruiseImports(project(front), ["src"]);
    expect(found).toEqual([]);
    expect(modules).toBe(Object.keys(front).length);
  });

  it.each([
    [
      "an import of a room below",
      "src/error/x.ts",
      `import { u } from "../uri/index.ts";\nexport const x = u;`,
      "room:error",
    ],
    [
      "a type-only import of a room below",
      "src/error/x.ts",
      `import type { u } from "../uri/index.ts";\nexport type X = typeof u;`,
      "room:error",
    ],
    [
      "a type in an import() expression",
      "src/error/x.ts",
      `export type X = import("../uri/index.ts").u;`,
      "room:error",
    ],
    ["a type-only re-export", "src/error/x.ts", `export type { u } from "../uri/index.ts";`, "room:error"],
    [
      "a lazy import of a room below",
      "src/error/x.ts",
      `export const x = () => import("../uri/index.ts");`,
      "room:error",
    ],
    ["a room entered by the window", "src/uri/x.ts", `export { E } from "../error/e.ts";`, "room:uri"],
    ["the library importing testing/", "src/uri/x.ts", `export { s } from "../testing/index.ts";`, "room:uri"],
    [
      "the main door exporting testing/",
      "src/index.ts",
      `export { s } from "./testing/index.ts";`,
      "door:src/index.ts",
    ],
    ["node:fs outside disk/", "src/uri/x.ts", `import "node:fs/promises";`, "guarded:fs"],
    [
      "a type of node:fs outside disk/",
      "src/uri/x.ts",
      `import type { Stats } from "node:fs";\nexport type X = Stats;`,
      "guarded:fs",
    ],
    ["a socket outside net/", "src/uri/x.ts", `import "node:net";`, "guarded:net"],
    ["undici outside net/", "src/uri/x.ts", `export const x = () => import("undici");`, "guarded:net"],
    ["a program started outside disk/", "src/store/x.ts", `import "node:child_process";`, "guarded:child_process"],
    ["an HTTP client in the library", "src/store/x.ts", `import "node:http";`, "guarded:http"],
    ["a package for developers in the product", "src/uri/x.ts", `import "zod";`, "declared"],
    ["a cycle inside a room", "src/uri/x.ts", `import "./y.ts";`, "no-cycles", { "src/uri/y.ts": `import "./x.ts";` }],
    ["an import of nothing", "src/uri/x.ts", `import "./nowhere.ts";`, "resolvable"],
    ["a room that is not in the table", "src/attic/x.ts", "export {};", "lies in no room"],
    [
      "a test that enters another room by the window",
      "src/uri/x.test.ts",
      `import "../error/e.ts";`,
      "test:front-door",
    ],
  ])("refuses %s", async (_, file, text, rule, more: Readonly<Record<string, string>> = {}) => {
    const found = await violations({ [file]: text, ...more });
    expect(found.join("\n")).toContain(rule);
    expect(found.join("\n")).toContain(file);
  });

  it.each([
    ["a test that imports testing/", "src/uri/x.test.ts", `import "../testing/index.ts";`],
    ["a test that imports node:fs", "src/uri/x.test.ts", `import "node:fs";`],
    ["a server that listens", "src/server/x.ts", `import "node:http";`],
    ["the door of undici", "src/net/x.ts", `export const x = () => import("undici");`],
    ["the command line importing the front doors", "src/cli/x.ts", `import "../uri/index.ts";`],
  ])("lets pass %s", async (_, file, text) => {
    expect(await violations({ [file]: text })).toEqual([]);
  });

  it("names only rooms above in the table", () => {
    const seen = new Set<string>();
    for (const { name, mayImport } of rooms) {
      expect(mayImport.filter((other) => !seen.has(other))).toEqual([]);
      seen.add(name);
    }
    expect(rooms.filter(({ mayImport }) => mayImport.includes("testing"))).toEqual([]);
    expect(doors.map(({ name }) => name)).toContain("entrepot");
  });
});
