/** What an attempt tells while it runs: lines and how far it is. Bounded, so that a program in a loop fills no disk. */
import { type Bound, cleanText } from "../bound.ts";
import { addEvents, type NewEvent } from "../events.ts";
import { longestLine, longestMessage, mostLineBytes, mostLines } from "../names.ts";
import { lockRunOfAttempt, type Parts, persistent } from "../parts.ts";
import type { LogLine } from "../records.ts";
import type { Tasks } from "../run-store.ts";
import { type AttemptRow, readAttempt } from "./rows.ts";

/** In one statement. */
const linesAtOnce = 1_000;

export function reportsOf(parts: Parts): Pick<Tasks, "log" | "progress"> {
  const { sql, now } = parts;
  /** The attempt under the lock of its run; `undefined` when it is not listened to any more. */
  const whileNewest = (token: string, work: (inside: Bound, attempt: AttemptRow) => Promise<void>): Promise<boolean> =>
    sql.transaction(async (inside) => {
      if ((await lockRunOfAttempt(inside, token)) === undefined) return false;
      const attempt = await readAttempt(inside, token);
      if (attempt?.state !== "running") return false;
      await work(inside, attempt);
      return true;
    });
  return {
    async log(token, lines) {
      for (let at = 0; at < Math.max(1, lines.length); at += linesAtOnce) {
        const part = lines.slice(at, at + linesAtOnce);
        // an attempt has one writer: where its count went on, the lines are there
        let before: number | undefined;
        const isListened = await persistent(parts, () =>
          whileNewest(token, async (inside, attempt) => {
            if (before !== undefined && attempt.lines > before) return;
            before = attempt.lines;
            await writeLines(inside, attempt, part, now());
          }),
        );
        if (!isListened) return false;
      }
      return true;
    },
    async progress(token, { fraction, message = "" }) {
      if (typeof fraction !== "number" || !(fraction >= 0 && fraction <= 1))
        throw new RangeError("The fraction of a progress is a number from 0 to 1");
      const text = message.slice(0, longestMessage);
      return persistent(parts, () =>
        whileNewest(token, async (inside, { run_id, task_id, policy_id, number }) => {
          const nowMs = now();
          await addEvents(inside, run_id, nowMs, [
            { type: "progress", policyId: policy_id, attempt: number, fraction, text },
          ]);
          await inside.query(
            "UPDATE entrepot_runs.tasks SET fraction = $2, message = $3, progress_ms = $4 WHERE id = $1",
            [task_id, fraction, cleanText(text), nowMs],
          );
        }),
      );
    },
  };
}

async function writeLines(sql: Bound, attempt: AttemptRow, lines: readonly LogLine[], nowMs: number): Promise<void> {
  const { task_id, number, run_id, policy_id } = attempt;
  let count = attempt.lines;
  let bytes = attempt.line_bytes;
  const events: NewEvent[] = [];
  const named = { type: "log", policyId: policy_id, attempt: number } as const;
  for (const { line, stream, timeMs } of lines) {
    if (count >= mostLines) break;
    const text = line.length > longestLine ? `${line.slice(0, longestLine)} … (cut)` : line;
    bytes += Buffer.byteLength(text);
    if (count === mostLines - 1 || bytes > mostLineBytes) {
      events.push({ ...named, text: "(the log is full: what follows is not kept)", stream: "worker", timeMs: nowMs });
      count = mostLines;
      break;
    }
    events.push({ ...named, text, stream, timeMs });
    count += 1;
  }
  await addEvents(sql, run_id, nowMs, events);
  await sql.query(
    "UPDATE entrepot_runs.attempts SET lines = $3, line_bytes = $4, alive_ms = GREATEST(alive_ms, $5::float8) WHERE task_id = $1 AND number = $2",
    [task_id, number, count, bytes, nowMs],
  );
}
