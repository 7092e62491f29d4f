/** Data → the bytes of a Python pickle that `pickle.load` makes the same of. */
import { Out } from "./out.ts";
import { toPython } from "./to-python.ts";
import { Writer } from "./writer.ts";

export type PickleProtocol = 2 | 3 | 4 | 5;

export interface PickleWriteOptions {
  /** Default 4, which Python has loaded since 3.4; 3 for Python 3.0, 2 for all before. RangeError. */
  readonly protocol?: PickleProtocol | undefined;
}

/**
 * Plain values, numpy arrays for typed arrays, and what `pickleOf` gives. TypeError for what Python has no equal of: functions,
 * symbols, promises, `undefined` (but as a property, which is then not there) and objects of other classes.
 */
export function pickleBytes(value: unknown, { protocol = 4 }: PickleWriteOptions = {}): Uint8Array<ArrayBuffer> {
  if (![2, 3, 4, 5].includes(protocol)) throw new RangeError(`protocol is 2 to 5, not ${protocol}`);
  const out = new Out(protocol);
  new Writer(out, toPython).write(value);
  return out.bytes();
}
