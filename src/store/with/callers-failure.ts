/** What the caller's own sink or source threw: it ends a call as it is, and is never repeated, whatever kind of error it is. */
import { passingSource, type Source } from "./passing-source.ts";

export class CallersFailure extends Error {
  readonly reason: unknown;

  constructor(reason: unknown) {
    super("the caller's own sink or source failed");
    this.reason = reason;
  }
}

interface WatchedSource {
  readonly source: Source;
  /** What the write gives; when the source failed, a `CallersFailure`, whatever the store made of it. */
  orFailure<T>(writing: Promise<T>): Promise<T>;
}

export function watchSource(body: Source): WatchedSource {
  let failed: CallersFailure | undefined;
  async function* watched(open: () => AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      yield* open();
    } catch (reason) {
      failed = new CallersFailure(reason);
      throw reason;
    }
  }
  return {
    source: passingSource(body, watched),
    async orFailure(writing) {
      try {
        return await writing;
      } catch (error) {
        throw failed ?? error;
      }
    },
  };
}
