import { expect, test } from "vitest";
import { checkId, jobOptions, withoutUndefined } from "./requests.ts";

test("what is undefined leaves the default as it is", () => {
  expect({ retries: 0, ...withoutUndefined({ retries: undefined, priority: 3 }) }).toEqual({ retries: 0, priority: 3 });
});

test("a time-out that cannot be kept is refused, not shortened", () => {
  expect(jobOptions({ timeoutSeconds: 86_399 }).expireInSeconds).toBe(86_399);
  expect(jobOptions({}).expireInSeconds).toBe(86_399);
  for (const timeoutSeconds of [86_400, 0, 1.5, Number.NaN, Number.POSITIVE_INFINITY])
    expect(() => jobOptions({ timeoutSeconds })).toThrow("timeoutSeconds must be a whole number, from 1 to 86399");
  expect(() => jobOptions({ retries: -1 })).toThrow("retries must be a whole number, 0 or more, not -1");
});

test.each(["", "a", "0B4E7A2C-7A53-4C92-8A44-0D5A8AE0E3B1", "{0b4e7a2c-7a53-4c92-8a44-0d5a8ae0e3b1}", undefined, 7])(
  "%s is no id of a task",
  (id) => {
    expect(() => checkId(id)).toThrow(expect.objectContaining({ code: "misconfigured" }));
  },
);
