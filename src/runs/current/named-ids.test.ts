import { expect, test } from "vitest";
import { namedIds } from "./named-ids.ts";

const ids = (argv: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const found = namedIds({ argv, env });
  return found && [found.runId, found.policyId, found.by];
};

test.each([
  [["--run-id", "r1", "--policy-id", "p1"]],
  [["--run_id", "r1", "--policy_id", "p1"]],
  [["--run-id=r1", "--policy_id=p1"]],
  [["--verbose", "--policy-id", "p1", "input.csv", "--run-id=r1", "--", "--run-id=other"]],
])("ids are found among other arguments: %j", (argv) => {
  const before = [...argv];
  expect(ids(argv)).toEqual(["r1", "p1", "arguments"]);
  expect(argv).toEqual(before);
});

test("arguments stand before the environment, and nothing names no run", () => {
  const env = { ENTREPOT_RUN_ID: "r2", ENTREPOT_POLICY_ID: "p2" };
  expect(ids(["--run-id=r1", "--policy-id=p1"], env)).toEqual(["r1", "p1", "arguments"]);
  expect(ids([], env)).toEqual(["r2", "p2", "environment"]);
  expect(ids(["--run-ideas=3", "-run-id", "x", "run-id"])).toBeUndefined();
  expect(namedIds({ argv: [], env, runId: "r3", policyId: "p3" })?.by).toBe("options");
});

test.each([
  [["--run-id", "r1"]],
  [["--policy_id=p1"]],
  [["--run-id", "--policy-id", "p1"]],
  [["--run-id=", "--policy-id=p1"]],
  [["--policy-id=p1", "--run-id"]],
  [["--run-id=a", "--run_id=b", "--policy-id=p"]],
])("one id without the other is an error, and so is half of one: %j", (argv) => {
  expect(() => ids(argv)).toThrow(expect.objectContaining({ code: "misconfigured" }));
});
