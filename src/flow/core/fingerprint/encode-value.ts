/**
 * The canonical bytes of a value: each part by its kind and its length, so that two values have the same bytes only if nobody could
 * tell them apart. Hashed they are its fingerprint, kept they are the value itself. What is no data is refused, never left out.
 */
import { EntrepotError } from "../../../error/index.ts";
import { type ArrowParts, arrowParts } from "./arrow-shape.ts";
import { type ByteWriter, isWellFormed } from "./byte-writer.ts";
import type { ForeignValue, RecogniseForeign } from "./foreign.ts";
import {
  fingerprintSymbol,
  hasNamesBeside,
  hiddenName,
  isExactly,
  isFingerprinted,
  isPlain,
  namedKind,
} from "./kind-of-object.ts";
import { isPlace, pathOf, type Step } from "./path-of.ts";
import { frozen, type Tag, tags, viewKinds } from "./tags.ts";

export interface EncodeOptions {
  /**
   * `"identity"`: the order of an object's names does not count, objects may say themselves what they are, tables are their buffers.
   * `"storage"`: all that `decodeValue` needs to make the same value.
   */
  readonly purpose: "identity" | "storage";
  /** What the value is called in messages. */
  readonly name: string;
  readonly recognise?: RecogniseForeign | undefined;
  /** Told of each object that says itself what it is. */
  readonly onOwn?: ((value: object) => void) | undefined;
  /** The fingerprint of code; without it functions are refused. */
  readonly codeOf?: ((fn: Function, path: string) => string) | undefined;
}

/** Deeper than any data, and less deep than the stack. */
const deepest = 1_000;

/** Errors: unsupported, naming the path of what is no data; limit-exceeded for what is nested deeper than 1,000 times. */
export function encodeValue(value: unknown, writer: ByteWriter, options: EncodeOptions): void {
  new Encoder(writer, options).value(value);
  writer.flush();
}

class Encoder {
  readonly #writer: ByteWriter;
  readonly #options: EncodeOptions;
  readonly #seen = new Map<object, number>();
  readonly #steps: Step[] = [];
  #lastNames: readonly string[] = [];
  #lastSorted: readonly string[] = [];

  constructor(writer: ByteWriter, options: EncodeOptions) {
    this.#writer = writer;
    this.#options = options;
  }

  value(value: unknown): void {
    switch (typeof value) {
      case "number":
        this.#writer.byte(tags.number);
        this.#writer.double(value);
        return;
      case "string":
        this.#text(value);
        return;
      case "boolean":
        this.#writer.byte(value ? tags.true : tags.false);
        return;
      case "undefined":
        this.#writer.byte(tags.undefined);
        return;
      case "bigint":
        this.#tagged(tags.bigint, value.toString(16));
        return;
      case "symbol":
        this.#symbol(value);
        return;
      case "function":
        this.#code(value);
        return;
      default:
        if (value === null) this.#writer.byte(tags.null);
        else this.#object(value as object);
        return;
    }
  }

  #object(value: object): void {
    const place = this.#seen.get(value);
    if (place !== undefined) {
      this.#writer.byte(tags.again);
      this.#writer.double(place);
      return;
    }
    this.#seen.set(value, this.#seen.size);
    if (this.#options.purpose === "identity" && isFingerprinted(value)) {
      this.#writer.byte(tags.own);
      this.#options.onOwn?.(value);
      this.#at({ shown: "[fingerprint]" }, value[fingerprintSymbol]());
      return;
    }
    if (Array.isArray(value)) {
      this.#array(value);
      return;
    }
    const foreign = this.#options.recognise?.(value);
    const proto: object | null = Object.getPrototypeOf(value);
    // frames are proxies, which look like plain objects
    if (foreign !== undefined) this.#foreign(foreign);
    else if (proto === null) this.#named(tags.bareObject, value);
    else if (isPlain(proto)) this.#named(tags.object, value);
    else if (ArrayBuffer.isView(value)) this.#view(value);
    else if (!this.#builtIn(value)) this.#strange(value);
  }

  #array(value: readonly unknown[]): void {
    if (!isExactly(value, "Array")) this.#refuse(namedKind(value));
    const { length } = value;
    const names = Object.keys(value);
    // names that are places come first, in order; what has fewer has holes
    const extra = names.findLastIndex((name) => isPlace(name, length)) + 1;
    this.#writer.byte(names.length > extra ? tags.namedArray : tags.array);
    this.#writer.byte(Object.isFrozen(value) && length > 0 ? frozen : 0);
    this.#writer.double(length);
    for (let place = 0; place < length; place += 1) {
      const element = value[place];
      if (element === undefined && !(place in value)) this.#writer.byte(tags.hole);
      else this.#at(place, element);
    }
    if (names.length > extra) this.#members(value, names.slice(extra));
    this.#checkSymbols(value);
  }

  #named(tag: Tag, value: object): void {
    this.#writer.byte(tag);
    const names = Object.keys(value);
    const hidden = hiddenName(value, names);
    if (hidden !== undefined) this.#refuse(`an object that hides its ${JSON.stringify(hidden)}`);
    this.#writer.byte(Object.isFrozen(value) && names.length > 0 && this.#options.purpose === "storage" ? frozen : 0);
    this.#members(value, names);
    this.#checkSymbols(value);
  }

  #members(value: object, names: readonly string[]): void {
    const ordered = this.#options.purpose === "identity" ? this.#sorted(names) : names;
    this.#writer.double(ordered.length);
    for (const name of ordered) {
      this.#text(name);
      this.#at(name, (value as Readonly<Record<string, unknown>>)[name]);
    }
  }

  /** Rows of a table have the same names in the same order. */
  #sorted(names: readonly string[]): readonly string[] {
    const last = this.#lastNames;
    if (names.length === last.length && names.every((name, place) => name === last[place])) return this.#lastSorted;
    this.#lastNames = names;
    this.#lastSorted = [...names].sort();
    return this.#lastSorted;
  }

  /** False for what is no data of the language. */
  #builtIn(value: object): boolean {
    if (isExactly(value, "Date")) {
      this.#writer.byte(tags.date);
      this.#writer.double((value as Date).getTime());
    } else if (isExactly(value, "Map")) this.#map(value as Map<unknown, unknown>);
    else if (isExactly(value, "Set")) this.#set(value as Set<unknown>);
    else if (isExactly(value, "RegExp")) {
      const { source, flags, lastIndex } = value as RegExp;
      this.#tagged(tags.regExp, source);
      this.#text(flags);
      this.#writer.double(lastIndex);
    } else if (isExactly(value, "ArrayBuffer")) {
      this.#writer.byte(tags.buffer);
      this.#writer.bytes(new Uint8Array(value as ArrayBuffer));
    } else if (isExactly(value, "SharedArrayBuffer")) {
      this.#writer.byte(tags.sharedBuffer);
      this.#writer.bytes(new Uint8Array(value as SharedArrayBuffer));
    } else if (value instanceof URL && isExactly(value, "URL")) {
      this.#tagged(tags.url, value.href);
    } else return false;
    if (Object.keys(value).length > 0) this.#refuse(`${namedKind(value)} with names of its own`);
    this.#checkSymbols(value);
    return true;
  }

  #map(map: ReadonlyMap<unknown, unknown>): void {
    this.#writer.byte(tags.map);
    this.#writer.double(map.size);
    for (const [key, value] of map) {
      this.#at({ shown: ".keys()" }, key);
      this.#at(typeof key === "object" ? { shown: ".values()" } : { shown: `.get(${shownKey(key)})` }, value);
    }
  }

  #set(set: ReadonlySet<unknown>): void {
    this.#writer.byte(tags.set);
    this.#writer.double(set.size);
    for (const value of set) this.#at({ shown: ".values()" }, value);
  }

  #view(view: ArrayBufferView): void {
    const kind = viewKinds.findIndex((name) => isExactly(view, name));
    if (kind < 0) this.#refuse(namedKind(view));
    this.#writer.byte(tags.view);
    this.#writer.byte(kind);
    if (hasNamesBeside(view)) this.#refuse(`${namedKind(view)} with names of its own`);
    this.#writer.bytes(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
  }

  #foreign({ kind, bytes }: ForeignValue): void {
    this.#tagged(tags.foreign, kind);
    this.#writer.bytes(bytes());
  }

  #strange(value: object): void {
    const arrow = this.#options.purpose === "identity" ? arrowParts(value) : undefined;
    if (arrow === undefined) this.#refuse(namedKind(value));
    else this.#arrow(arrow);
  }

  #arrow({ flavour, schema, buffers }: ArrowParts): void {
    this.#tagged(tags.arrow, flavour);
    this.#text(schema);
    for (const part of buffers()) {
      if (typeof part === "string") this.#text(part);
      else this.#view(part);
    }
    this.#writer.byte(tags.null);
  }

  #code(fn: Function): void {
    const { purpose, codeOf } = this.#options;
    if (codeOf === undefined || purpose === "storage") {
      this.#refuse(fn.name === "" ? "a function" : `the function ${JSON.stringify(fn.name)}`);
      return;
    }
    this.#tagged(tags.code, codeOf(fn, this.#path()));
  }

  #symbol(value: symbol): void {
    const name = Symbol.keyFor(value);
    if (name === undefined) this.#refuse("a symbol");
    else this.#tagged(tags.symbol, name);
  }

  #tagged(tag: Tag, text: string): void {
    this.#writer.byte(tag);
    this.#writer.text(text);
  }

  #text(text: string): void {
    if (isWellFormed(text)) {
      this.#tagged(tags.text, text);
      return;
    }
    this.#writer.byte(tags.brokenText);
    this.#writer.bytes(Buffer.from(text, "utf16le"));
  }

  #at(step: Step, value: unknown): void {
    const depth = this.#steps.push(step);
    if (depth > deepest) throw tooDeep(this.#options.name);
    this.value(value);
    this.#steps.pop();
  }

  #checkSymbols(value: object): void {
    for (const symbol of Object.getOwnPropertySymbols(value)) {
      if (Object.prototype.propertyIsEnumerable.call(value, symbol)) this.#refuse(`a value under ${String(symbol)}`);
    }
  }

  #path(): string {
    return pathOf(this.#options.name, this.#steps);
  }

  #refuse(what: string): never {
    const { purpose } = this.#options;
    const cannot = purpose === "identity" ? "has no fingerprint" : "cannot be kept";
    throw new EntrepotError("unsupported", `${this.#path()} is ${what}, which ${cannot}`, {
      hint:
        purpose === "identity"
          ? 'leave it out with ignore, pass the data that it stands for, or give it a method [Symbol.for("entrepot.fingerprint")]'
          : "return plain data: objects, arrays, Map, Set, dates, typed arrays, tables; what was an instance is made anew from it",
    });
  }
}

function shownKey(key: unknown): string {
  return typeof key === "string" ? JSON.stringify(key.slice(0, 60)) : String(key);
}

function tooDeep(name: string): EntrepotError {
  return new EntrepotError("limit-exceeded", `${name} is nested deeper than ${deepest} times`, {
    hint: "make a list of what is chained, or pass it as text",
  });
}
