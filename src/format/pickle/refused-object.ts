/** An object of a class that `pickleOf` would refuse, for those who look into pickles. */
import type { PickledInstance } from "./class-instance.ts";

export class RefusedObject {
  readonly instance: PickledInstance;

  constructor(instance: PickledInstance) {
    this.instance = instance;
  }
}

/** Of something of which no more is known. */
export function refusedObject(name: string): RefusedObject {
  return new RefusedObject({ name, args: [], namedArgs: {}, state: undefined, items: [], entries: new Map() });
}
