/** Values that tasks refer to: written once under their own version below an address that driver and workers share. */
import { createHash } from "node:crypto";
import type { Depot } from "../../../depot/index.ts";
import { EntrepotError, isEntrepotError } from "../../../error/index.ts";
import { decodeResult, encodeResult } from "../results/codecs.ts";
import type { Kept } from "../results/entry.ts";
import { KeptValues } from "./kept-values.ts";

/** A value, as it travels within a task. Plain data. */
export interface ValueRef {
  readonly version: string;
  readonly kept: Kept;
  /** A small value itself, in base64. */
  readonly inline?: string | undefined;
  /** SHA-256 of the bytes that lie in the store. */
  readonly sha256?: string | undefined;
}

export interface ValueStore {
  /** Error: unsupported for what has no bytes, naming the path within it; and those of the depot. */
  put(value: unknown, name: string): Promise<ValueRef>;
  /** The same object for the same version, as nodes of one process share it. Errors: not-found, integrity, and those of the depot. */
  get(ref: ValueRef): Promise<unknown>;
  /** An object of the caller alone, of which nothing is kept. Errors as `get`. */
  take(ref: ValueRef): Promise<unknown>;
}

/** Up to this size a value travels within the task, bytes. */
const inlineBytes = 4096;

export function openValueStore(data: Depot, uri: string): ValueStore {
  const at = (version: string): string => `${uri.replace(/\/+$/, "")}/values/${version.slice(0, 2)}/${version}`;
  const written = new WeakMap<object, Promise<ValueRef>>();
  const read = new KeptValues();

  const write = async (value: unknown, name: string): Promise<ValueRef> => {
    const { version, kept, pieces } = await encodeResult(value, name);
    const bytes = pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
    if (bytes.byteLength <= inlineBytes) return { version, kept, inline: Buffer.from(bytes).toString("base64") };
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    try {
      await data.writeBytes(at(version), bytes, { ifNoneMatch: "*" });
    } catch (error) {
      // The same version always has the same bytes; where nothing can be made only once, writing it twice is as good.
      if (isEntrepotError(error, "unsupported")) await data.writeBytes(at(version), bytes);
      else if (!isEntrepotError(error, "already-exists", "precondition-failed")) throw error;
    }
    return { version, kept, sha256 };
  };
  const load = async ({ version, kept, inline, sha256 }: ValueRef): Promise<unknown> => {
    if (inline !== undefined) return decodeResult(Buffer.from(inline, "base64"), kept);
    const bytes = await data.readBytes(at(version));
    if (createHash("sha256").update(bytes).digest("hex") !== sha256)
      throw new EntrepotError("integrity", "a value of a task is not what was written", { uri: at(version) });
    return decodeResult(bytes, kept);
  };
  return {
    put: (value, name) => {
      if (typeof value !== "object" || value === null) return write(value, name);
      // A value that many tasks share is written once.
      let ref = written.get(value);
      if (ref === undefined) {
        ref = write(value, name);
        written.set(value, ref);
        ref.catch(() => written.delete(value));
      }
      return ref;
    },
    take: load,
    get: (ref) => {
      if (ref.inline !== undefined) return load(ref);
      return read.get(ref.version, ref.kept.sizeBytes, () => load(ref));
    },
  };
}
