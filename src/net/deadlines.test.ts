import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Deadlines, type Watched } from "./deadlines.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function watch(deadlines: Deadlines, boundMs: number): Watched & { fired: number } {
  const watched = {
    slot: 0,
    deadlineMs: Number.POSITIVE_INFINITY,
    fired: 0,
    onDeadline() {
      this.fired++;
      deadlines.remove(this);
    },
  };
  deadlines.add(watched, boundMs);
  watched.deadlineMs = deadlines.now() + boundMs;
  return watched;
}

test.each([40, 100, 5000, 30_000])(
  "a bound of %s ms is never cut short, and at most a quarter or two ticks too long",
  (boundMs) => {
    const deadlines = new Deadlines();
    const watched = watch(deadlines, boundMs);
    vi.advanceTimersByTime(boundMs - 1);
    expect(watched.fired).toBe(0);
    vi.advanceTimersByTime(boundMs / 4 + 10);
    expect(watched.fired).toBe(1);
  },
);

test("a process that was busy does not count its own time as the server's silence", () => {
  const deadlines = new Deadlines();
  const watched = watch(deadlines, 1000);
  // Every clock jumps; the timer that was due many times fires once.
  vi.setSystemTime(Date.now() + 60_000);
  vi.spyOn(performance, "now").mockReturnValue(performance.now() + 60_000);
  vi.advanceTimersToNextTimer();
  expect(watched.fired).toBe(0);
});

test("each fires by its own bound, those that end before do not, and nothing is left running", async () => {
  const deadlines = new Deadlines();
  const short = watch(deadlines, 100);
  const long = watch(deadlines, 1000);
  const done = watch(deadlines, 200);
  deadlines.remove(done);
  vi.advanceTimersByTime(300);
  expect([short.fired, long.fired, done.fired]).toEqual([1, 0, 0]);
  const empty = deadlines.empty();
  vi.advanceTimersByTime(1000);
  expect(long.fired).toBe(1);
  await empty;
  vi.advanceTimersByTime(1000);
  expect(vi.getTimerCount()).toBe(0);
});

test("a shorter bound that comes later is looked after more often", () => {
  const deadlines = new Deadlines();
  watch(deadlines, 30_000);
  const short = watch(deadlines, 40);
  vi.advanceTimersByTime(80);
  expect(short.fired).toBe(1);
});
