/**
 * The inner loop of a CRC as WebAssembly. Folds a long piece to a short one that has the same CRC, by XOR of whole vectors and no
 * table, then takes the short one through tables. One text for 32 and 64 bits: a 32-bit register leaves its upper half empty.
 */
import { assemble } from "./assemble.ts";

/** Where things lie in the memory, in bytes. The 4 KiB before `window` stay zero: that is what precedes a piece. */
export const layout: Readonly<Record<"slices" | "register" | "tail" | "window" | "pages", number>> = {
  /** Eight tables of 256 values of 64 bits: the first takes the register one byte further, the eighth eight bytes. */
  slices: 0,
  /** 64 bits: the register before a run, and after it. */
  register: 16_384,
  /** What the fold leaves over. */
  tail: 16_640,
  /** The piece; a run overwrites it. */
  window: 28_672,
  /** Of 64 KiB. */
  pages: 2,
};

/** Bytes of a piece at most: as many as a socket yields at once. */
export const windowBytes = 65_536;

/** Bytes of a piece at least: the fold takes one vector or more. */
export function leastBytes(distances: readonly number[]): number {
  return Math.max(...distances) + 16;
}

/**
 * The module of a polynomial modulo which the powers x^(-8d) of all `distances` add up to 1: a byte then does to the CRC what
 * its copies that many bytes further on do together. Distances: from 16, a vector's width, to 4,096. It exports `run(length)`.
 */
export function foldModule(distances: readonly number[]): Uint8Array<ArrayBuffer> {
  return assemble({
    parameters: { $length: "i32" },
    locals: { $at: "i32", $end: "i32", $rest: "i32", $crc: "i64" },
    body: enterRegister + foldVectors(distances) + foldLastOnes(distances) + takeTail,
  });
}

const { slices, register, tail, window } = layout;

/** The register joins the first eight bytes. */
const enterRegister = `
  i32.const ${window}
    i32.const ${window}   i64.load offset=0
    i32.const ${register} i64.load offset=0
    i64.xor
  i64.store offset=0
`;

/** From front to back, each vector but the last ones takes in the copies that fall on it. */
const foldVectors = (distances: readonly number[]) => `
  local.get $length  i32.const ${Math.max(...distances)} i32.sub  i32.const -16 i32.and  local.set $end
  loop
    local.get $at
      local.get $at v128.load offset=${window}
      ${addCopies("$at", distances)}
    v128.store offset=${window}
    local.get $at i32.const 16 i32.add local.tee $at
    local.get $end i32.lt_u  br_if 0
  end
`;

/** The last ones do so elsewhere and leave zeros behind, since no copies of theirs may fall on one another. */
const foldLastOnes = (distances: readonly number[]) => `
  local.get $length local.get $end i32.sub local.set $rest
  i32.const ${tail}  local.get $end i32.const ${window} i32.add  local.get $rest  memory.copy
  local.get $end i32.const ${window} i32.add  i32.const 0  local.get $rest  memory.fill
  i32.const 0 local.set $at
  loop
    local.get $at
      local.get $at v128.load offset=${tail}
      ${addCopies("$end", distances)}
    v128.store offset=${tail}
    local.get $end i32.const 16 i32.add local.set $end
    local.get $at i32.const 16 i32.add local.tee $at
    local.get $rest i32.lt_u  br_if 0
  end
`;

/** Eight bytes at a time, then one at a time. */
const takeTail = `
  local.get $rest i32.const -8 i32.and local.set $end
  i32.const 0 local.set $at
  loop
    local.get $at i64.load offset=${tail}  local.get $crc i64.xor  local.set $crc
    ${lookUp(0, 8)}
    local.set $crc
    local.get $at i32.const 8 i32.add local.tee $at
    local.get $end i32.lt_u  br_if 0
  end
  block
    loop
      local.get $at local.get $rest i32.ge_u  br_if 1
      local.get $at i64.load8_u offset=${tail}  local.get $crc  i64.xor  i64.const 3 i64.shl
      i32.wrap_i64 i32.const 2040 i32.and  i64.load offset=${slices}
      local.get $crc i64.const 8 i64.shr_u  i64.xor  local.set $crc
      local.get $at i32.const 1 i32.add local.set $at
      br 0
    end
  end
  i32.const ${register} local.get $crc i64.store offset=0
`;

function addCopies(position: string, distances: readonly number[]): string {
  return distances.map((d) => `local.get ${position} v128.load offset=${window - d} v128.xor`).join("\n");
}

/** The XOR of the table entries for bytes `from` to `to` of the register, added up as a tree: a chain would wait longer. */
function lookUp(from: number, to: number): string {
  if (to - from > 1) {
    const middle = (from + to) / 2;
    return `${lookUp(from, middle)} ${lookUp(middle, to)} i64.xor`;
  }
  // The byte times eight, since an entry has eight bytes.
  const shift = from === 0 ? "i64.const 3 i64.shl" : `i64.const ${from * 8 - 3} i64.shr_u`;
  const table = slices + (7 - from) * 2048;
  return `local.get $crc ${shift} i32.wrap_i64 i32.const 2040 i32.and i64.load offset=${table}`;
}
