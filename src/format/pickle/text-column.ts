/** Columns of texts that stay the bytes they came as until somebody looks at one: most are handed on whole. */
import { isUtf8 } from "node:buffer";
import { malformed } from "./fault.ts";
import type { PickledStrings, PickledTexts } from "./frame.ts";
import { utf8Text } from "./utf8.ts";

/** Fault: malformed when the bytes are no texts. */
export function textColumn(name: unknown, dtype: string, utf8: PickledTexts): PickledStrings {
  assertTexts(utf8);
  let decoded: readonly (string | null)[] | undefined;
  return {
    kind: "string",
    name,
    dtype,
    utf8,
    get values() {
      decoded ??= textsOf(utf8);
      return decoded;
    },
  };
}

function assertTexts({ bytes, offsets, length }: PickledTexts): void {
  let start = offsets[0] ?? 0;
  if (offsets.length !== length + 1 || !(start >= 0)) throw malformed("a column of texts has others");
  for (let item = 1; item <= length; item++) {
    const end = offsets[item] as number;
    if (end < start) throw malformed("a text of a column ends before it begins");
    // nothing may be found wrong when it is decoded, which is later
    if (end < bytes.length && ((bytes[end] as number) & 0xc0) === 0x80)
      throw malformed("a text ends within a character");
    start = end;
  }
  if (start > bytes.length) throw malformed("a text of a column is out of range");
  if (!isUtf8(bytes)) throw malformed("a text is not UTF-8");
}

function textsOf({ bytes, offsets, length, valid }: PickledTexts): (string | null)[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const values = new Array<string | null>(length);
  for (let item = 0; item < length; item++)
    values[item] = valid?.[item] === 0 ? null : utf8Text(buffer, offsets[item] as number, offsets[item + 1] as number);
  return values;
}
