import { afterEach, expect, test, vi } from "vitest";
import { nodeFsOperations } from "./fs-operations.ts";
import { LivePending } from "./live-pending.ts";

afterEach(() => {
  vi.useRealTimers();
});

test("files that are being filled are kept young, and no timer is left when there are none", () => {
  vi.useFakeTimers();
  const touched: [number, number][] = [];
  const operations = { ...nodeFsOperations, futimes: (fd: number, at: number) => void touched.push([fd, at]) };
  const live = new LivePending(operations, () => 5000);
  live.add("/a", 7);
  live.add("/b", 8);
  vi.advanceTimersByTime(5 * 60_000);
  expect(touched).toEqual([
    [7, 5],
    [8, 5],
  ]);
  live.delete("/a");
  live.delete("/b");
  expect(vi.getTimerCount()).toBe(0);
});
