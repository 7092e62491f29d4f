/** Asks again while the database is away or changes hands: for what does nothing the second time. */
import type { Clock } from "../clock.ts";
import { isConnectionFailure } from "../database/failure.ts";

/** A database that is away is asked again for so long, milliseconds. */
export const patienceMs = 60_000;
const pauseMs = 100;

/**
 * What `ask` gives; it is told which try this is, from 1. Rejects with what the database says of the statement, and with `unreachable`
 * when the connection still breaks after a minute.
 */
export async function untilAnswered<T>(clock: Clock, ask: (tries: number) => Promise<T>): Promise<T> {
  const untilMs = clock.now() + patienceMs;
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask(tries);
    } catch (error) {
      if (!isConnectionFailure(error) || clock.now() > untilMs) throw error;
      await clock.sleep(pauseMs);
    }
  }
}
