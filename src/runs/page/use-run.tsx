/** One run as it is now: its events are listened to, and only what they name is asked for again. */
import { useCallback, useContext, useEffect, useRef, useState } from "preact/hooks";
import type { FileRecord, OutputRecord, RunEvent, RunRecord, TaskRecord } from "../store/records.ts";
import { address, ask, Refused } from "./ask.tsx";
import { Say } from "./notice.tsx";
import { loadPaged, type Paged, pageSize } from "./paged.tsx";
import { isNothing, type Looks, noLooks, withEvent } from "./pending-looks.ts";
import { useEvents } from "./use-events.tsx";
import { useFresh } from "./use-fresh.tsx";

export type LogEvent = Extract<RunEvent, { type: "log" }>;
type ProgressEvent = Extract<RunEvent, { type: "progress" }>;

export interface RunNow {
  readonly run: RunRecord;
  readonly tasks: Paged<TaskRecord>;
  readonly files: readonly FileRecord[];
  readonly outputs: Paged<OutputRecord>;
}

export interface WatchedRun {
  readonly now: RunNow | undefined;
  readonly isGone: boolean;
  readonly lines: readonly LogEvent[];
  /** Whether lines before the first were left out. */
  readonly isCut: boolean;
  /** All of it again. */
  readonly look: () => Promise<void>;
  /** One more page. */
  readonly more: (list: "tasks" | "outputs") => Promise<void>;
}

/** Events that are asked for at first, and lines that are kept. */
const mostLines = 2_000;
/** Between two drawings of lines, and between two looks, however much happens. */
const drawMs = 250;
const lookMs = 1_000;

export function useRun(id: string): WatchedRun {
  const say = useContext(Say);
  const [now, setNow] = useState<RunNow>();
  const [isGone, setGone] = useState(false);
  const [lines, setLines] = useState<readonly LogEvent[]>([]);
  const [isCut, setCut] = useState(false);
  const seen = useRef(now);
  seen.current = now;
  /** One after another, so that what was asked for first is never shown last. */
  const queue = useRef(Promise.resolve());
  const guarded = useCallback(
    (work: () => Promise<Partial<RunNow>>) => {
      const show = async () => {
        try {
          const part = await work();
          setNow((before) => ({ ...before, ...part }) as RunNow);
        } catch (error) {
          if (error instanceof Refused && error.problem.code === "not-found") setGone(true);
          else say({ text: error instanceof Error ? error.message : String(error), isError: true });
        }
      };
      queue.current = queue.current.then(show);
      return queue.current;
    },
    [say],
  );
  const look = useCallback(
    () =>
      guarded(async () => {
        const [run, tasks, files, outputs] = await Promise.all([
          ask<RunRecord>("GET", address(["runs", id])),
          loadTasks(id, seen.current?.tasks.items.length ?? 0),
          ask<readonly FileRecord[]>("GET", address(["runs", id, "files"])),
          loadOutputs(id, seen.current?.outputs.items.length ?? 0),
        ]);
        return { run, tasks, files, outputs };
      }),
    [id, guarded],
  );
  const more = (list: "tasks" | "outputs") =>
    guarded(async () =>
      list === "tasks"
        ? { tasks: await loadTasks(id, (seen.current?.tasks.items.length ?? 0) + pageSize) }
        : { outputs: await loadOutputs(id, (seen.current?.outputs.items.length ?? 0) + pageSize) },
    );
  const lookAt = ({ run, tasks, outputs }: Looks) =>
    guarded(async () => {
      const before = seen.current;
      if (before === undefined) return {};
      const [newRun, newTasks, newOutputs] = await Promise.all([
        run ? ask<RunRecord>("GET", address(["runs", id])) : before.run,
        tasks === "all" ? loadTasks(id, before.tasks.items.length ?? 0) : withTasks(id, before.tasks, tasks),
        outputs ? loadOutputs(id, before.outputs.items.length) : before.outputs,
      ]);
      return { run: newRun, tasks: newTasks, outputs: newOutputs };
    });
  // what others do with it before it starts and after it has ended is no event that is listened to
  const peek = useCallback(async () => {
    const before = seen.current?.run;
    if (before?.state === "running") return;
    const run =
      before === undefined ? undefined : await ask<RunRecord>("GET", address(["runs", id])).catch(() => undefined);
    if (run === undefined || JSON.stringify(run) !== JSON.stringify(seen.current?.run)) await look();
  }, [id, look]);
  useFresh(peek, 0);
  const waiting = useRef<{ lines: LogEvent[]; looks: Looks; draw?: number; look?: number; lastMs: number }>({
    lines: [],
    looks: noLooks,
    lastMs: 0,
  });
  const draw = () => {
    const more = waiting.current.lines;
    waiting.current.lines = [];
    delete waiting.current.draw;
    if (more.length === 0) return;
    setLines((before) => {
      if (before.length + more.length > mostLines) setCut(true);
      return [...before, ...more].slice(-mostLines);
    });
  };
  const lookSoon = () => {
    const own = waiting.current;
    if (own.look !== undefined || isNothing(own.looks)) return;
    own.look = window.setTimeout(
      async () => {
        const { looks } = own;
        own.looks = noLooks;
        await lookAt(looks);
        own.lastMs = performance.now();
        delete own.look;
        lookSoon();
      },
      Math.max(0, own.lastMs + lookMs - performance.now()),
    );
  };
  const onEvent = (event: RunEvent) => {
    const own = waiting.current;
    if (event.type === "log") {
      own.lines.push(event);
      own.draw ??= window.setTimeout(draw, drawMs);
    }
    if (event.type === "progress") setNow((before) => before && withProgress(before, event));
    own.looks = withEvent(own.looks, event, seen.current?.run.baseline);
    lookSoon();
  };
  useEffect(
    () => () => {
      clearTimeout(waiting.current.draw);
      clearTimeout(waiting.current.look);
    },
    [],
  );
  const last = now?.run.lastEvent;
  const isLong = last !== undefined && lines.length === 0 && last > mostLines;
  useEffect(() => {
    if (isLong) setCut(true);
  }, [isLong]);
  const state = now?.run.state;
  const isOpen = state === "created" || state === "running";
  useEvents({ id, isOpen, last, mostAtFirst: mostLines, onEvent, onCut: look });
  return { now, isGone, lines, isCut, look, more };
}

const loadTasks = (id: string, count: number): Promise<Paged<TaskRecord>> =>
  loadPaged((query) => address(["runs", id, "tasks"], query), count);

const loadOutputs = (id: string, count: number): Promise<Paged<OutputRecord>> =>
  loadPaged((query) => address(["runs", id, "outputs"], query), count);

/** Those of these policies anew, where they are seen. */
async function withTasks(
  id: string,
  before: Paged<TaskRecord>,
  policies: ReadonlySet<string>,
): Promise<Paged<TaskRecord>> {
  const seen = before.items.filter(({ policyId }) => policies.has(policyId));
  const pages = await Promise.all(
    seen.map(({ policyId }) =>
      ask<Paged<TaskRecord>>("GET", address(["runs", id, "tasks"], { policy: policyId, limit: 1 })),
    ),
  );
  const news = new Map(pages.flatMap(({ items }) => items.map((task) => [task.policyId, task])));
  return { ...before, items: before.items.map((task) => news.get(task.policyId) ?? task) };
}

function withProgress(now: RunNow, { policyId, fraction, message, timeMs }: ProgressEvent): RunNow {
  const items = now.tasks.items.map((task) =>
    task.policyId === policyId ? { ...task, progress: { fraction, message, timeMs } } : task,
  );
  return { ...now, tasks: { ...now.tasks, items } };
}
