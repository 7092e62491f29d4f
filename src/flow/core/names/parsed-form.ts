/** The names that a function asks for, read from its syntax tree. What hides a name is refused: a name must never be missed. */
import type { AnyFunction } from "../types/functions.ts";
import { type Ask, sayNames, unreadable } from "./ask.ts";
import type { SyntaxNode } from "./parser.ts";

/** Names that the parameter at `index` is asked for. Throws TypeError where they cannot be read. */
export function namesOfParsedForm(tree: SyntaxNode, fn: AnyFunction, index: number): Ask[] {
  if (tree.type === "ClassExpression") throw unreadable(fn, "is a class, not a node");
  const parameters = tree["params"] as SyntaxNode[];
  const body = tree["body"] as SyntaxNode;
  const given = parameters[index];
  const parameter = given?.type === "AssignmentPattern" ? (given["left"] as SyntaxNode) : given;
  if (parameter?.type === "ObjectPattern") return namesOfPattern(parameter, fn);
  // async functions and destructuring of old targets hand their arguments on: such a function would seem to ask for nothing
  if (mentionsArguments(body)) {
    const why = "hands 'arguments' on, as code for old targets does, so that nobody sees what it asks for";
    throw unreadable(fn, `${why}: compile for ES2018 or newer, or ${sayNames}`);
  }
  if (parameter === undefined) return [];
  if (parameter.type === "Identifier") return namesOfMembers(parameter["name"] as string, body, fn);
  throw unreadable(fn, `takes no object of names: destructure it, ({ a, b }) => …, or ${sayNames}`);
}

function namesOfPattern(pattern: SyntaxNode, fn: AnyFunction): Ask[] {
  return (pattern["properties"] as SyntaxNode[]).map((property) => {
    if (property.type === "RestElement")
      throw unreadable(fn, `hides names behind '...': write them all, or ${sayNames}`);
    if (property["computed"] === true)
      throw unreadable(fn, `hides a name behind a computed key: write it, or ${sayNames}`);
    const key = property["key"] as SyntaxNode;
    const name = key.type === "Identifier" ? (key["name"] as string) : String(key["value"]);
    return { name, optional: (property["value"] as SyntaxNode).type === "AssignmentPattern" };
  });
}

/** `deps => deps.a + deps.b`, and what old targets make of destructuring: `function (_a) { var a = _a.a; }`. */
function namesOfMembers(parameter: string, body: SyntaxNode, fn: AnyFunction): Ask[] {
  const found = new Map<string, Ask>();
  walk(body, undefined, (node, parent) => {
    if (node.type !== "Identifier" || node["name"] !== parameter || isLabelOf(node, parent)) return;
    if (parent?.type === "MemberExpression" && parent["object"] === node && parent["computed"] === false) {
      const name = (parent["property"] as SyntaxNode)["name"] as string;
      if (!found.has(name)) found.set(name, { name, optional: false });
      return;
    }
    const target = parent?.["id"] as SyntaxNode | undefined;
    if (parent?.type === "VariableDeclarator" && parent["init"] === node && target?.type === "ObjectPattern") {
      for (const ask of namesOfPattern(target, fn)) found.set(ask.name, ask);
      return;
    }
    throw unreadable(fn, `passes '${parameter}' on as a whole: destructure it, ({ a, b }) => …, or ${sayNames}`);
  });
  return [...found.values()];
}

/** Whether it only names a property: `x.deps`, `{ deps: 1 }`. */
function isLabelOf(node: SyntaxNode, parent: SyntaxNode | undefined): boolean {
  if (parent?.["computed"] === true) return false;
  if (parent?.type === "MemberExpression") return parent["property"] === node;
  return parent?.type === "Property" && parent["key"] === node && parent["value"] !== node;
}

function mentionsArguments(body: SyntaxNode): boolean {
  let found = false;
  walk(
    body,
    undefined,
    (node, parent) => {
      if (node.type === "Identifier" && node["name"] === "arguments" && !isLabelOf(node, parent)) found = true;
    },
    // functions have arguments of their own; arrows have not
    (node) => node.type !== "FunctionExpression" && node.type !== "FunctionDeclaration",
  );
  return found;
}

function walk(
  node: SyntaxNode,
  parent: SyntaxNode | undefined,
  visit: (node: SyntaxNode, parent: SyntaxNode | undefined) => void,
  enter: (node: SyntaxNode) => boolean = () => true,
): void {
  const open: [SyntaxNode, SyntaxNode | undefined][] = [[node, parent]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [current, above] = next;
    visit(current, above);
    if (!enter(current)) continue;
    // the last one first: what is taken from the end comes in the order of the text
    const children = Object.values(current).flat().filter(isSyntaxNode);
    for (const child of children.reverse()) open.push([child, current]);
  }
}

function isSyntaxNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && typeof (value as SyntaxNode).type === "string";
}
