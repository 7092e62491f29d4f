import { expect, test } from "vitest";
import { EntrepotError } from "../../../error/index.ts";
import { ChangedMeanwhile, checkSegment } from "../../store/index.ts";
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
  expect(problemOf(thrownBy(work))).toBeUndefined();
});

test("what the store says of a name is a mistake of who asks", () => {
  expect(problemOf(thrownBy(() => checkSegment("policy", "a/b")))).toMatchObject({
    status: 400,
    code: "invalid-request",
    detail: expect.stringContaining('"a/b" is no name of a policy'),
  });
});

test("a refusal is what it says, and a failure of ours says its request only", () => {
  expect(problemOf(new Refusal(401, "unauthenticated", "who?"))).toMatchObject({ status: 401, detail: "who?" });
  expect(internalProblem("0f")).toMatchObject({ status: 500, code: "internal" });
  expect(internalProblem("0f").detail).toContain("request 0f");
});

test("what is wrong with the database is not told to who may not even be signed in", () => {
  const away = new EntrepotError("unreachable", "connect to db.example.com:5432 refused");
  const told = problemOf(away);
  expect(told).toMatchObject({ status: 503, code: "unreachable" });
  expect(JSON.stringify(told)).not.toContain("db.example.com");
});

test("a bucket that refuses the server does not say to who asks that they may not", () => {
  const refused = new EntrepotError("forbidden", "the store refused", {
    uri: "s3://bucket/a.txt",
    hint: "use another identity",
  });
  expect(problemOf(refused, true)).toMatchObject({
    status: 502,
    code: "forbidden",
    detail: "the bucket of the outputs does not let this server in: the store refused",
    hint: expect.stringContaining("your token is good"),
  });
  const away = new EntrepotError("unreachable", "no connection");
  expect(problemOf(away, true)?.detail).toBe("this server does not reach the bucket of the outputs: no connection");
});

test("what was changed meanwhile is 412, what the run does not allow any more is 409", () => {
  expect(problemOf(new ChangedMeanwhile("file x"))).toMatchObject({ status: 412, code: "precondition-failed" });
  const started = new EntrepotError("precondition-failed", "the run was started");
  expect(problemOf(started)).toMatchObject({ status: 409, code: "precondition-failed" });
});

function thrownBy(work: () => unknown): unknown {
  try {
    return void work();
  } catch (error) {
    return error;
  }
}
