/** Times, sizes and states as people read them. */
import type { RunState, RunTaskState, TaskCounts } from "../store/records.ts";

const time = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const whole = new Intl.NumberFormat();

export function Time({ ms }: { readonly ms: number }) {
  return <time dateTime={new Date(ms).toISOString()}>{time.format(ms)}</time>;
}

export function State({ state }: { readonly state: RunState | RunTaskState }) {
  return <span class={`state ${state}`}>{state}</span>;
}

export function formatSize(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const at = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${at === 0 ? bytes : (bytes / 1000 ** at).toPrecision(3)} ${units[at]}`;
}

export function formatCount(count: number, one: string, several: string = `${one}s`): string {
  return `${whole.format(count)} ${count === 1 ? one : several}`;
}

/** `3 done, 1 running`. */
export function formatCounts(tasks: TaskCounts): string {
  return Object.entries(tasks)
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${count} ${state}`)
    .join(", ");
}

/** `1 h 30 min`. */
export function formatSeconds(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 3_600), "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ] as const;
  const shown = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`);
  return shown.length === 0 ? "0 s" : shown.join(" ");
}
