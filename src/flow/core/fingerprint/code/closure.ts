/**
 * What a function closes over, by the engine's own inspector: no source files are needed and nothing of the user's is run. A session
 * is opened for one look and closed again; a debugger that is attached does not notice.
 */
import type { Session } from "node:inspector";
import { ScriptUrls } from "./script-urls.ts";

export interface Scope {
  /** `"module"` for what is there once, `"call"` for what a call of the function around it made, `"file"` where it may be either. */
  readonly kind: "module" | "call" | "file";
  /** By name, as they are now; what is not initialised yet is `undefined`. */
  readonly values: Readonly<Record<string, unknown>>;
}

export interface Closure {
  /** From the inside outwards, without globals. */
  readonly scopes: readonly Scope[];
  /** Of the file that the function was read from; `""` where there is none. */
  readonly url: string;
  /** Of a class: its private static fields. */
  readonly privates: Readonly<Record<string, unknown>>;
  /** Of a bound function: what it calls, on what and with what. */
  readonly bound?: { readonly target: Function; readonly self: unknown; readonly args: unknown } | undefined;
}

interface RemoteObject {
  readonly objectId?: string;
  readonly value?: unknown;
  readonly unserializableValue?: string;
  readonly description?: string;
}

/** A scope as the list of a function's scopes has it; the list is no iterable. */
interface Listed {
  readonly description: string;
  readonly object?: Scope["values"];
}

interface Properties {
  readonly privateProperties?: readonly { readonly name: string; readonly value?: RemoteObject }[];
  readonly internalProperties?: readonly { readonly name: string; readonly value?: RemoteObject }[];
}

const group = "entrepot";

/** What the inspector and we hand to each other lies here meanwhile. */
const desk: symbol = Symbol.for("entrepot.inspected");
const deskText = `globalThis[Symbol.for("entrepot.inspected")]`;

/** Of this thread: every store of results asks about the same scripts. */
const urls = new ScriptUrls();

export class Inspection {
  readonly #session: Session;

  /** Throws where this runtime has no inspector. */
  constructor(Inspector: typeof Session) {
    this.#session = new Inspector();
    this.#session.connect();
  }

  close(): void {
    try {
      this.#post("Runtime.releaseObjectGroup", { objectGroup: group });
    } finally {
      this.#session.disconnect();
    }
  }

  /** Errors: those of the inspector. */
  closureOf(fn: Function): Closure {
    const { internalProperties = [], privateProperties = [] } = this.#properties(this.#handle(fn));
    const internal = (name: string) => internalProperties.find((each) => each.name === `[[${name}]]`)?.value;
    const target = internal("TargetFunction");
    const location = internal("FunctionLocation")?.value as { readonly scriptId?: string } | undefined;
    const scopes = internal("Scopes");
    return {
      scopes: scopes?.objectId === undefined ? [] : this.#scopes(scopes, scopes.objectId),
      url: location?.scriptId === undefined ? "" : this.#url(location.scriptId),
      privates: this.#privates(privateProperties),
      bound: target === undefined ? undefined : this.#bound(target, internal("BoundThis"), internal("BoundArgs")),
    };
  }

  #privates(found: NonNullable<Properties["privateProperties"]>): Closure["privates"] {
    const fields = found.flatMap(({ name, value }) => (value === undefined ? [] : [{ name, value }]));
    const objects = this.#fetch(fields.map(({ value }) => value).filter(({ objectId }) => objectId !== undefined));
    const next = (value: RemoteObject) => (value.objectId === undefined ? primitive(value) : objects.shift());
    return Object.fromEntries(fields.map(({ name, value }) => [name, next(value)]));
  }

  #bound(target: RemoteObject, self: RemoteObject = {}, args: RemoteObject = {}): Closure["bound"] {
    const objects = this.#fetch([target, self, args].filter(({ objectId }) => objectId !== undefined));
    const next = (of: RemoteObject) => (of.objectId === undefined ? primitive(of) : objects.shift());
    return { target: next(target) as Function, self: next(self), args: next(args) };
  }

  #scopes({ description }: RemoteObject, objectId: string): Scope[] {
    const all = this.#take("for (let at = 0; at < this.length; at += 1) desk.push(this[at]);", objectId) as Listed[];
    // to see fewer than there are would be to miss a change
    if (description !== `Scopes[${all.length}]`) throw new TypeError("the inspector shows scopes in another way");
    const found = all.filter(({ description }) => !description.startsWith("Global"));
    return found.map(({ description, object }, place) => {
      const isModule = description === "Module" || description === "Script";
      // what CommonJS, Node itself and many bundlers put around a file is a function without a name
      const isFile = description === "Closure" && place === found.length - 1;
      return { kind: isModule ? "module" : isFile ? "file" : "call", values: object ?? {} };
    });
  }

  /** The values that handles stand for. */
  #fetch(handles: readonly RemoteObject[]): unknown[] {
    const objectId = handles[0]?.objectId;
    return objectId === undefined ? [] : this.#take("desk.push(...all);", objectId, handles);
  }

  /** What a function puts on the `desk`, given `this` and `all` by their handles. */
  #take(body: string, objectId: string, all: readonly RemoteObject[] = []): unknown[] {
    return withDesk([], (place) => {
      const { exceptionDetails } = this.#post<{ readonly exceptionDetails?: object }>("Runtime.callFunctionOn", {
        functionDeclaration: `function (...all) { const desk = ${deskText}; ${body} }`,
        objectId,
        arguments: all.map((each) => ({ objectId: each.objectId })),
      });
      if (exceptionDetails !== undefined) throw new TypeError("the inspector does not give what it shows");
      return place;
    });
  }

  #handle(value: unknown): string {
    const expression = `${deskText}?.[0]`;
    const { result } = withDesk([value], () =>
      this.#post<{ readonly result: RemoteObject }>("Runtime.evaluate", { expression, objectGroup: group }),
    );
    // in a context of its own (`node:vm`) our globals are not those of the inspector
    if (result.objectId === undefined) throw new TypeError("the inspector sees another context");
    return result.objectId;
  }

  #properties(objectId: string): Properties {
    return this.#post<Properties>("Runtime.getProperties", { objectId, ownProperties: true });
  }

  #url(scriptId: string): string {
    return urls.of(scriptId, (told) => {
      const onScript = ({ params }: { readonly params: { readonly scriptId: string; readonly url: string } }) =>
        told(params.scriptId, params.url);
      this.#session.on("Debugger.scriptParsed", onScript);
      this.#post("Debugger.enable", {});
      this.#post("Debugger.disable", {});
      this.#session.off("Debugger.scriptParsed", onScript);
    });
  }

  /** Within one thread the answer is there when the call returns. */
  #post<T>(method: string, params: object): T {
    let answer: { readonly error: Error | null; readonly result: unknown } | undefined;
    const take = (error: Error | null, result?: unknown) => {
      answer = { error, result };
    };
    const post = this.#session.post as (method: string, params: object, done: typeof take) => void;
    post.call(this.#session, method, params, take);
    const { error, result } = answer ?? { error: new TypeError("the inspector does not answer at once"), result: null };
    if (error !== null) throw error;
    return result as T;
  }
}

function withDesk<T>(value: unknown[], work: (place: unknown[]) => T): T {
  const globals = globalThis as unknown as Record<symbol, unknown>;
  globals[desk] = value;
  try {
    return work(value);
  } finally {
    delete globals[desk];
  }
}

function primitive({ value, unserializableValue }: RemoteObject): unknown {
  if (unserializableValue === undefined) return value;
  // a bigint; else -0, NaN or an infinity
  return unserializableValue.endsWith("n") ? BigInt(unserializableValue.slice(0, -1)) : Number(unserializableValue);
}
