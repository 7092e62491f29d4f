/** How many streams of events are listened to, in all and by one: each asks the database twice a second for as long as it is open. */
import { Refusal } from "../api/problem.ts";

export interface Streams {
  /** Takes a place, until what it gives is called. Refusals 429 where one has its share, 503 where there is no place at all. */
  open(holder: string): () => void;
}

/** Of one token with all its sessions, and of everybody together. */
export const mostOfHolder = 30;
export const mostStreams = 300;

export function openStreams(): Streams {
  const counts = new Map<string, number>();
  let all = 0;
  return {
    open(holder) {
      const own = counts.get(holder) ?? 0;
      if (own >= mostOfHolder)
        throw new Refusal(
          429,
          "throttled",
          `this token listens to ${own} streams of events already, which is the most`,
          "close one of them first; follow=false tells what there is and ends",
        );
      if (all >= mostStreams)
        throw new Refusal(
          503,
          "busy",
          `${all} streams of events are listened to, which is the most`,
          "try again later",
        );
      counts.set(holder, own + 1);
      all += 1;
      let isOpen = true;
      return () => {
        if (!isOpen) return;
        isOpen = false;
        all -= 1;
        const left = (counts.get(holder) ?? 1) - 1;
        if (left === 0) counts.delete(holder);
        else counts.set(holder, left);
      };
    },
  };
}
