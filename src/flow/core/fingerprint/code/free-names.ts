/** The names that a function takes from around it, and what of them it uses. Every name is resolved in its own block. */
import type { AnyNode, Identifier, MemberExpression, Node, Pattern, VariableDeclaration } from "acorn";

export interface FreeName {
  /** Where it stands in the parsed text. */
  readonly starts: number[];
  /** What is read of it by name; `undefined` where it is used as a whole at some place. */
  members: Set<string> | undefined;
}

export interface FreeNames {
  readonly names: ReadonlyMap<string, FreeName>;
  /** What may be different each time, if its first name is a global: `Date.now()`, `process`. */
  readonly varying: ReadonlyMap<string, string>;
  /** Runs text as code: then nothing is known of the names. */
  readonly evaluates: boolean;
}

interface Reference {
  readonly node: Identifier;
  readonly scope: Scope;
  readonly member: string | undefined;
  readonly varying: string | undefined;
}

class Scope {
  readonly names = new Set<string>();
  readonly outer: Scope | undefined;
  readonly isFunction: boolean;

  constructor(outer: Scope | undefined, isFunction = false) {
    this.outer = outer;
    this.isFunction = isFunction;
  }

  knows(name: string): boolean {
    return this.names.has(name) || this.outer?.knows(name) === true;
  }

  get ofFunction(): Scope {
    return this.isFunction || this.outer === undefined ? this : this.outer.ofFunction;
  }
}

export function freeNames(tree: Node): FreeNames {
  const search = new Search();
  search.visit(tree as AnyNode, new Scope(undefined));
  const names = new Map<string, FreeName>();
  const varying = new Map<string, string>();
  for (const { node, scope, member, varying: shown } of search.references) {
    if (scope.knows(node.name)) continue;
    const known = names.get(node.name) ?? { starts: [], members: new Set<string>() };
    known.starts.push(node.start);
    if (member === undefined) known.members = undefined;
    else known.members?.add(member);
    names.set(node.name, known);
    if (shown !== undefined) varying.set(shown, node.name);
  }
  if (search.imports) varying.set("import()", "import()");
  return { names, varying, evaluates: search.evaluates };
}

class Search {
  readonly references: Reference[] = [];
  evaluates = false;
  imports = false;

  visit(node: AnyNode | null | undefined, scope: Scope): void {
    if (node === null || node === undefined) return;
    switch (node.type) {
      case "Identifier":
        this.#refer(node, scope);
        return;
      case "MemberExpression":
        this.#member(node, scope);
        return;
      case "Property":
      case "MethodDefinition":
      case "PropertyDefinition":
        if (node.computed) this.visit(node.key, scope);
        this.visit(node.value, scope);
        return;
      case "FunctionDeclaration":
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        this.#function(node, scope);
        return;
      case "ClassDeclaration":
      case "ClassExpression":
        this.#class(node, scope);
        return;
      case "VariableDeclaration":
        this.#variables(node, scope);
        return;
      case "BlockStatement":
      case "ForStatement":
      case "StaticBlock":
        this.#children(node, new Scope(scope, node.type === "StaticBlock"));
        return;
      case "ForInStatement":
      case "ForOfStatement": {
        const inner = new Scope(scope);
        this.visit(node.left, inner);
        // what is gone through is named before the variable is
        this.visit(node.right, scope);
        this.visit(node.body, inner);
        return;
      }
      case "SwitchStatement": {
        this.visit(node.discriminant, scope);
        const inner = new Scope(scope);
        for (const each of node.cases) this.visit(each, inner);
        return;
      }
      case "CatchClause": {
        const inner = new Scope(scope);
        if (node.param) this.#declare(node.param, inner, inner);
        this.visit(node.body, inner);
        return;
      }
      case "ImportExpression":
        this.imports = true;
        this.#children(node, scope);
        return;
      case "BinaryExpression":
        this.visit(node.left as AnyNode, scope);
        if (node.operator === "instanceof" && node.right.type === "Identifier")
          this.#refer(node.right, scope, "prototype");
        else this.visit(node.right, scope);
        return;
      case "LabeledStatement":
        this.visit(node.body, scope);
        return;
      case "BreakStatement":
      case "ContinueStatement":
      case "MetaProperty":
        return;
      case "WithStatement":
        this.evaluates = true;
        this.#children(node, scope);
        return;
      case "NewExpression":
        if (node.callee.type === "Identifier" && node.callee.name === "Date" && node.arguments.length === 0)
          this.#refer(node.callee, scope, undefined, "new Date()");
        else if (node.callee.type === "Identifier") {
          this.#refer(node.callee, scope, "prototype");
          for (const each of node.arguments) this.visit(each, scope);
        } else this.#children(node, scope);
        return;
      case "CallExpression":
        if (node.callee.type === "Identifier" && node.callee.name === "eval") this.evaluates = true;
        this.#children(node, scope);
        return;
      default:
        this.#children(node, scope);
        return;
    }
  }

  #refer(node: Identifier, scope: Scope, member?: string, varying?: string): void {
    const isVarying = varyingGlobals.has(node.name) || (member === undefined && varyingObjects.has(node.name));
    const always = isVarying ? node.name : undefined;
    this.references.push({ node, scope, member, varying: varying ?? always });
  }

  #member(node: MemberExpression, scope: Scope): void {
    const { object, property, computed } = node;
    if (object.type === "Identifier" && !computed && property.type === "Identifier") {
      const name = `${object.name}.${property.name}`;
      this.#refer(object, scope, property.name, varyingMembers.has(name) ? `${name}()` : undefined);
      return;
    }
    this.visit(object as AnyNode, scope);
    if (computed) this.visit(property as AnyNode, scope);
  }

  #function(node: Extract<AnyNode, { readonly params: readonly Pattern[] }>, scope: Scope): void {
    if (node.type === "FunctionDeclaration" && node.id) scope.names.add(node.id.name);
    const named = new Scope(scope);
    if (node.type === "FunctionExpression" && node.id) named.names.add(node.id.name);
    const inner = new Scope(named, true);
    if (node.type !== "ArrowFunctionExpression") inner.names.add("arguments");
    for (const param of node.params) this.#declare(param, inner, inner);
    // defaults of parameters see nothing of what the body declares
    if (node.body.type === "BlockStatement") this.#children(node.body, new Scope(inner, true));
    else this.visit(node.body, inner);
  }

  #class(node: Extract<AnyNode, { readonly type: "ClassDeclaration" | "ClassExpression" }>, scope: Scope): void {
    if (node.type === "ClassDeclaration" && node.id) scope.names.add(node.id.name);
    const inner = new Scope(scope);
    if (node.id) inner.names.add(node.id.name);
    this.visit(node.superClass, inner);
    this.visit(node.body, inner);
  }

  #variables(node: VariableDeclaration, scope: Scope): void {
    const owner = node.kind === "var" ? scope.ofFunction : scope;
    for (const { id, init } of node.declarations) {
      this.#declare(id, owner, scope);
      this.visit(init, scope);
    }
  }

  /** The names of a pattern belong to `owner`; what stands in it beside them is read in `scope`. */
  #declare(pattern: Pattern, owner: Scope, scope: Scope): void {
    switch (pattern.type) {
      case "Identifier":
        owner.names.add(pattern.name);
        return;
      case "ObjectPattern":
        for (const part of pattern.properties) {
          if (part.type === "RestElement") this.#declare(part.argument, owner, scope);
          else {
            if (part.computed) this.visit(part.key, scope);
            this.#declare(part.value, owner, scope);
          }
        }
        return;
      case "ArrayPattern":
        for (const part of pattern.elements) if (part !== null) this.#declare(part, owner, scope);
        return;
      case "AssignmentPattern":
        this.visit(pattern.right, scope);
        this.#declare(pattern.left, owner, scope);
        return;
      case "RestElement":
        this.#declare(pattern.argument, owner, scope);
        return;
      default:
        this.visit(pattern, scope);
    }
  }

  #children(node: AnyNode, scope: Scope): void {
    for (const part of Object.values(node) as unknown[]) {
      if (Array.isArray(part)) for (const each of part) this.visit(asNode(each), scope);
      else this.visit(asNode(part), scope);
    }
  }
}

function asNode(value: unknown): AnyNode | undefined {
  return typeof value === "object" && value !== null && "type" in value ? (value as AnyNode) : undefined;
}

const varyingGlobals: ReadonlySet<string> = new Set(["process", "fetch", "performance", "globalThis", "global"]);
/** As a whole, under whatever name, they give what their members give. */
const varyingObjects: ReadonlySet<string> = new Set(["Date", "Math", "crypto"]);
const varyingMembers: ReadonlySet<string> = new Set([
  "Date.now",
  "Math.random",
  "crypto.randomUUID",
  "crypto.getRandomValues",
]);
