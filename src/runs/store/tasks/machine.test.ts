import { expect, test } from "vitest";
import { taskStates } from "../records.ts";
import { noTasks } from "../run-rows.ts";
import { type Happening, isEnded, nextState, runStateOf } from "./machine.ts";

const states = taskStates;
const happenings: readonly Happening[] = [
  "begin",
  "done",
  "retry",
  "fail",
  "release",
  "cancel",
  "unblock",
  "again",
  "againLater",
];

test("an end is left only by wanting it again", () => {
  for (const state of states.filter(isEnded))
    expect(happenings.filter((each) => nextState(state, each) !== undefined)).toEqual(["again", "againLater"]);
});

test("nothing is done, fails or is given back that does not run", () => {
  for (const each of ["done", "fail", "retry", "release"] as const)
    expect(states.filter((state) => nextState(state, each) !== undefined)).toEqual(["running"]);
  expect(states.filter((state) => nextState(state, "begin") !== undefined)).toEqual(["ready"]);
});

test("a run ends when all its tasks have, and failed when one of them has", () => {
  expect(runStateOf({ ...noTasks, done: 2, failed: 1, cancelled: 1 })).toBe("failed");
  expect(runStateOf({ ...noTasks, done: 2, cancelled: 1 })).toBe("cancelled");
  expect(runStateOf({ ...noTasks, done: 2 })).toBe("done");
  for (const open of ["waiting", "ready", "running"])
    expect(runStateOf({ ...noTasks, failed: 1, [open]: 1 })).toBe("running");
});
