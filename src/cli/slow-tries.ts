/**
 * What of the server's slowness is worth a word to who waits at a terminal: tries that cost time, before or after, and that it
 * wants to be asked less, once until it bears as much as ever.
 */
import type { DepotEvent } from "../depot/index.ts";

/** Shorter waits are not noticed, milliseconds. */
const noticedMs = 500;

/** Sees every event; true for those to be said. A host that takes no connection is silent for seconds before each. */
export function watchSlowTries(): (event: DepotEvent) => boolean {
  const unanswered = new Map<string | undefined, number>();
  const slowed = new Set<string>();
  return (event) => {
    if (event.type === "recovered") slowed.delete(event.origin);
    if (event.type === "slowed") return slowed.size < slowed.add(event.origin).size;
    if (event.type === "request") {
      if (event.status === 0) unanswered.set(event.uri, event.ms);
      else unanswered.delete(event.uri);
      return false;
    }
    if (event.type !== "retry") return false;
    const waitedMs = unanswered.get(event.uri) ?? 0;
    unanswered.delete(event.uri);
    return waitedMs + event.delayMs > noticedMs;
  };
}
