/**
 * The emitted declarations of all doors, read once with the TypeScript compiler: who is exported where, and what of
 * ours these mention. Needs a build.
 */
import path from "node:path";
import ts from "typescript";
import { doors, root } from "./doors.mjs";

const types = path.resolve(root, "dist/types");
const program = ts.createProgram(
  doors.map((door) => path.join(root, door.types)),
  { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2023, lib: ["lib.es2023.d.ts"], types: ["node"] },
);
export const checker = program.getTypeChecker();

/** @param {import("./doors.mjs").Door} door */
export function sourceOf(door) {
  const source = program.getSourceFile(path.join(root, door.types));
  if (source === undefined) throw new Error(`${door.types} is not there: npm run build`);
  return source;
}

/** What a door exports, by the name it is exported under. @param {import("./doors.mjs").Door} door */
export function exportsOf(door) {
  const module = checker.getSymbolAtLocation(sourceOf(door));
  if (module === undefined) throw new Error(`${door.types} exports nothing`);
  return new Map(checker.getExportsOfModule(module).map((symbol) => [symbol.name, original(symbol)]));
}

/** Everything of ours that the declarations mention, directly or not. @param {Iterable<ts.Symbol>} symbols */
export function reachableFrom(symbols) {
  const seen = new Set(symbols);
  for (const symbol of seen) {
    for (const declaration of ownDeclarations(symbol)) mentions(declaration, (found) => seen.add(found));
  }
  return [...seen];
}

/** Calls `found` for each top-level declaration of ours that a node names. @param {ts.Node} node @param {(symbol: ts.Symbol) => void} found */
export function mentions(node, found) {
  if (ts.isIdentifier(node)) {
    const symbol = checker.getSymbolAtLocation(node);
    const target = symbol && original(symbol);
    if (target && ownDeclarations(target).some(isTopLevel)) found(target);
  }
  ts.forEachChild(node, (child) => mentions(child, found));
}

/** Those in our own emitted files. @param {ts.Symbol} symbol */
export function ownDeclarations(symbol) {
  return (symbol.declarations ?? []).filter((node) => path.resolve(node.getSourceFile().fileName).startsWith(types));
}

/** @param {ts.Declaration} declaration */
function isTopLevel(declaration) {
  const node = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
  return ts.isSourceFile(node.parent);
}

/** @param {ts.Symbol} symbol */
function original(symbol) {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}
