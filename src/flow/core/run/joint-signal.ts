/** A signal that many nodes and items listen to at the same time. */
import { setMaxListeners } from "node:events";

/** Aborts with the first of them; with more than ten listeners, which elsewhere would be the sign of a leak, Node says nothing. */
export function jointSignal(...signals: readonly (AbortSignal | undefined)[]): AbortSignal {
  const signal = AbortSignal.any(signals.filter((each) => each !== undefined));
  setMaxListeners(0, signal);
  return signal;
}
