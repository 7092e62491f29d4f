/** What the records of a zip begin with, and the numbers that stand in them. */

export const signatures = {
  local: 0x04034b50,
  central: 0x02014b50,
  end: 0x06054b50,
  end64: 0x06064b50,
  locator64: 0x07064b50,
  descriptor: 0x08074b50,
} as const;

/** Where a number is written in a field of its own. */
export const elsewhere16 = 0xffff;
export const elsewhere32 = 0xffffffff;

export const flagBits = {
  encrypted: 0x1,
  /** Of LZMA: a mark says where the data ends. */
  marked: 0x2,
  descriptor: 0x8,
  patched: 0x20,
  strong: 0x40,
  utf8: 0x800,
  masked: 0x2000,
} as const;

/** Compressions that are read; of those, `stored` and `deflated` are written. */
export const methods = { stored: 0, deflated: 8, bzip2: 12, lzma: 14, zstd: 93, xz: 95 } as const;

/** What programs call those that are not read. */
export const otherMethods: Readonly<Record<number, string>> = {
  1: "Shrink",
  6: "Implode",
  9: "Deflate64",
  94: "MP3",
  96: "JPEG",
  97: "WavPack",
  98: "PPMd",
  99: "AES encryption",
};

export const extraIds = { zip64: 0x0001, timestamp: 0x5455, unicodePath: 0x7075 } as const;

export const localBytes = 30;
export const centralBytes = 46;
export const endBytes = 22;
export const end64Bytes = 56;
export const locatorBytes = 20;
