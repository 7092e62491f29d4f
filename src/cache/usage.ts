/** Sums over entries. */

/** How many, and how large together. */
export interface Usage {
  readonly objects: number;
  readonly sizeBytes: number;
}

export const nothing: Usage = { objects: 0, sizeBytes: 0 };

export function plus(a: Usage, b: Usage): Usage {
  return { objects: a.objects + b.objects, sizeBytes: a.sizeBytes + b.sizeBytes };
}

export function minus(a: Usage, b: Usage): Usage {
  return { objects: a.objects - b.objects, sizeBytes: a.sizeBytes - b.sizeBytes };
}

/** Whether there is something of either. */
export function isSome({ objects, sizeBytes }: Usage): boolean {
  return objects > 0 || sizeBytes > 0;
}
