import { expect, test } from "vitest";
import type { RunEvent } from "../store/records.ts";
import { isNothing, type Looks, noLooks, withEvent } from "./pending-looks.ts";

const base = { at: 1, timeMs: 1, attempt: 1 };
const after = (...events: Partial<RunEvent>[]): Looks =>
  events.reduce((looks, event) => withEvent(looks, { ...base, ...event } as RunEvent, "baseline"), noLooks);

test("lines and progress ask for nothing", () => {
  expect(isNothing(after({ type: "log", policyId: "a" }, { type: "progress", policyId: "a" }))).toBe(true);
});

test("what happens to a policy asks for the run and for that policy", () => {
  expect(after({ type: "started", policyId: "a" })).toEqual({ run: true, tasks: new Set(["a"]), outputs: false });
  expect(after({ type: "finished", policyId: "a" })).toEqual({ run: true, tasks: new Set(["a"]), outputs: true });
});

test("the end of the baseline may set all others going", () => {
  expect(after({ type: "failed", policyId: "baseline" })).toMatchObject({ tasks: "all", outputs: false });
});

test("many at once are asked for together", () => {
  const started = ["a", "b", "c"].map((policyId) => ({ type: "started", policyId }) as const);
  expect(after(...started).tasks).toEqual(new Set(["a", "b", "c"]));
  expect(after(...started, { type: "started", policyId: "d" }).tasks).toBe("all");
});

test("a start or an end of the run asks for all of it", () => {
  for (const type of ["submitted", "ended"] as const)
    expect(after({ type })).toEqual({ run: true, tasks: "all", outputs: true });
});
