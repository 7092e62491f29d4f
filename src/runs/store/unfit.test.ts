import { expect, test } from "vitest";
import { checkCount, checkFileName, checkSegment, checkText } from "./names.ts";
import { checkProgram } from "./program.ts";
import { isUnfit } from "./unfit.ts";

test.each([
  () => checkSegment("model", 1),
  () => checkSegment("model", "a/b"),
  () => checkFileName(undefined),
  () => checkText("name", "\0"),
  () => checkCount("limit", 0, 1, 10),
  () => checkProgram({ command: [] }),
])("what a check says is of the value that was given: %#", (check) => {
  expect(caught(check)).toSatisfy(isUnfit);
});

test.each([
  () => (undefined as unknown as string).length,
  () => new Array(-1),
  () => "x".repeat(-1),
  () => {
    throw new RangeError("a limit of ours was exceeded");
  },
])("what V8 says is of a program: %#", (defect) => {
  expect(caught(defect)).toBeInstanceOf(Error);
  expect(isUnfit(caught(defect))).toBe(false);
});

function caught(work: () => unknown): unknown {
  try {
    return void work();
  } catch (error) {
    return error;
  }
}
