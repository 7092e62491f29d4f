/**
 * JSON as Pega exports it, one value to a line: lines already, an array, or an object whose `pxResults` is one. Numbers stay as they
 * are written. It looks for where values end, and leaves the rest to who parses them.
 */
import { EntrepotError } from "../../../error/index.ts";
import { splitValues } from "../../../table/index.ts";
import { peek } from "./peek.ts";
import { scanFirst } from "./scan-first.ts";

/** Error: malformed for an array that does not end. */
export async function* jsonLines(source: AsyncIterable<Uint8Array>, uri: string): AsyncGenerator<Uint8Array> {
  const { head, chunks } = await peek(withoutMark(source), 1);
  const first = Buffer.from(head).toString("latin1").trimStart();
  // only what begins with blanks is not told by its first piece
  if (first.startsWith("[") || first === "") return yield* splitValues(chunks, uri);
  const { before, rest, results, isBroken } = await scanFirst(chunks);
  if (results) return yield* splitValues(arrayOf(before, rest, uri), uri);
  const all = joined(before, rest);
  // a value over several lines would be several broken ones
  yield* isBroken ? splitValues(all, uri) : all;
}

async function* joined(before: readonly Uint8Array[], rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* before;
  yield* rest;
}

/** The bytes of the array that begins here, up to its end; what follows is looked at until the text ends, too. */
async function* arrayOf(
  before: readonly Uint8Array[],
  rest: AsyncIterable<Uint8Array>,
  uri: string,
): AsyncGenerator<Uint8Array> {
  // the object that has it, and what is open in it
  let depth = 1;
  let inString = false;
  let escaped = false;
  let isOver = false;
  for await (const chunk of joined(before, rest)) {
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (depth === 0) {
        if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) throw goesOn(uri);
      } else if (inString) {
        if (escaped) escaped = false;
        else if (byte === 0x5c) escaped = true;
        else if (byte === 0x22) inString = false;
      } else if (byte === 0x22) inString = true;
      else if (byte === 0x5b || byte === 0x7b) depth += 1;
      else if (byte === 0x5d || byte === 0x7d) {
        depth -= 1;
        if (depth === 1 && !isOver) {
          isOver = true;
          yield chunk.subarray(0, at + 1);
        }
      }
    }
    if (!isOver) yield chunk;
  }
  if (depth === 0) return;
  throw new EntrepotError(
    "malformed",
    `${uri} ends in the middle of ${isOver ? "what follows its" : "its"} pxResults`,
    {
      uri,
      hint: "was it written to its end?",
    },
  );
}

function goesOn(uri: string): EntrepotError {
  return new EntrepotError("malformed", `${uri} goes on behind the object that has its pxResults`, {
    uri,
    hint: "an export with pxResults is one object; if these are lines with a column of that name, readTable reads them",
  });
}

/** Three bytes that some programs put before UTF-8. */
async function* withoutMark(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { head, chunks } = await peek(source, 3);
  let skip = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  for await (const chunk of chunks) {
    const left = chunk.subarray(Math.min(skip, chunk.length));
    skip -= chunk.length - left.length;
    if (left.length > 0) yield left;
  }
}
