import { expect, test } from "vitest";
import { json, list, object, record, whole } from "./shape.ts";

const body = object({ options: record(json), policies: list(whole(0, 9), { max: 2 }) });

test.each([
  [{ options: [1], policies: [] }, "body.options must be an object, not a list"],
  [{ options: {}, policies: {} }, "body.policies must be a list, not an object"],
  [{ options: {}, policies: [1, 2, 3] }, "body.policies must have from 0 to 2 elements"],
  [{ options: {}, policies: [10] }, "body.policies[0] must be a whole number from 0 to 9, not 10"],
])("a value that does not fit is told what it must be: %j", (value, detail) => {
  expect(() => body.read(value, "body")).toThrow(detail);
});
