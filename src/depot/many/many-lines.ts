/** Many objects as one sequence: of bytes, or of lines that say where they come from. */
import { EntrepotError } from "../../error/index.ts";
import { linesOf, splitLines, textOf } from "../../format/index.ts";
import type { Bytes } from "../../store/index.ts";
import type { Address } from "../../uri/index.ts";
import type { Context } from "../context.ts";
import type { Sources } from "../entries.ts";
import { bytesOf, chunksOf, type FetchedEntry, fetchMany } from "./read-many.ts";
import type { ManyLine, ManyLinesOptions, ReadManyOptions } from "./types.ts";

/** The bytes of all objects, one after the other. */
export async function* bytesOfMany(
  context: Context,
  from: Address | Sources,
  options: ReadManyOptions,
): AsyncGenerator<Bytes> {
  const { decompress = false } = options;
  const chunks = async (entry: FetchedEntry) => chunksOf(entry, decompress, options);
  for await (const object of fetchMany(context, from, options, chunks, true)) yield* object;
}

/** Lines. Those of a small object are there before the first is given, so that one that cannot be read can be left out whole. */
export async function* linesOfMany(
  context: Context,
  from: Address | Sources,
  options: ReadManyOptions,
  { header = false }: ManyLinesOptions,
): AsyncGenerator<ManyLine> {
  const { encoding, decompress = "by-suffix" } = options;
  const heads = new Headers();
  const read = async (entry: FetchedEntry) => {
    const { uri, path, fetched } = entry;
    if ("chunks" in fetched && !fetched.whole) {
      const lines = linesOf(chunksOf(entry, decompress, options), { encoding, uri });
      return { uri, path, lines: header ? heads.without(lines, uri) : lines };
    }
    const lines = splitLines(textOf(await bytesOf(entry, decompress, options), { encoding, uri }));
    if (header && lines.length > 0 && heads.isRepeated(lines[0] ?? "", uri)) lines.shift();
    return { uri, path, lines };
  };
  for await (const { uri, path, lines } of fetchMany(context, from, options, read, true))
    for await (const line of lines) yield { uri, path, line };
}

/** The header that all objects share. */
class Headers {
  #first: string | undefined;

  /** False for the first object's, which is given. Error: malformed for another one. */
  isRepeated(line: string, uri: string): boolean {
    if (this.#first === undefined) {
      this.#first = line;
      return false;
    }
    if (line === this.#first) return true;
    throw new EntrepotError("malformed", `${uri} begins with another header than the objects before it`, {
      uri,
      hint: "read it by itself, or leave out header to get every line",
    });
  }

  async *without(lines: AsyncIterable<string>, uri: string): AsyncGenerator<string> {
    let first = true;
    for await (const line of lines) {
      if (!first || !this.isRepeated(line, uri)) yield line;
      first = false;
    }
  }
}
