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

/**
 * One for all copies of the package that a program holds: the shell's and that of somebody's modules are two where entrepot is installed
 * twice, and what one of them did not see would be a result that is never outdated. The name changes with the shape of `Framed`.
 */
interface Watch {
  readonly frames: AsyncLocalStorage<Framed>;
  watching: number;
  /** Of what is in no other: for a program that is, as a whole, one piece of work. */
  base: Framed | undefined;
}

const watchName: unique symbol = Symbol.for("entrepot.reads.watch.2") as never;
const shared = globalThis as { [watchName]?: Watch };
shared[watchName] ??= { frames: new AsyncLocalStorage<Framed>(), watching: 0, base: undefined };
const watch: Watch = shared[watchName];
const { frames } = watch;

/** `undefined`, at the cost of one comparison, while nobody in the process watches. */
export function currentFrame(): Frame | undefined {
  return watch.watching === 0 ? undefined : current()?.frame;
}

function current(): Framed | undefined {
  return lasting(frames.getStore()) ?? watch.base;
}

function lasting(framed: Framed | undefined): Framed | undefined {
  let found = framed;
  while (found?.isOver === true) found = found.outer;
  return found;
}

/** From here on all that the process does, and that is in no frame of its own, is in this one, until the function that it gives is called. */
export function holdFrame(frame: Frame): () => void {
  const framed: Framed = { frame, outer: watch.base, isOver: false };
  watch.base = framed;
  watch.watching += 1;
  return () => {
    if (framed.isOver) return;
    framed.isOver = true;
    watch.watching -= 1;
    watch.base = lasting(watch.base);
    if (watch.watching === 0) frames.disable();
  };
}

/** All that `work` does, across awaits, is in this frame; what it leaves running is not any more once it has ended. */
export async function inFrame<T>(frame: Frame, work: () => T): Promise<Awaited<T>> {
  const framed: Framed = { frame, outer: watch.watching === 0 ? undefined : current(), isOver: false };
  watch.watching += 1;
  try {
    return await frames.run(framed, work);
  } finally {
    framed.isOver = true;
    watch.watching -= 1;
    // following every promise of the process has a price, which nobody pays who does not watch
    if (watch.watching === 0) frames.disable();
  }
}

/** What the depot asks for reasons of its own is no input of the work. */
export function unwatched<T>(ask: () => T): T {
  if (currentFrame() === undefined) return ask();
  return frames.run({ frame: undefined, outer: undefined, isOver: false }, ask);
}
