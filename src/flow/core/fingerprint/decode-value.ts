/** A value from its canonical bytes, as `encodeValue` wrote them for storage. */
import { EntrepotError, isEntrepotError } from "../../../error/index.ts";
import type { RestoreForeign } from "./foreign.ts";
import { frozen, tags, viewKinds } from "./tags.ts";

/** `restore` makes values of other packages. Error: malformed for bytes that are no value, or more than one. */
export function decodeValue(bytes: Uint8Array, restore?: RestoreForeign): unknown {
  const decoder = new Decoder(bytes, restore);
  try {
    const value = decoder.value();
    decoder.end();
    return value;
  } catch (error) {
    // no pattern, no number, no address, or nested without end
    throw isEntrepotError(error) ? error : damaged(error);
  }
}

class Decoder {
  readonly #bytes: Buffer;
  readonly #restore: RestoreForeign | undefined;
  readonly #seen: object[] = [];
  #at = 0;

  constructor(bytes: Uint8Array, restore: RestoreForeign | undefined) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#restore = restore;
  }

  value(): unknown {
    const tag = this.#byte();
    switch (tag) {
      case tags.undefined:
        return undefined;
      case tags.null:
        return null;
      case tags.true:
        return true;
      case tags.false:
        return false;
      case tags.number:
        return this.#double();
      case tags.bigint:
        return bigintOf(this.#text());
      case tags.text:
        return this.#text();
      case tags.brokenText:
        return this.#slice().toString("utf16le");
      case tags.symbol:
        return Symbol.for(this.#text());
      case tags.again:
        return this.#seen[this.#double()] ?? damaged();
      default:
        return this.#object(tag);
    }
  }

  end(): void {
    if (this.#at !== this.#bytes.length) damaged();
  }

  #object(tag: number): object {
    switch (tag) {
      case tags.array:
      case tags.namedArray:
        return this.#array(tag === tags.namedArray);
      case tags.object:
        return this.#named({});
      case tags.bareObject:
        return this.#named(Object.create(null) as object);
      case tags.map:
        return this.#map();
      case tags.set:
        return this.#set();
      case tags.date:
        return this.#kept(new Date(this.#double()));
      case tags.regExp:
        return this.#regExp();
      case tags.url:
        return this.#kept(new URL(this.#text()));
      case tags.buffer:
        return this.#kept(new Uint8Array(this.#slice()).buffer);
      case tags.sharedBuffer:
        return this.#kept(this.#shared());
      case tags.view:
        return this.#view();
      case tags.foreign:
        return this.#foreign();
      default:
        return damaged();
    }
  }

  /** Objects have their places in the order in which they begin. */
  #kept<T extends object>(value: T): T {
    this.#seen.push(value);
    return value;
  }

  #array(isNamed: boolean): object {
    const flags = this.#byte();
    const length = this.#double();
    const value: unknown[] = this.#kept([]);
    if (!Number.isInteger(length) || length < 0 || length > this.#bytes.length - this.#at) damaged();
    value.length = length;
    for (let place = 0; place < length; place += 1) {
      if (this.#bytes[this.#at] === tags.hole) this.#at += 1;
      else value[place] = this.value();
    }
    if (isNamed) this.#members(value);
    return flags === frozen ? Object.freeze(value) : value;
  }

  #named(value: object): object {
    const flags = this.#byte();
    this.#kept(value);
    this.#members(value);
    return flags === frozen ? Object.freeze(value) : value;
  }

  #members(target: object): void {
    const count = this.#double();
    for (let each = 0; each < count; each += 1) {
      const name = String(this.value());
      const value = this.value();
      // an assignment would call a setter
      if (name === "__proto__")
        Object.defineProperty(target, name, { value, enumerable: true, writable: true, configurable: true });
      else (target as Record<string, unknown>)[name] = value;
    }
  }

  #map(): object {
    const map = this.#kept(new Map<unknown, unknown>());
    const size = this.#double();
    for (let each = 0; each < size; each += 1) map.set(this.value(), this.value());
    return map;
  }

  #set(): object {
    const set = this.#kept(new Set<unknown>());
    const size = this.#double();
    for (let each = 0; each < size; each += 1) set.add(this.value());
    return set;
  }

  #regExp(): object {
    const value = new RegExp(this.#text(), String(this.value()));
    value.lastIndex = this.#double();
    return this.#kept(value);
  }

  #shared(): object {
    const bytes = this.#slice();
    const shared = new SharedArrayBuffer(bytes.length);
    new Uint8Array(shared).set(bytes);
    return shared;
  }

  #view(): object {
    const kind = viewKinds[this.#byte()] ?? damaged();
    // a copy, aligned for its elements, and nobody else's
    const { buffer } = new Uint8Array(this.#slice());
    if (kind === "Buffer") return this.#kept(Buffer.from(buffer));
    const View = (globalThis as unknown as Record<string, new (from: ArrayBuffer) => object>)[kind];
    return this.#kept(View === undefined ? damaged() : new View(buffer));
  }

  #foreign(): object {
    const kind = this.#text();
    const value = this.#restore?.(kind, this.#slice());
    if (typeof value === "object" && value !== null) return this.#kept(value);
    throw new EntrepotError(
      "unsupported",
      `a kept value holds a table of ${JSON.stringify(kind)}, which is not known here`,
    );
  }

  #byte(): number {
    return this.#bytes[this.#at++] ?? damaged();
  }

  #double(): number {
    if (this.#at + 8 > this.#bytes.length) damaged();
    const value = this.#bytes.readDoubleLE(this.#at);
    this.#at += 8;
    return value;
  }

  #text(): string {
    return this.#slice().toString("utf8");
  }

  #slice(): Buffer {
    const length = this.#double();
    const end = this.#at + length;
    if (!Number.isInteger(length) || length < 0 || end > this.#bytes.length) damaged();
    const slice = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return slice;
  }
}

function bigintOf(hex: string): bigint {
  return hex.startsWith("-") ? -BigInt(`0x${hex.slice(1)}`) : BigInt(`0x${hex}`);
}

function damaged(cause?: unknown): never {
  throw new EntrepotError("malformed", "these bytes are not those of a kept value", { cause });
}
