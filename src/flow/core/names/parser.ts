/** The parser, loaded when a function is met that has not the plain form. */
import type { AnyFunction } from "../types/functions.ts";
import { sayNames, unreadable } from "./ask.ts";

/** A node of a syntax tree, as far as this room looks at one. */
export interface SyntaxNode {
  readonly type: string;
  readonly [key: string]: unknown;
}

export type ParseFunction = (text: string, fn: AnyFunction) => SyntaxNode;

export async function loadParser(): Promise<ParseFunction> {
  const { parse } = await import("acorn");
  return (text, fn) => {
    for (const form of [`(${text})`, `({${text}})`]) {
      try {
        const program = parse(form, { ecmaVersion: "latest", sourceType: "module", allowSuperOutsideMethod: true });
        return functionOf(program as unknown as SyntaxNode);
      } catch {
        // a method is no expression: the next form
      }
    }
    throw unreadable(fn, `has a text that does not parse: ${sayNames}`);
  };
}

function functionOf(program: SyntaxNode): SyntaxNode {
  const [statement] = program["body"] as SyntaxNode[];
  const expression = statement?.["expression"] as SyntaxNode;
  if (expression.type !== "ObjectExpression") return expression;
  const [property] = expression["properties"] as SyntaxNode[];
  return property?.["value"] as SyntaxNode;
}
