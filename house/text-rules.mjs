/**
 * Rules about one file at a time: length, header, names, front doors, globals that belong to few rooms,
 * and words that no committed file may contain. Each is a plain value that a test can show failing.
 */
import ts from "typescript";
import { guardedGlobals } from "./rooms.mjs";

/**
 * @typedef {object} TextRule
 * @property {string} name
 * @property {(file: string) => boolean} applies given a path from the root, with slashes
 * @property {(text: string, file: string) => string[]} findings what is wrong, in words; empty when nothing is
 */

const isTest = (/** @type {string} */ file) => /\.(?:test|bench|test-d)\.ts$/.test(file);
const isSource = (/** @type {string} */ file) => /^src\/.*\.ts$/.test(file);
const isProduct = (/** @type {string} */ file) => isSource(file) && !isTest(file);

const maxLines = 300;
const maxHeaderLines = 4;

/** @type {readonly TextRule[]} */
export const textRules = [
  {
    name: "length",
    applies: (file) => isSource(file) || /^(?:house|tests|examples|bench)\/.*\.(?:ts|mjs)$/.test(file),
    findings: (text) => {
      const lines = text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
      return lines > maxLines ? [`${lines} lines; at most ${maxLines}: one idea per file`] : [];
    },
  },
  {
    name: "header",
    applies: (file) => isProduct(file) || /^house\/.*\.mjs$/.test(file),
    findings: (text) => {
      const header = /^(?:#!.*\n)?\/\*\*([\s\S]*?)\*\//.exec(text)?.[1];
      if (header === undefined) return ["begins without a /** header */: what it promises and what it is not"];
      const lines = header.split("\n").filter((line) => line.replace(/^\s*\*?/, "").trim() !== "").length;
      return lines > maxHeaderLines ? [`header of ${lines} lines; at most ${maxHeaderLines}`] : [];
    },
  },
  {
    name: "name",
    applies: isSource,
    findings: (_, file) =>
      /(?:^|\/)(?:utils?|helpers?|common|misc|shared|lib)(?:[./-]|$)/.test(file)
        ? ["a name that says nothing: if it has no room, it has no reason"]
        : [],
  },
  {
    name: "front door",
    applies: (file) => isProduct(file) && file.endsWith("/index.ts"),
    findings: (text, file) =>
      parse(text, file)
        .statements.filter((statement) => !isNamedReexport(statement))
        .map((statement) => `only named re-exports here: ${statement.getText().split("\n")[0]}`),
  },
  ...guardedGlobals.map(({ names, rooms: owners }) => ({
    name: `global ${names[0]}`,
    applies: (/** @type {string} */ file) => isProduct(file) && !owners.some((room) => file.startsWith(`src/${room}/`)),
    findings: (/** @type {string} */ text, /** @type {string} */ file) =>
      usesOf(names, text, file).map((name) => `${name} belongs to ${owners.map((room) => `${room}/`).join(", ")}`),
  })),
  {
    name: "words",
    applies: () => true,
    findings: (text) =>
      forbiddenWords.flatMap(({ pattern, why }) => {
        const found = pattern.exec(text);
        return found ? [`line ${text.slice(0, found.index).split("\n").length}: ${why}`] : [];
      }),
  },
];

/** Written with character classes, so that this file passes its own rule. */
const forbiddenWords = [
  { pattern: /(?<![\w.])[/]work[/]/, why: "a path of one machine" },
  { pattern: /(?<![\w.])[/](?:tmp|home|Users)[/]\w/, why: "a path of one machine" },
  { pattern: /(?<![\w.])[/]root[/]\w/, why: "a path of one machine" },
  {
    pattern: /(?:registry\.npmjs|npmmirror|registry\.yarnpkg|npm\.pkg\.github|files\.pythonhosted|proxy\.golang)\./,
    why: "the host of a package registry",
  },
  { pattern: /"resolved":\s*"(?!node_modules)/, why: "a lock file that names a registry" },
  { pattern: /\bAKIA(?!IOSFODNN7EXAMPLE)[A-Z0-9]{16}\b/, why: "looks like an AWS access key" },
];

/** @param {string} text @param {string} file */
function parse(text, file) {
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
}

/** @param {ts.Statement} statement */
function isNamedReexport(statement) {
  return (
    ts.isExportDeclaration(statement) &&
    statement.moduleSpecifier !== undefined &&
    statement.exportClause !== undefined &&
    ts.isNamedExports(statement.exportClause)
  );
}

/**
 * Which of the names (`console`, `process.exit`) the text uses as values: a property, a type or a key of the
 * same name is not one.
 *
 * @param {readonly string[]} names @param {string} text @param {string} file
 */
function usesOf(names, text, file) {
  /** @type {Set<string>} */
  const used = new Set();
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isIdentifier(node) && names.includes(node.text) && isFreeUse(node)) used.add(node.text);
    if (ts.isPropertyAccessExpression(node)) {
      const path = node
        .getText()
        .replaceAll("?.", ".")
        .replace(/^globalThis\./, "");
      if (names.includes(path)) used.add(path);
    }
    ts.forEachChild(node, visit);
  };
  visit(parse(text, file));
  return [...used];
}

/** @param {ts.Identifier} node */
function isFreeUse(node) {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent))
    return parent.expression === node || parent.expression.getText() === "globalThis";
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  return (
    ts.isExpression(parent) ||
    ts.isStatement(parent) ||
    (ts.isVariableDeclaration(parent) && parent.initializer === node)
  );
}
