/** Events as they come: by asking again, often while something happens and seldom while nothing does. */
import { EntrepotError, mistakeIn } from "../../error/index.ts";
import { readEvents } from "./events.ts";
import type { Parts } from "./parts.ts";
import type { RunEvent } from "./records.ts";
import { readRun } from "./run-rows.ts";
import type { WatchOptions } from "./run-store.ts";

/** In one question. */
const eventsAtOnce = 500;
/** Between questions, milliseconds: after something happened, and at most. */
const shortestMs = 50;
const longestMs = 500;

const optionNames: ReadonlySet<string> = new Set<keyof WatchOptions>([
  "after",
  "follow",
  "types",
  "policyId",
  "signal",
]);

export async function* watchRun(
  parts: Parts,
  runId: string,
  options: WatchOptions = {},
): AsyncGenerator<RunEvent, void> {
  const mistake = mistakeIn("watch()", options, optionNames);
  if (mistake !== undefined) throw mistake;
  const { after = 0, follow = true, types, policyId, signal } = options;
  const { sql, sleep } = parts;
  // the end is always looked for
  const asked = types === undefined ? undefined : [...new Set([...types, "ended" as const])];
  let at = after;
  let pauseMs = shortestMs;
  await readRun(sql, runId);
  for (;;) {
    signal?.throwIfAborted();
    const events = await readEvents(sql, runId, { after: at, types: asked, policyId, limit: eventsAtOnce });
    for (const event of events) {
      at = event.at;
      if (types === undefined || types.includes(event.type)) yield event;
    }
    if (events.length === eventsAtOnce) continue;
    // one that was run again after its end goes on: the end is the last thing of a run that has ended
    const mayBeOver = events.length === 0 || events.at(-1)?.type === "ended";
    const isOver = mayBeOver && (await isQuiet(parts, runId, at));
    if (!follow || isOver) return;
    pauseMs = events.length > 0 ? shortestMs : Math.min(longestMs, pauseMs * 1.5);
    await sleep(pauseMs, signal);
  }
}

/** Whether the run has ended and told everything. */
async function isQuiet({ sql }: Parts, runId: string, at: number): Promise<boolean> {
  const rows = await sql.query<{ readonly state: string; readonly last_event: number }>(
    "SELECT state, last_event FROM entrepot_runs.runs WHERE id = $1",
    [runId],
  );
  const [run] = rows;
  if (run === undefined)
    throw new EntrepotError("not-found", `run ${runId} was deleted`, {
      hint: "entrepot runs list shows those that are there",
    });
  const ended = run.state !== "created" && run.state !== "running";
  return ended && run.last_event <= at;
}
