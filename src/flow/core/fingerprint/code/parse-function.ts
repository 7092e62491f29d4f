/** The text of a function as a tree and as tokens: what remains of it when comments, blanks and line ends are taken away. */
import type { AnyNode, Node, Pattern, parse, Token } from "acorn";

/** acorn's, which is loaded when code is first read. */
export type Parse = typeof parse;

export interface ParsedFunction {
  readonly tree: Node;
  readonly tokens: readonly SourceToken[];
}

export interface SourceToken {
  readonly start: number;
  /** Its kind and its text. */
  readonly text: string;
}

/** A function's text alone is not always a program: methods want an object around them, static and private ones a class. */
const frames = [
  ["(", ")"],
  ["({", "})"],
  ["(class extends Object {", "})"],
] as const;

/** `undefined` for what is no JavaScript of today. */
export function parseFunction(parseProgram: Parse, source: string): ParsedFunction | undefined {
  for (const [before, after] of frames) {
    const found: Token[] = [];
    try {
      const tree = parseProgram(before + source + after, {
        ecmaVersion: "latest",
        // where a function stands decides what it may hold, and that is not known here
        allowReturnOutsideFunction: true,
        allowAwaitOutsideFunction: true,
        allowSuperOutsideMethod: true,
        checkPrivateFields: false,
        onToken: found,
      });
      const own = found.filter(({ start, end }) => start >= before.length && end <= before.length + source.length);
      return { tree, tokens: sourceTokens(own, before + source) };
    } catch {
      // the next frame may fit
    }
  }
  return undefined;
}

/** A line that ends behind one of these ends the statement, too. */
const restricted: ReadonlySet<string> = new Set(["return", "throw", "yield", "break", "continue", "async"]);

function sourceTokens(tokens: readonly Token[], program: string): SourceToken[] {
  return tokens.map((token, at) => {
    const before = tokens[at - 1];
    const text = textOf(token, program);
    if (before === undefined || !(isRestricted(program, before) || token.type.label === "++/--"))
      return { start: token.start, text };
    const ends = /[\n\r\u2028\u2029]/.test(program.slice(before.end, token.start));
    return { start: token.start, text: ends ? `line end ${text}` : text };
  });
}

function isRestricted(program: string, { start, end }: Token): boolean {
  return restricted.has(program.slice(start, end));
}

function textOf(token: Token, program: string): string {
  // what a template is given of it are its letters as they are written
  if (token.type.label === "template")
    return `template:${program.slice(token.start, token.end).replaceAll(/\r\n?/g, "\n")}`;
  const { type, value } = token as Token & { readonly value?: unknown };
  // the value of a pattern is one of this engine
  const { pattern, flags } = (value ?? {}) as { readonly pattern?: string; readonly flags?: string };
  if (pattern !== undefined) return `regexp:/${pattern}/${flags}`;
  return `${typeof value === "bigint" ? "bigint" : type.label}:${String(value ?? "")}`;
}

/** Whether more than the first of the arguments can reach it. */
export function takesContext({ tree, tokens }: ParsedFunction): boolean {
  const params = paramsOf(tree as AnyNode);
  if (params === undefined || params.length > 1 || params[0]?.type === "RestElement") return true;
  return tokens.some(({ text }) => text === "name:arguments");
}

/** Of the outermost function in a frame. */
function paramsOf(node: AnyNode): readonly Pattern[] | undefined {
  switch (node.type) {
    case "Program":
      return node.body[0] && paramsOf(node.body[0]);
    case "ExpressionStatement":
      return paramsOf(node.expression);
    case "ParenthesizedExpression":
      return paramsOf(node.expression);
    case "ObjectExpression":
      return node.properties[0] && paramsOf(node.properties[0]);
    case "ClassExpression":
      return node.body.body[0] && paramsOf(node.body.body[0]);
    case "Property":
    case "MethodDefinition":
      return node.value && paramsOf(node.value);
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      return node.params;
    default:
      return undefined;
  }
}
