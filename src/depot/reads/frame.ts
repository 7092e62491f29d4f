/**
 * What is watched at this point of the program. It holds for all depots of the process, not for one, because programs hold theirs in
 * variables of modules: who calls a function cannot give it another depot. It is the one thing in this room that is no argument.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { ReadGuard } from "./read-guard.ts";
import type { Recorder } from "./recorder.ts";

export interface Frame {
  readonly recorder: Recorder | undefined;
  readonly guard: ReadGuard | undefined;
}

/** A frame, and the one that holds again for what is left running when its work has ended. */
interface Framed {
  readonly frame: Frame | undefined;
  readonly outer: Framed | undefined;
  isOver: boolean;
}

const frames = new AsyncLocalStorage<Framed>();
let watching = 0;

/** `undefined`, at the cost of one comparison, while nobody in the process watches. */
export function currentFrame(): Frame | undefined {
  return watching === 0 ? undefined : current()?.frame;
}

function current(): Framed | undefined {
  let framed = frames.getStore();
  while (framed?.isOver === true) framed = framed.outer;
  return framed;
}

/** All that `work` does, across awaits, is in this frame; what it leaves running is not any more once it has ended. */
export async function inFrame<T>(frame: Frame, work: () => T): Promise<Awaited<T>> {
  const framed: Framed = { frame, outer: watching === 0 ? undefined : current(), isOver: false };
  watching += 1;
  try {
    return await frames.run(framed, work);
  } finally {
    framed.isOver = true;
    watching -= 1;
    // following every promise of the process has a price, which nobody pays who does not watch
    if (watching === 0) frames.disable();
  }
}

/** What the depot asks for reasons of its own is no input of the work. */
export function unwatched<T>(ask: () => T): T {
  if (currentFrame() === undefined) return ask();
  return frames.run({ frame: undefined, outer: undefined, isOver: false }, ask);
}
