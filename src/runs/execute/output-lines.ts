/** The lines of one output of a program, until it closes, or until its program has ended and nothing more is waited for. */
import type { Readable } from "node:stream";
import type { Clock } from "../../queue/index.ts";
import { longestLine } from "../store/index.ts";
import { LineSplitter } from "./line-splitter.ts";

/**
 * What a program has started and left behind in a session of its own may hold its outputs open for ever, and talk: they are done with when
 * they were quiet for so long, or have gone on for so long, or have said so much, after the program itself has ended. Milliseconds; bytes,
 * more than pipes hold.
 */
const quietMs = 1_000;
const longestMs = 2_000;
const mostLastBytes = 1_048_576;

export interface OutputLines {
  /** When nothing more is read and every line was given. */
  readonly ended: Promise<void>;
  /** The program has ended: what comes is given without waiting until it is taken. Resolves when nothing more is waited for. */
  lastWords(clock: Pick<Clock, "sleep">): Promise<void>;
}

/** Gives `take` one line after the other; until the program has ended, nothing is read while it takes its time. */
export function readLines(stream: Readable, take: (line: string) => Promise<void>): OutputLines {
  let bytes = 0;
  let lastFrom: number | undefined;
  let goOn: () => void = () => undefined;
  /** Not a race with one promise for all, which would remember every piece. */
  const taken = (lines: readonly string[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      goOn = () => resolve(undefined);
      Promise.all(lines.map(take)).then(resolve, reject);
      if (lastFrom !== undefined) goOn();
    });
  const read = async (): Promise<void> => {
    const splitter = new LineSplitter(longestLine);
    try {
      for await (const piece of stream) {
        bytes += (piece as Uint8Array).byteLength;
        await taken(splitter.push(piece as Uint8Array));
        if (lastFrom !== undefined && bytes - lastFrom >= mostLastBytes) break;
      }
    } catch {
      // destroyed, because nobody waits for it any longer
    }
    await taken(splitter.end());
  };
  const ended = read();
  return {
    ended,
    async lastWords(clock) {
      lastFrom = bytes;
      goOn();
      const closed = new AbortController();
      void ended.then(() => closed.abort());
      for (let ms = 0, before = -1; ms < longestMs && bytes > before; ms += quietMs) {
        before = bytes;
        await clock.sleep(quietMs, closed.signal).catch(() => undefined);
        if (closed.signal.aborted) return;
      }
    },
  };
}
