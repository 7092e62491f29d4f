/** What our own decoders say of bad data; `decode` makes it an error with the name of the object. */

export type FaultKind = "truncated" | "integrity" | "malformed" | "unsupported" | "limit-exceeded";

export class CodecFault extends Error {
  readonly kind: FaultKind;

  constructor(kind: FaultKind, message: string) {
    super(message);
    this.kind = kind;
  }
}
