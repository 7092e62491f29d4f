/** What every case of the store contract works with: a store, a prefix of its own, and the few verbs that read well. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { type EntrepotError, type ErrorCode, isEntrepotError } from "../../error/index.ts";
import {
  type Bytes,
  type ListOptions,
  type ListPage,
  type ObjectStore,
  type ReadOptions,
  readBytes,
  type SizedSource,
} from "../../store/index.ts";
import type { StoreTraits } from "./traits.ts";

export interface Subject {
  readonly store: ObjectStore;
  readonly traits: StoreTraits;
  /** Begins every key of the case; ends in `/`. */
  readonly prefix: string;
  write(name: string, text: string): Promise<string>;
  text(name: string, options?: ReadOptions): Promise<string>;
  bytes(name: string, options?: ReadOptions): Promise<Bytes>;
  pages(options?: ListOptions): Promise<ListPage[]>;
  /** Names below the prefix, objects and folders of all pages. */
  names(options?: ListOptions): Promise<{ readonly objects: string[]; readonly folders: string[] }>;
}

/** A case before it knows its store. */
export interface SubjectCase {
  readonly name: string;
  run(subject: Subject): Promise<void>;
}

export function subjectOf(store: ObjectStore, traits: StoreTraits): Subject {
  const prefix = `contract-${randomUUID()}/`;
  const subject: Subject = {
    store,
    traits,
    prefix,
    write: async (name, text) => (await store.write(prefix + name, encode(text))).etag,
    text: async (name, options) => new TextDecoder().decode(await subject.bytes(name, options)),
    bytes: async (name, options) => {
      const { ifNoneMatch: _, ...rest } = options ?? {};
      return (await readBytes(store, prefix + name, rest)).bytes;
    },
    pages: async (options = {}) => {
      const pages: ListPage[] = [];
      const start = options.startAfter === undefined ? {} : { startAfter: prefix + options.startAfter };
      const wanted = { ...options, ...start, prefix: prefix + (options.prefix ?? "") };
      for await (const page of store.list(wanted)) pages.push(page);
      return pages;
    },
    names: async (options) => {
      const pages = await subject.pages(options);
      const below = (key: string): string => key.slice(prefix.length);
      return {
        objects: pages.flatMap((page) => page.objects.map(({ key }) => below(key))),
        folders: pages.flatMap((page) => page.folders.map(below)),
      };
    },
  };
  return subject;
}

export function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A source of the given chunks, which announces `sizeBytes` (default: what they really have). */
export function sourceOf(chunks: readonly Uint8Array[], sizeBytes?: number): SizedSource {
  const total = chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
  return {
    sizeBytes: sizeBytes ?? total,
    open: async function* () {
      yield* chunks;
    },
  };
}

/** The error that `action` rejects with, which must bear one of the codes. */
export async function failure(action: Promise<unknown>, ...codes: readonly ErrorCode[]): Promise<EntrepotError> {
  const error = await rejection(action);
  if (isEntrepotError(error, ...codes)) return error;
  throw new assert.AssertionError({
    message: `expected ${codes.join(" or ")}, got ${error instanceof Error ? error.stack : String(error)}`,
    actual: isEntrepotError(error) ? error.code : error,
    expected: codes.join(" or "),
  });
}

/** Whatever `action` rejects with. */
export async function rejection(action: Promise<unknown>): Promise<unknown> {
  try {
    await action;
  } catch (error) {
    return error;
  }
  throw new assert.AssertionError({ message: "expected a rejection, but it succeeded" });
}

/** Runs `action` on each item, at most 16 at a time. */
export async function forEachOf<T>(items: readonly T[], action: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  const worker = async (): Promise<void> => {
    for (const item of rest) await action(item);
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}

/** Bytes of which no two neighbouring stretches are alike. */
export function pattern(sizeBytes: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(sizeBytes);
  let state = seed;
  for (let index = 0; index < sizeBytes; index += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[index] = state >>> 16;
  }
  return bytes;
}
