/** What the steps of an execution read, so that a result is kept with all that it was made from. */

export class SeenReads {
  private readonly own = new Map<number, readonly object[]>();
  private readonly needsOf: (place: number) => readonly number[];
  private readonly isApart: (place: number) => boolean;

  /** `isApart`: what is known of such a place is its version, whatever it read. */
  constructor(needsOf: (place: number) => readonly number[], isApart: (place: number) => boolean) {
    this.needsOf = needsOf;
    this.isApart = isApart;
  }

  note(place: number, reads: readonly object[]): void {
    this.own.set(place, reads);
  }

  /** What a step read, and what was read by those that it needs whose versions follow from their code and inputs alone. */
  behind(place: number): readonly object[] {
    const found = new Set<object>();
    const open = [place];
    const seen = new Set(open);
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      for (const read of this.own.get(at) ?? []) found.add(read);
      for (const need of this.needsOf(at)) {
        if (seen.has(need) || this.isApart(need)) continue;
        seen.add(need);
        open.push(need);
      }
    }
    return [...found];
  }
}
