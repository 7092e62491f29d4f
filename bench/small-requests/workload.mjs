/** What is read and written: known to those who send it and to those who look whether it arrived. */

/** Objects that the server holds for GET and HEAD: `4KiB-0` and on. */
export const keyCount = 64;

/** The 4 KiB that every PUT carries. */
export const bodyOf = () => Uint8Array.from({ length: 4096 }, (_, n) => (n * 31 + (n >> 8) * 7) & 255);
