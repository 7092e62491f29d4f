/** What is known around the run of a function. */
import type { LayerContext } from "../layer.ts";
import type { World } from "./world.ts";

export type Deps = Readonly<Record<string, unknown>>;

/** What a function is given as its last argument, and what its layers know. */
export function contextOf(name: string, { signal, clock, tell }: World): LayerContext {
  return { node: name, signal, clock, tell: tell ?? (() => {}) };
}
