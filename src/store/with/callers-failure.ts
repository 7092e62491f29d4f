/** What the caller's own sink or source threw: it ends a call as it is, and is never repeated, whatever kind of error it is. */
import type { WriteBody } from "./decorator.ts";

export class CallersFailure extends Error {
  readonly reason: unknown;

  constructor(reason: unknown) {
    super("the caller's own sink or source failed");
    this.reason = reason;
  }
}

type Source = Exclude<WriteBody, Uint8Array>;

interface WatchedSource {
  readonly source: Source;
  /** What the write gives; when the source failed, a `CallersFailure`, whatever the store made of it. */
  orFailure<T>(writing: Promise<T>): Promise<T>;
}

export function watchSource(body: Source): WatchedSource {
  let failed: CallersFailure | undefined;
  async function* open(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      yield* body.open();
    } catch (reason) {
      failed = new CallersFailure(reason);
      throw reason;
    }
  }
  return {
    source: { sizeBytes: body.sizeBytes, open },
    async orFailure(writing) {
      try {
        return await writing;
      } catch (error) {
        throw failed ?? error;
      }
    },
  };
}
