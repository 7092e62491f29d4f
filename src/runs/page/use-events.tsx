/** Events of a run as they come, once each; listened to again where the stream was cut off, less and less often while that fails. */
import { useEffect, useRef, useState } from "preact/hooks";
import { eventTypes, type RunEvent } from "../store/records.ts";
import { address } from "./ask.tsx";

/** Until it is listened to again: at first, and at most. */
const shortestMs = 500;
const longestMs = 15_000;

export interface EventsOptions {
  readonly id: string;
  /** Whether more may happen; one that has ended is listened to until all was told. */
  readonly isOpen: boolean;
  /** The last event that the run is known to have; `undefined` before anything is known. */
  readonly last: number | undefined;
  /** Of those that happened before, how many are asked for at first. */
  readonly mostAtFirst: number;
  readonly onEvent: (event: RunEvent) => void;
  /** When the stream has ended or was cut off; what there is now says which of them it was. */
  readonly onCut: () => Promise<void>;
}

export function useEvents({ id, isOpen, last, mostAtFirst, onEvent, onCut }: EventsOptions): void {
  /** The last event that was seen. */
  const at = useRef<number | undefined>(undefined);
  const told = useRef({ onEvent, onCut });
  told.current = { onEvent, onCut };
  const pauseMs = useRef(shortestMs);
  /** How often it was listened for. */
  const [round, setRound] = useState(0);
  const isLive = last !== undefined && (isOpen || at.current !== last);
  useEffect(() => {
    if (!isLive) return;
    const first = Math.max(0, (last ?? 0) - mostAtFirst);
    const source = new EventSource(address(["runs", id, "events"], { after: at.current ?? first }));
    let again: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    for (const type of eventTypes)
      source.addEventListener(type, ({ data }) => {
        const event = JSON.parse(data) as RunEvent;
        at.current = event.at;
        pauseMs.current = shortestMs;
        told.current.onEvent(event);
      });
    source.addEventListener("error", () => {
      source.close();
      again ??= setTimeout(async () => {
        await told.current.onCut();
        if (!isOver) setRound((count) => count + 1);
      }, pauseMs.current);
      pauseMs.current = Math.min(longestMs, pauseMs.current * 2);
    });
    return () => {
      isOver = true;
      source.close();
      clearTimeout(again);
    };
  }, [id, isLive, round]);
}
