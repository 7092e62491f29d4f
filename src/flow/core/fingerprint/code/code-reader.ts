/**
 * The fingerprint of a function's code: its tokens and all that it closes over, functions by their code, values by their
 * fingerprints. Comments, formatting and types do not count. Code of packages is not read: name and version stand for it.
 */
import { hash } from "node:crypto";
import type { Session } from "node:inspector";
import { EntrepotError, isEntrepotError } from "../../../../error/index.ts";
import { fingerprint } from "../fingerprint.ts";
import type { RecogniseForeign } from "../foreign.ts";
import { fingerprintSymbol, isFingerprinted, isNative } from "../kind-of-object.ts";
import { besideCode, isOwnGlobal, isVarying } from "./beside-code.ts";
import { type Closure, Inspection } from "./closure.ts";
import { type FreeName, type FreeNames, freeNames } from "./free-names.ts";
import { type Parse, parseFunction, type SourceToken, takesContext } from "./parse-function.ts";
import { isGenerated, isNamespace, readable } from "./surroundings.ts";

export interface CodeReaderOptions {
  /** `name@version` of the package that a script belongs to, `"node"` for Node's own; `undefined` for the user's code. */
  readonly packageOf: (url: string) => string | undefined;
  /** Whether a package gives out this very function, so that it is there once and holds nothing of a call. */
  readonly isExported?: ((fn: Function, url: string) => boolean) | undefined;
  readonly recognise?: RecogniseForeign | undefined;
  /** Told of each object that says itself what it is. */
  readonly onOwn?: ((value: object) => void) | undefined;
}

export interface Code {
  readonly version: string;
  /** What the version is made of: fingerprints of each function and value, by where the code finds it; the function's own under `""`. */
  readonly parts: ReadonlyMap<string, string>;
  /** What may be different each time, such as `Date.now()`, and where it is asked for. */
  readonly varying: ReadonlyMap<string, string>;
  /** Whether it takes more than its first argument, such as the context of a node. */
  readonly takesContext: boolean;
}

export interface CodeOptions {
  /** What the function is called in messages. */
  readonly name: string;
  /** Names that it closes over and that must not count. */
  readonly ignore?: readonly string[] | undefined;
}

interface Parsed {
  readonly text: string;
  readonly tokens: readonly SourceToken[];
  readonly free: FreeNames;
  readonly takesContext: boolean;
}

const mostFunctions = 5_000;

/** Of this thread: what follows from the text of a function, and from nothing else. */
const parsedFunctions = new WeakMap<Function, Parsed>();

export class CodeReader {
  readonly #options: CodeReaderOptions;
  readonly #parser: Parse;
  readonly #inspector: typeof Session | undefined;

  private constructor(options: CodeReaderOptions, parse: Parse, inspector: typeof Session | undefined) {
    this.#options = options;
    this.#parser = parse;
    this.#inspector = inspector;
  }

  /** Loads what reads code. */
  static async open(options: CodeReaderOptions): Promise<CodeReader> {
    const { parse } = await import("acorn");
    // runtimes without one fail when code is read, with the way out
    const inspector = await import("node:inspector").then(({ Session }) => Session).catch(() => undefined);
    return new CodeReader(options, parse, inspector);
  }

  /**
   * Errors: unsupported, naming the path of what has no fingerprint, and where the inspector cannot be used: `version` is then the
   * way out of both.
   */
  read(fn: Function, options: CodeOptions): Code {
    const inspection = this.#inspect(options.name);
    try {
      const reading = new Reading(inspection, this.#options, options, (each) => this.#parse(each));
      reading.function(fn, "");
      const { parts, varying, takesContext } = reading;
      return { version: hash("sha256", JSON.stringify([...parts])), parts, varying, takesContext };
    } finally {
      inspection.close();
    }
  }

  #inspect(name: string): Inspection {
    try {
      if (this.#inspector === undefined) throw new TypeError("there is no node:inspector");
      return new Inspection(this.#inspector);
    } catch (cause) {
      throw new EntrepotError("unsupported", `the code of ${name} cannot be read: this runtime has no inspector`, {
        cause,
        hint: "give cached() a version, and another one whenever the code changes",
      });
    }
  }

  #parse(fn: Function): Parsed | undefined {
    const text = Function.prototype.toString.call(fn);
    const known = parsedFunctions.get(fn);
    // a debugger may put another text in place of that of a function that lives
    if (known !== undefined && known.text === text) return known;
    const program = parseFunction(this.#parser, text);
    if (program === undefined) return undefined;
    const parsed = { text, tokens: program.tokens, free: freeNames(program.tree), takesContext: takesContext(program) };
    parsedFunctions.set(fn, parsed);
    return parsed;
  }
}

class Reading {
  readonly parts = new Map<string, string>();
  readonly varying = new Map<string, string>();
  /** What is bound, or of the engine, does not say. */
  takesContext = true;
  readonly #inspection: Inspection;
  readonly #reader: CodeReaderOptions;
  readonly #options: CodeOptions;
  readonly #parse: (fn: Function) => Parsed | undefined;
  readonly #seen = new Map<Function, number>();

  constructor(
    inspection: Inspection,
    reader: CodeReaderOptions,
    options: CodeOptions,
    parse: (fn: Function) => Parsed | undefined,
  ) {
    this.#inspection = inspection;
    this.#reader = reader;
    this.#options = options;
    this.#parse = parse;
  }

  /** What stands for it where it is used; its code becomes a part under `path`. */
  function(fn: Function, path: string): string {
    const known = this.#seen.get(fn);
    if (known !== undefined) return `function ${known}`;
    const number = this.#seen.size;
    this.#seen.set(fn, number);
    if (number > mostFunctions) throw this.#failure(`more than ${mostFunctions} functions`);
    if (isFingerprinted(fn)) {
      this.#reader.onOwn?.(fn);
      this.#value(fn[fingerprintSymbol](), path, "own");
      return `function ${number}`;
    }
    const closure = this.#closureOf(fn, path);
    if (closure.bound !== undefined) this.#bound(closure.bound, path);
    else if (isNative(fn)) {
      this.parts.set(path, `native ${fn.name}`);
      if (isVarying(fn)) this.varying.set(`${fn.name}()`, this.#shown(path));
    } else this.#written(fn, closure, path);
    return `function ${number}`;
  }

  #bound({ target, self, args }: NonNullable<Closure["bound"]>, path: string): void {
    this.parts.set(path, "bound");
    this.#closedOver(target, join(path, "bound function"));
    this.#closedOver(self, join(path, "bound this"));
    this.#closedOver(args, join(path, "bound arguments"));
  }

  #written(fn: Function, closure: Closure, path: string): void {
    const parsed = this.#parse(fn);
    if (parsed === undefined) throw this.#failure(`${this.#shown(path)}, whose text is no JavaScript that can be read`);
    const { names, evaluates, varying } = parsed.free;
    if (path === "") this.takesContext = parsed.takesContext;
    const owner = this.#reader.packageOf(closure.url);
    if (evaluates && owner === undefined)
      throw this.#failure(`${this.#shown(path)}, which runs text as code (eval, with)`);
    const scopes = owner === undefined ? closure.scopes : this.#stateOf(fn, closure);
    const resolved = new Map<string, { readonly value: unknown; readonly used: FreeName }>();
    for (const [name, used] of names) {
      const scope = scopes.find(({ values }) => name in values);
      if (scope !== undefined && !isGenerated(name)) resolved.set(name, { value: scope.values[name], used });
    }
    // what Node's own functions look like inside is another matter with each release
    this.parts.set(path, owner === "node" ? `node ${fn.name}` : digestOf(parsed.tokens, resolved, owner));
    if (owner === undefined) {
      for (const [shown, name] of varying) if (!resolved.has(name)) this.varying.set(shown, this.#shown(path));
      this.#globals(names, resolved, path);
      for (const [name, value] of besideCode(fn, closure.privates)) this.#closedOver(value, join(path, name));
    }
    const taken = new Set([...resolved].filter(([, { value }]) => !isNamespace(value)).map(([name]) => name));
    const shownAs = (name: string, member: string): string => {
      if (owner !== undefined) return `${name}.${member}`;
      // bundlers and test runners name modules as they like: the order in which they are used tells them apart
      const shown = taken.has(member) ? `module ${modules.indexOf(name)}.${member}` : member;
      taken.add(member);
      return shown;
    };
    const modules = modulesOf(resolved);
    const isModule = new Set(modules);
    for (const name of [...[...resolved.keys()].filter((each) => !isModule.has(each)).sort(), ...modules]) {
      const { value, used } = resolved.get(name) ?? {};
      if (path === "" && this.#options.ignore?.includes(name) === true) continue;
      if (used?.members !== undefined && isNamespace(value)) {
        for (const member of [...used.members].sort()) {
          this.#closedOver(readable(value, member), join(path, shownAs(name, member)));
        }
      } else this.#closedOver(value, join(path, name));
    }
  }

  /** Of a package's function, what a call has made; nothing of what its version says. */
  #stateOf(fn: Function, { url, scopes }: Closure): Closure["scopes"] {
    if (this.#reader.isExported?.(fn, url) === true) return [];
    return scopes.filter(({ kind }) => kind === "call" || (kind === "file" && !url.startsWith("node:")));
  }

  /** What the program itself has put among the globals. */
  #globals(names: FreeNames["names"], resolved: ReadonlyMap<string, unknown>, path: string): void {
    const globals = globalThis as unknown as Readonly<Record<string, unknown>>;
    for (const name of [...names.keys()].sort()) {
      if (resolved.has(name) || isGenerated(name) || !(name in globals)) continue;
      const value = globals[name];
      const isOwn =
        typeof value === "function" ? !isNative(value) && this.#isUsers(value, path) : isOwnGlobal(name, value);
      if (isOwn) this.#closedOver(value, join(path, name));
    }
  }

  #isUsers(fn: Function, path: string): boolean {
    const { url } = this.#closureOf(fn, path);
    return !url.startsWith("node:") && this.#reader.packageOf(url) === undefined;
  }

  #closedOver(value: unknown, path: string): void {
    if (typeof value !== "function") {
      this.#value(value, path, "value");
      return;
    }
    const reference = this.function(value, path);
    if (!this.parts.has(path)) this.parts.set(path, reference);
  }

  #value(value: unknown, path: string, kind: string): void {
    try {
      const { recognise, onOwn } = this.#reader;
      const codeOf = (fn: Function, at: string) => this.function(fn, at);
      this.parts.set(path, `${kind} ${fingerprint(value, { name: path, recognise, codeOf, onOwn })}`);
    } catch (error) {
      if (!isEntrepotError(error, "unsupported", "limit-exceeded") || error.message.startsWith(this.#options.name))
        throw error;
      throw this.#failure(error.message);
    }
  }

  #closureOf(fn: Function, path: string): Closure {
    try {
      return this.#inspection.closureOf(fn);
    } catch (cause) {
      throw this.#failure(`${this.#shown(path)}, which the inspector does not show`, cause);
    }
  }

  #shown(path: string): string {
    return path === "" ? "itself" : path;
  }

  #failure(what: string, cause?: unknown): EntrepotError {
    const { name } = this.#options;
    return new EntrepotError("unsupported", `${name} closes over ${what}`, {
      cause,
      hint: `ask for it as an input; or give cached() a version that stands for the code of ${name}, or leave the name out with ignore`,
    });
  }
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path} › ${name}`;
}

type Resolved = ReadonlyMap<string, { readonly value: unknown; readonly used: FreeName }>;

/** Names that are modules, in the order in which the code uses them. */
function modulesOf(resolved: Resolved): readonly string[] {
  return [...resolved]
    .filter(([, { value }]) => isNamespace(value))
    .map(([name, { used }]) => [name, Math.min(...used.starts)] as const)
    .sort(([, a], [, b]) => a - b)
    .map(([name]) => name);
}

/** What bundlers and test runners call a module is their own affair. */
function digestOf(tokens: readonly SourceToken[], resolved: Resolved, owner: string | undefined): string {
  const modules = new Map<number, string>();
  for (const [place, name] of modulesOf(resolved).entries())
    for (const start of resolved.get(name)?.used.starts ?? []) modules.set(start, `module ${place}`);
  const texts = tokens.map(({ start, text }) => modules.get(start) ?? text);
  return `${owner === undefined ? "code" : `code of ${owner}`} ${hash("sha256", JSON.stringify(texts))}`;
}
