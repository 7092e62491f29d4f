/** The numbers of xz's headers: seven bits per byte, the lowest first, up to nine bytes. */
import { CodecFault } from "../codec-fault.ts";

/** Faults: malformed, and limit-exceeded for what JavaScript cannot count. */
export async function readNumber(next: () => Promise<number>): Promise<number> {
  let value = 0;
  for (let place = 0; place < 9; place += 1) {
    const byte = await next();
    value += (byte & 0x7f) * 2 ** (7 * place);
    if (byte < 0x80) {
      if (byte === 0 && place > 0) throw new CodecFault("malformed", "a number that is written too long");
      if (!Number.isSafeInteger(value)) throw new CodecFault("malformed", "a size of petabytes");
      return value;
    }
  }
  throw new CodecFault("malformed", "a number of more than nine bytes");
}

export function numberBytes(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  bytes.push(rest);
  return bytes;
}
