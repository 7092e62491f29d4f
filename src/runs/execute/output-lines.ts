/** The lines of one output of a program, until it closes, or until its program has ended and nothing more comes. */
import type { Readable } from "node:stream";
import type { Clock } from "../../queue/index.ts";
import { longestLine } from "../store/index.ts";
import { LineSplitter } from "./line-splitter.ts";

/**
 * What a program has started and left behind in a session of its own may hold its outputs open for ever: they are done with when they were
 * quiet for so long, or have said so much, after the program itself has ended. Milliseconds; bytes, more than pipes hold.
 */
const quietMs = 1_000;
const mostLastBytes = 1_000_000;

export interface OutputLines {
  /** When the output is closed and every line was taken. */
  readonly ended: Promise<void>;
  /** The program has ended: resolves when everything that it said was taken. */
  lastWords(clock: Clock): Promise<void>;
}

/** Gives `take` one line after the other; nothing is read while it takes its time. */
export function readLines(stream: Readable, take: (line: string) => Promise<void>): OutputLines {
  let bytes = 0;
  let isTaking = false;
  const read = async (): Promise<void> => {
    const splitter = new LineSplitter(longestLine);
    try {
      for await (const piece of stream) {
        isTaking = true;
        bytes += (piece as Uint8Array).byteLength;
        for (const line of splitter.push(piece as Uint8Array)) await take(line);
        isTaking = false;
      }
    } catch {
      // destroyed, because nobody waits for it any longer
    }
    for (const line of splitter.end()) await take(line);
  };
  const ended = read();
  return {
    ended,
    async lastWords(clock) {
      const atEnd = bytes;
      const closed = new AbortController();
      void ended.then(() => closed.abort());
      for (let before = -1; isTaking || (bytes > before && bytes - atEnd < mostLastBytes); ) {
        before = bytes;
        await clock.sleep(quietMs, closed.signal).catch(() => undefined);
        if (closed.signal.aborted) return;
      }
    },
  };
}
