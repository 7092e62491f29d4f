/** One run as it is now: its events are listened to, and what they changed is looked at again. */
import { useCallback, useContext, useEffect, useRef, useState } from "preact/hooks";
import type { FileRecord, OutputRecord, RunEvent, RunRecord, TaskRecord } from "../store/records.ts";
import { address, ask, Refused } from "./ask.tsx";
import { Say } from "./notice.tsx";
import { useFresh } from "./use-fresh.tsx";

export type LogEvent = Extract<RunEvent, { type: "log" }>;

export interface RunNow {
  readonly run: RunRecord;
  readonly tasks: readonly TaskRecord[];
  readonly files: readonly FileRecord[];
  readonly outputs: readonly OutputRecord[];
}

/** Events that are asked for at first, and lines that are kept. */
const mostLines = 2_000;
/** Between two looks, however much happens. */
const pauseMs = 250;
/** Until it is listened for again. */
const againMs = 500;
const eventTypes: readonly RunEvent["type"][] = [
  "submitted",
  "started",
  "progress",
  "finished",
  "failed",
  "cancelled",
  "ended",
];

export function useRun(id: string): {
  readonly now: RunNow | undefined;
  readonly isGone: boolean;
  readonly lines: readonly LogEvent[];
  /** Whether lines before the first were left out. */
  readonly isCut: boolean;
  readonly look: () => Promise<void>;
} {
  const say = useContext(Say);
  const [now, setNow] = useState<RunNow>();
  const [isGone, setGone] = useState(false);
  const [lines, setLines] = useState<readonly LogEvent[]>([]);
  const [isCut, setCut] = useState(false);
  /** The last event that was seen. */
  const at = useRef<number | undefined>(undefined);
  /** How often it was listened for. */
  const [round, setRound] = useState(0);
  const look = useCallback(async () => {
    try {
      const [run, tasks, files, outputs] = await Promise.all([
        ask<RunRecord>("GET", address(["runs", id])),
        ask<readonly TaskRecord[]>("GET", address(["runs", id, "tasks"])),
        ask<readonly FileRecord[]>("GET", address(["runs", id, "files"])),
        ask<readonly OutputRecord[]>("GET", address(["runs", id, "outputs"])),
      ]);
      setNow({ run, tasks, files, outputs });
    } catch (error) {
      if (error instanceof Refused && error.problem.code === "not-found") setGone(true);
      else say({ text: error instanceof Error ? error.message : String(error), isError: true });
    }
  }, [id, say]);
  const told = now === undefined ? undefined : JSON.stringify(now.run);
  const seen = useRef(told);
  seen.current = told;
  // what others do with it before it starts and after it has ended is no event that is listened to
  const peek = useCallback(async () => {
    const run =
      seen.current === undefined
        ? undefined
        : await ask<RunRecord>("GET", address(["runs", id])).catch(() => undefined);
    if (run === undefined || JSON.stringify(run) !== seen.current) await look();
  }, [id, look]);
  useFresh(peek, 0);
  const last = now?.run.lastEvent;
  const isLive =
    now !== undefined && (now.run.state === "created" || now.run.state === "running" || at.current !== last);
  useEffect(() => {
    if (!isLive) return;
    const after = at.current ?? Math.max(0, (last ?? 0) - mostLines);
    if (at.current === undefined && after > 0) setCut(true);
    const source = new EventSource(address(["runs", id, "events"], { after }));
    let waiting: LogEvent[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    let again: ReturnType<typeof setTimeout> | undefined;
    let hasChanged = false;
    const flush = () => {
      timer = undefined;
      const more = waiting;
      waiting = [];
      if (more.length > 0)
        setLines((before) => {
          if (before.length + more.length > mostLines) setCut(true);
          return [...before, ...more].slice(-mostLines);
        });
      if (hasChanged) void look();
      hasChanged = false;
    };
    const note = (event: RunEvent) => {
      at.current = event.at;
      timer ??= setTimeout(flush, pauseMs);
    };
    source.addEventListener("log", ({ data }) => {
      const event = JSON.parse(data) as LogEvent;
      waiting.push(event);
      note(event);
    });
    for (const type of eventTypes)
      source.addEventListener(type, ({ data }) => {
        hasChanged = true;
        note(JSON.parse(data) as RunEvent);
      });
    // the server ends it when the run has ended, and where it was cut off: what there is now says which of them it was
    source.addEventListener("error", () => {
      source.close();
      again ??= setTimeout(() => void look().then(() => setRound((count) => count + 1)), againMs);
    });
    return () => {
      source.close();
      clearTimeout(timer);
      clearTimeout(again);
      flush();
    };
  }, [id, isLive, round]);
  return { now, isGone, lines, isCut, look };
}
