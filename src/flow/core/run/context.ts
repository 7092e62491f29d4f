/** What is known around the run of a function. */
import type { LayerContext } from "../layer.ts";
import type { World } from "./world.ts";

export type Deps = Readonly<Record<string, unknown>>;

/** What a function is given as its last argument, and what its layers know. */
export function contextOf(name: string, { signal, clock, tell }: World): LayerContext {
  return { node: name, signal, clock, tell: tell ?? (() => {}) };
}

/**
 * An object to put values in. Hidden classes would be made for each list of names, thousands in a large flow, where a dictionary has
 * none; it has the prototype of all objects.
 */
export function emptyDeps(): Record<string, unknown> {
  return Object.setPrototypeOf(Object.create(null), Object.prototype);
}
