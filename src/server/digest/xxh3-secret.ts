/** What XXH3 mixes with its input: its default secret, and the reading and mixing of sixteen bytes. */
import { low64, multiplyFold } from "./words.ts";

export const secret: Buffer = Buffer.from(
  [
    "b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671fcb79e64eccc0e578825ad07dccff7221",
    "b8084674f743248ee03590e6813a264c3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8",
    "a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364eac5ac8334d3ebc3c581a0fffa1363eb",
    "170ddd51b7f0da49d316552629d4689e2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e",
  ].join(""),
  "hex",
);

/** Eight bytes of the secret. */
export function secretWord(at: number): bigint {
  return secret.readBigUInt64LE(at);
}

/** Sixteen bytes of the input, each half with its part of the secret, multiplied. */
export function mix16(input: Buffer, at: number, secretAt: number): bigint {
  return multiplyFold(
    input.readBigUInt64LE(at) ^ secretWord(secretAt),
    input.readBigUInt64LE(at + 8) ^ secretWord(secretAt + 8),
  );
}

/** Two words of the input, added. */
export function sumOfWords(input: Buffer, at: number): bigint {
  return low64(input.readBigUInt64LE(at) + input.readBigUInt64LE(at + 8));
}

/** Up to three bytes and their number in one word of 32 bits. */
export function combineFew(input: Buffer): number {
  const { length } = input;
  const [first = 0, middle = 0, last = 0] = [input[0], input[length >> 1], input[length - 1]];
  return ((first << 16) | (middle << 24) | last | (length << 8)) >>> 0;
}
