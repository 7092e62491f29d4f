/** Which of the tries that failed are worth a word to who waits at a terminal: those that cost time, before or after. */
import type { DepotEvent } from "../depot/index.ts";

/** Shorter waits are not noticed, milliseconds. */
const noticedMs = 500;

/** Sees every event; true for the retries to be said. A host that takes no connection is silent for seconds before each. */
export function watchSlowTries(): (event: DepotEvent) => boolean {
  const unanswered = new Map<string | undefined, number>();
  return (event) => {
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
