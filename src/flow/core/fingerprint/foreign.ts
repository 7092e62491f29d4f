/** Values of packages that this room does not know, such as the frames of polars: whoever knows them says so with each call. */
export interface ForeignValue {
  /** What they are, such as `"polars"`; part of the fingerprint. */
  readonly kind: string;
  /** All that they are, in bytes. */
  bytes(): Uint8Array;
}

export type RecogniseForeign = (value: object) => ForeignValue | undefined;

/** The inverse, for bytes that were kept. */
export type RestoreForeign = (kind: string, bytes: Uint8Array) => unknown;
