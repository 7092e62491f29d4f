/** What LZMA's two sides share: where each probability lies, and how the state follows what was coded. */

export const states = 12;
export const probabilityInit = 1024;
export const shortestMatch = 2;
export const longestMatch = 273;

/** Offsets into one array of probabilities. */
const isMatch = 0;
const isRep = isMatch + states * 16;
const isRepG0 = isRep + states;
const isRepG1 = isRepG0 + states;
const isRepG2 = isRepG1 + states;
const isRep0Long = isRepG2 + states;
const slots = isRep0Long + states * 16;
/** Indexed from 1: the trees of the slots 4 to 13. */
const special = slots + 4 * 64;
const align = special + 128;
const lengthSize = 2 + 16 * 8 + 16 * 8 + 256;
const matchLength = align + 16;
const repLength = matchLength + lengthSize;
const literals = repLength + lengthSize;

type Coder =
  | "isMatch"
  | "isRep"
  | "isRepG0"
  | "isRepG1"
  | "isRepG2"
  | "isRep0Long"
  | "slots"
  | "special"
  | "align"
  | "matchLength"
  | "repLength"
  | "literals";

export const offsets: Readonly<Record<Coder, number>> = {
  isMatch,
  isRep,
  isRepG0,
  isRepG1,
  isRepG2,
  isRep0Long,
  slots,
  special,
  align,
  matchLength,
  repLength,
  literals,
};

/** Within a length coder. */
export const lengths: Readonly<Record<"choice" | "choice2" | "low" | "middle" | "high", number>> = {
  choice: 0,
  choice2: 1,
  low: 2,
  middle: 2 + 128,
  high: 2 + 256,
};

export function probabilityCount(literalBits: number): number {
  return literals + (0x300 << literalBits);
}

export interface LzmaProperties {
  /** How many high bits of the byte before choose the literal coder. */
  readonly lc: number;
  /** How many low bits of the position do. */
  readonly lp: number;
  /** How many low bits of the position choose other coders. */
  readonly pb: number;
}

export const afterLiteral: Uint8Array = Uint8Array.of(0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 4, 5);
export const afterMatch = (state: number): number => (state < 7 ? 7 : 10);
export const afterRep = (state: number): number => (state < 7 ? 8 : 11);
export const afterShortRep = (state: number): number => (state < 7 ? 9 : 11);
