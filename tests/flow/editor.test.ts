/** What an editor makes of a flow: an edge leads to its node, and renaming a node renames its edges. */
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = join(root, "tests/flow/types/marketing");
const files = ["flow.ts", "loaders.ts", "marketing.ts", "words.ts", "main.ts"].map((name) => join(folder, name));
const service = ts.createLanguageService({
  getScriptFileNames: () => files,
  getScriptVersion: () => "1",
  getScriptSnapshot: (file) => ts.ScriptSnapshot.fromString(ts.sys.readFile(file) ?? ""),
  getCurrentDirectory: () => root,
  getDefaultLibFileName: ts.getDefaultLibFilePath,
  fileExists: ts.sys.fileExists,
  readFile: ts.sys.readFile,
  getCompilationSettings: () => ({
    ...{ strict: true, noEmit: true, skipLibCheck: true, allowImportingTsExtensions: true, types: [] },
    ...{ target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.NodeNext },
    paths: { "entrepot/flow": [join(root, "src/flow/index.ts")] },
  }),
});

/** A place in a file: that of `name` within `text`. */
function placeOf(file: string, text: string, name: string): [string, number] {
  const path = join(folder, file);
  const at = ts.sys.readFile(path)?.indexOf(text) ?? -1;
  return [path, at + text.indexOf(name)];
}

test("from an edge to its node, across files and through wrappers", { timeout: 120_000 }, () => {
  const definition = (file: string, text: string, name: string) =>
    service
      .getDefinitionAtPosition(...placeOf(file, text, name))
      ?.map((found) => `${basename(found.fileName)} ${found.name}`);
  expect(definition("marketing.ts", "{ acquisitionCost }: $", "acquisitionCost")).toContain(
    "marketing.ts acquisitionCost",
  );
  expect(definition("marketing.ts", "{ meanCost, currency", "currency")).toContain("loaders.ts currency");
  expect(definition("words.ts", "{ counts }: Pick", "counts")).toContain("words.ts counts");
});

test("a node and its edges are renamed together", { timeout: 120_000 }, () => {
  const [file, at] = placeOf("marketing.ts", "function acquisitionCost", "acquisitionCost");
  const places = service.findRenameLocations(file, at, false, false, { providePrefixAndSuffixTextForRename: true });
  const text = ts.sys.readFile(file) ?? "";
  const inFile = (places ?? []).filter(({ fileName }) => fileName === file).map(({ textSpan }) => textSpan.start);
  expect(inFile).toContain(text.indexOf("{ acquisitionCost }: $") + 2);
});
