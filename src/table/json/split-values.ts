/**
 * JSON values one to a line: those of an array, or those that stand one behind the other. It looks for their ends and leaves the
 * rest to who parses them; line ends inside a value become spaces, which they are.
 */
import { EntrepotError } from "../../error/index.ts";

const [quote, backslash, comma, open, close, brace, unbrace] = [0x22, 0x5c, 0x2c, 0x5b, 0x5d, 0x7b, 0x7d];
const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/** Error: malformed for an array that does not end, and for what stands around it. */
export async function* splitValues(chunks: AsyncIterable<Uint8Array>, uri: string): AsyncGenerator<Uint8Array> {
  let depth = 0;
  let inArray: boolean | undefined;
  let inString = false;
  let escaped = false;
  let ended = false;
  let any = false;
  /** Whether a value stands since the last comma. */
  let isFilled = false;
  let commas = 0;
  for await (const chunk of chunks) {
    // every value may get a line end of its own
    const out = new Uint8Array(chunk.byteLength * 2);
    let at = 0;
    for (const byte of chunk) {
      if (inString) {
        out[at++] = byte;
        if (escaped) escaped = false;
        else if (byte === backslash) escaped = true;
        else if (byte === quote) inString = false;
        continue;
      }
      if (isSpace(byte)) {
        if (depth > (inArray === true ? 1 : 0)) out[at++] = 0x20;
        else if (inArray === false && any) out[at++] = 0x0a;
        continue;
      }
      if (ended) throw around(uri);
      if (inArray === undefined) {
        inArray = byte === open;
        if (inArray) {
          depth = 1;
          continue;
        }
      }
      any = true;
      if (byte === quote) inString = true;
      else if (byte === open || byte === brace) depth += 1;
      else if (byte === close || byte === unbrace) {
        depth -= 1;
        if (inArray && depth === 0) {
          if (commas > 0 && !isFilled) throw nothingBetween(uri);
          ended = true;
          continue;
        }
      }
      if (byte === comma && depth === 1 && inArray) {
        if (!isFilled) throw nothingBetween(uri);
        isFilled = false;
        commas += 1;
        out[at++] = 0x0a;
      } else {
        isFilled = true;
        out[at++] = byte;
      }
    }
    if (at > 0) yield out.subarray(0, at);
  }
  if (inArray === true && !ended)
    throw new EntrepotError("malformed", `${uri} ends in the middle of its array`, {
      uri,
      hint: "was it written to its end?",
    });
}

function nothingBetween(uri: string): EntrepotError {
  return new EntrepotError("malformed", `${uri} has a comma in its array without a value on both sides`, {
    uri,
    hint: "JSON has none behind the last value",
  });
}

function around(uri: string): EntrepotError {
  return new EntrepotError("malformed", `${uri} goes on behind the end of its array`, {
    uri,
    hint: 'is it JSON lines? { format: "jsonl" }',
  });
}
