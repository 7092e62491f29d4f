/** Where in the index each name stands, for those who ask for one member after the other: 16 bytes for each entry, whatever its name. */

/** Hashes and ordinals lie in one number each, so that they can be sorted together. */
const ordinals = 2 ** 31;

/** How a name is asked for, whatever the archive writes around it. */
export const memberName = (name: string): string => name.replace(/^(?:\.\/)+/, "").replace(/\/$/, "");

export class MemberPlaces {
  /** Hash and ordinal of each entry, sorted. */
  readonly #hashes: Float64Array;
  /** Where the line of each entry begins, by ordinal. */
  readonly #lines: Float64Array;

  constructor(hashes: Float64Array, lines: Float64Array) {
    this.#hashes = hashes;
    this.#lines = lines;
  }

  /** Where the lines begin that may be of this name: the few whose hash is the same, in the order of the index. */
  of(name: string): readonly number[] {
    const hash = hashOf(memberName(name));
    const hashes = this.#hashes;
    let [low, high] = [0, hashes.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((hashes[middle] ?? 0) < hash * ordinals) low = middle + 1;
      else high = middle;
    }
    const found: number[] = [];
    for (let at = low; Math.floor((hashes[at] ?? -1) / ordinals) === hash; at += 1)
      found.push(this.#lines[(hashes[at] ?? 0) % ordinals] ?? 0);
    return found;
  }
}

/** Takes names as the index has them. */
export class PlacesBuilder {
  #hashes = new Float64Array(64);
  #lines = new Float64Array(64);
  #count = 0;

  add(name: string, lineAt: number): void {
    if (this.#count === this.#lines.length) {
      this.#hashes = roomier(this.#hashes);
      this.#lines = roomier(this.#lines);
    }
    this.#hashes[this.#count] = hashOf(memberName(name)) * ordinals + this.#count;
    this.#lines[this.#count] = lineAt;
    this.#count += 1;
  }

  built(): MemberPlaces {
    return new MemberPlaces(this.#hashes.slice(0, this.#count).sort(), this.#lines.slice(0, this.#count));
  }
}

function roomier(values: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const twice = new Float64Array(values.length * 2);
  twice.set(values);
  return twice;
}

/** FNV-1a of 22 bits. */
function hashOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < name.length; at += 1) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  return ((hash >>> 10) ^ hash) & 0x3fffff;
}
