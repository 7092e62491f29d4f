import { expect, test } from "vitest";
import { EntrepotError } from "../../../error/index.ts";
import { checkSegment } from "../../store/index.ts";
import { internalProblem, problemOf, Refusal } from "./problem.ts";

test.each([
  () => (undefined as unknown as string).length,
  () => new Array(-1),
  () => BigInt("x"),
  () => {
    throw new TypeError("The status of a response is ours to choose");
  },
  () => {
    throw new RangeError("a limit of ours");
  },
])("what a defect throws is no mistake of who asks: %#", (work) => {
  expect(problemOf(thrownBy(work), {})).toBeUndefined();
});

test("what the store says of a name is a mistake of who asks", () => {
  expect(
    problemOf(
      thrownBy(() => checkSegment("policy", "a/b")),
      {},
    ),
  ).toMatchObject({
    status: 400,
    code: "invalid-request",
    detail: expect.stringContaining('"a/b" is no name of a policy'),
  });
});

test("a refusal is what it says, and a failure of ours says its request only", () => {
  expect(problemOf(new Refusal(401, "unauthenticated", "who?"), {})).toMatchObject({ status: 401, detail: "who?" });
  expect(internalProblem("0f")).toMatchObject({ status: 500, code: "internal" });
  expect(internalProblem("0f").detail).toContain("request 0f");
});

test("what is wrong with the database is not told to who may not even be signed in", () => {
  const away = new EntrepotError("unreachable", "connect to db.example.com:5432 refused");
  const told = problemOf(away, {});
  expect(told).toMatchObject({ status: 503, code: "unreachable" });
  expect(JSON.stringify(told)).not.toContain("db.example.com");
});

function thrownBy(work: () => unknown): unknown {
  try {
    return void work();
  } catch (error) {
    return error;
  }
}
