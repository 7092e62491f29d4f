/** The numbers of the format that both ways share. */

export const blockMagic: readonly [number, number] = [0x314159, 0x265359];
export const endMagic: readonly [number, number] = [0x177245, 0x385090];
/** Symbols that share one table. */
export const groupSize = 50;
/** Bytes of one block at level 1, before its first run-length coding is undone. */
export const levelBytes = 100_000;
