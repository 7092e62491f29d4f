/** Ids: 13 letters and digits, by the time and by chance; of one process they count up even within a millisecond. */
import { randomBytes } from "node:crypto";

/** Crockford's: without i, l, o, u. In the order of their bytes. */
const digits = "0123456789abcdefghjkmnpqrstvwxyz";

export function idMaker(now: () => number): () => string {
  let lastMs = 0;
  let low = 0;
  return () => {
    const ms = now();
    if (ms > lastMs) {
      lastMs = ms;
      // room to count up without an overflow
      low = randomBytes(4).readUInt32BE() % 0x80000;
    } else {
      low += 1;
      if (low >= 0x100000) {
        lastMs += 1;
        low = 0;
      }
    }
    return inDigits(lastMs, 9) + inDigits(low, 4);
  };
}

/** 128 bits by chance, 26 letters and digits. */
export function newSecret(): string {
  return [...randomBytes(26)].map((byte) => digits[byte & 31]).join("");
}

/** Of an attempt: whoever runs before it cannot write there for it. */
export function newFolder(number: number): string {
  return `${number}-${randomBytes(4).toString("hex")}`;
}

function inDigits(value: number, length: number): string {
  let text = "";
  for (let left = value; text.length < length; left = Math.floor(left / 32)) text = digits[left % 32] + text;
  return text;
}
