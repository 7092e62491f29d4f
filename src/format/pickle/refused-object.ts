/** An object of a class that `pickleOf` would refuse, for those who look into pickles. */
import type { PickledInstance } from "./class-instance.ts";

export class RefusedObject {
  readonly instance: PickledInstance;

  constructor(instance: PickledInstance) {
    this.instance = instance;
  }
}
