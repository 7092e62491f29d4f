/** Remembers a million names in little memory: what it holds are hashes, of names as the disk compares them and as they are written. */

/** Who holds a name: nobody until now, the same name again, a file or folder of just this name, another name. */
export type Claim = "free" | "same" | "file-and-folder" | "twin";

/** Two halves of the compared name's hash, then the holder's, whose last bit says whether it is a folder; 0 where nothing is. */
const fields = 3;

export class NameTable {
  #slots = new Uint32Array(fields * 1024);
  #size = 0;

  /** Claims `compared` for `written`, unless it is held already. */
  claim(compared: string, written: string, isFolder: boolean): Claim {
    if (this.#size * 2 * fields >= this.#slots.length) this.#grow();
    const [high, low] = hashOf(compared);
    const holder = ((hashOf(written)[0] << 2) | 2 | (isFolder ? 1 : 0)) >>> 0;
    const at = slotOf(this.#slots, high, low);
    const before = this.#slots[at + 2] ?? 0;
    if (before === holder) return "same";
    if (before !== 0) return (before ^ holder) === 1 ? "file-and-folder" : "twin";
    this.#slots.set([high, low, holder], at);
    this.#size += 1;
    return "free";
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(old.length * 2);
    for (let at = 0; at < old.length; at += fields) {
      const slot = old.subarray(at, at + fields);
      if (slot[2] !== 0) this.#slots.set(slot, slotOf(this.#slots, slot[0] ?? 0, slot[1] ?? 0));
    }
  }
}

/** Where the name is, or would go. */
function slotOf(slots: Uint32Array, high: number, low: number): number {
  const count = slots.length / fields;
  for (let index = low % count; ; index = (index + 1) % count) {
    const at = index * fields;
    if (slots[at + 2] === 0 || (slots[at] === high && slots[at + 1] === low)) return at;
  }
}

/** 64 bits that spread well (cyrb53's rounds). Who makes two names collide gets a false refusal, nothing worse. */
function hashOf(text: string): readonly [high: number, low: number] {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    a = Math.imul(a ^ unit, 0x9e3779b1);
    b = Math.imul(b ^ unit, 0x5f356495);
  }
  const high = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35);
  const low = Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2ae35);
  return [high >>> 0, low >>> 0];
}
