/** Declarations as text for people: one line where it fits, no `readonly` noise of the emitter, docstrings as prose. */
import ts from "typescript";
import { checker } from "./declarations.mjs";

/** Longer signatures have one parameter a line. */
const columns = 100;

/** The docstring: lines joined, paragraphs kept. @param {ts.Node | undefined} node */
export function documentation(node) {
  if (node === undefined) return "";
  const [comment] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc).slice(-1);
  if (comment?.pos === 0) return ""; // the header of a file that begins with this declaration
  return prose(ts.getTextOfJSDocComment(comment?.comment) ?? "");
}

/** The header comment of a file. @param {ts.SourceFile} source */
export function headerOf(source) {
  const [range] = ts.getLeadingCommentRanges(source.text, 0) ?? [];
  const text = range ? source.text.slice(range.pos, range.end) : "";
  return prose(text.replace(/^\/\*\*|\*\/$/g, "").replace(/^\s*\* ?/gm, ""));
}

/** @param {string} text */
export function code(text) {
  return `\`\`\`ts\n${text}\n\`\`\``;
}

/** What stands in the declaration, on one line. @param {ts.Node} node @param {boolean} [optional] leave `| undefined` out */
export function typeText(node, optional = false) {
  const constraint = constraintOf(node);
  const text = oneLine(constraint ?? node.getText());
  return optional ? text.replace(/ \| undefined$/, "").replace(/^\((\(.*\) => [^()]*)\)$/, "$1") : text;
}

/** @param {ts.Node} node @param {number} [width] */
export function signature(node, width = columns) {
  if (ts.isFunctionDeclaration(node) || ts.isMethodSignature(node) || ts.isMethodDeclaration(node)) {
    return called(node, width);
  }
  const statement = ts.isVariableDeclaration(node) ? node.parent : node;
  const text = dedented(statement.getText().replace(/^(?:export |declare )+/, ""));
  if (!ts.isTypeAliasDeclaration(node) || !ts.isUnionTypeNode(node.type) || text.length <= width) return text;
  const source = node.getSourceFile().text;
  let end = node.type.pos;
  const members = node.type.types.map((one) => {
    const [comment = ""] = source.slice(end, one.getStart()).match(/\/\*\*[\s\S]*?\*\//) ?? [];
    end = one.end;
    return `${comment && `\n  ${comment}`}\n  | ${oneLine(one.getText())}`;
  });
  return `type ${node.name.text} =${members.join("")};`;
}

/** @param {ts.FunctionDeclaration | ts.MethodSignature | ts.MethodDeclaration} node @param {number} width */
function called(node, width) {
  const types = node.typeParameters ? `<${node.typeParameters.map((one) => oneLine(one.getText())).join(", ")}>` : "";
  const parameters = node.parameters.map((one) => oneLine(one.getText()));
  const result = node.type ? oneLine(node.type.getText()) : "void";
  const line = `${node.name?.getText()}${types}(${parameters.join(", ")}): ${result}`;
  if (line.length <= width) return line;
  return `${node.name?.getText()}${types}(\n${parameters.map((one) => `  ${one},\n`).join("")}): ${result}`;
}

/** What a type parameter stands for at most: `OnError` says more than `E`. @param {ts.Node} node */
function constraintOf(node) {
  const named = ts.isUnionTypeNode(node) ? node.types.find(ts.isTypeReferenceNode) : node;
  if (named === undefined || !ts.isTypeReferenceNode(named)) return undefined;
  const parameter = checker.getSymbolAtLocation(named.typeName)?.declarations?.find(ts.isTypeParameterDeclaration);
  if (parameter?.constraint === undefined) return undefined;
  return node.getText().replace(named.getText(), parameter.constraint.getText());
}

/** @param {string} text */
function oneLine(text) {
  return text
    .replace(/import\("[^"]*"\)\./g, "")
    .replace(/\/\*\*[\s\S]*?\*\//g, "")
    .replace(/\s+/g, " ")
    .replace(/; \}/g, " }");
}

/** Four spaces a level become two. @param {string} text */
function dedented(text) {
  return text
    .split("\n")
    .map((line) => line.replace(/^(?: {4})+/, (spaces) => " ".repeat(spaces.length / 2)))
    .join("\n");
}

/** @param {string} text */
function prose(text) {
  return text
    .trim()
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replace(/\s*\n\s*/g, " "))
    .join("\n\n");
}
