/**
 * `current.json`: the one object of a dataset that changes, and only by compare-and-swap. It names the generations that are kept,
 * which of them is current, and those that are being removed, so that nobody can make one of these current.
 */
import { EntrepotError } from "../../error/index.ts";
import { isGeneration } from "./layout.ts";

export interface GenerationRecord {
  readonly generation: string;
  readonly publishedMs: number;
  /** Since when it is not current; `null` for the current one. */
  readonly supersededMs: number | null;
  readonly objects: number;
  readonly sizeBytes: number;
  /** SHA-256 of the manifest, hexadecimal. */
  readonly manifest: string;
}

export interface Pointer {
  /** How often it was swung. */
  readonly sequence: number;
  /** `null`: nothing has been published. */
  readonly current: string | null;
  /** The newest first. */
  readonly generations: readonly GenerationRecord[];
  /** What `gc` is removing, or was when it was interrupted. */
  readonly condemned: readonly string[];
}

export const emptyPointer: Pointer = { sequence: 0, current: null, generations: [], condemned: [] };
const format = "entrepot-dataset/1";

export function formatPointer(pointer: Pointer): string {
  return `${JSON.stringify({ format, ...pointer }, undefined, 2)}\n`;
}

/** Errors: malformed, unsupported for a format of a later time. */
export function parsePointer(text: string, uri: string): Pointer {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw noPointer(uri, cause);
  }
  const given = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof given["format"] === "string" && given["format"] !== format) {
    throw new EntrepotError("unsupported", `${uri} is of the format ${JSON.stringify(given["format"])}`, {
      uri,
      hint: `this release knows ${format}; a newer one may know more`,
    });
  }
  const { sequence, current, generations, condemned } = given;
  const isSound =
    given["format"] === format &&
    Number.isSafeInteger(sequence) &&
    Array.isArray(generations) &&
    generations.every(isRecord) &&
    Array.isArray(condemned) &&
    condemned.every((name) => typeof name === "string" && isGeneration(name)) &&
    (current === null || generations.some(({ generation }) => generation === current));
  if (!isSound) throw noPointer(uri, undefined);
  return { sequence, current, generations, condemned } as Pointer;
}

function isRecord(value: unknown): boolean {
  const { generation, publishedMs, supersededMs, objects, sizeBytes, manifest } = (value ?? {}) as GenerationRecord;
  const numbers = [publishedMs, objects, sizeBytes, supersededMs ?? 0];
  return (
    typeof generation === "string" &&
    isGeneration(generation) &&
    typeof manifest === "string" &&
    numbers.every(Number.isFinite)
  );
}

function noPointer(uri: string, cause: unknown): EntrepotError {
  return new EntrepotError("malformed", `${uri} is no pointer of a dataset`, {
    uri,
    cause,
    hint: "name another folder: entrepot dataset publish keeps its own objects in it, beginning with current.json",
  });
}

/** The pointer after `record` was published. */
export function published(pointer: Pointer, record: GenerationRecord): Pointer {
  const generations = pointer.generations.map((each) => superseded(each, pointer.current, record.publishedMs));
  return {
    ...pointer,
    sequence: pointer.sequence + 1,
    current: record.generation,
    generations: [record, ...generations],
  };
}

/** The pointer after it was swung to a generation that it names. */
export function swungTo(pointer: Pointer, generation: string, nowMs: number): Pointer {
  const generations = pointer.generations.map((each) =>
    each.generation === generation ? { ...each, supersededMs: null } : superseded(each, pointer.current, nowMs),
  );
  return { ...pointer, sequence: pointer.sequence + 1, current: generation, generations };
}

function superseded(record: GenerationRecord, current: string | null, nowMs: number): GenerationRecord {
  return record.generation === current ? { ...record, supersededMs: nowMs } : record;
}
