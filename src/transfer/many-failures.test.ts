import { expect, test } from "vitest";
import { EntrepotError } from "../error/index.ts";
import { Tally } from "./tally.ts";

test("of many failures the first hundred keep where they came from, all others what they say", () => {
  const tally = new Tally({ onError: "ignore", warn: () => {}, now: () => 0 });
  for (let n = 0; n < 300; n += 1) {
    const uri = `s3://b/${n}`;
    const error = new EntrepotError("forbidden", `no ${n}`, { uri, cause: new Error("below"), hint: "ask" });
    tally.add({ uri, target: undefined, action: "copy", status: "failed", sizeBytes: 0, error });
  }
  const { failed } = tally.finish();
  expect(failed).toHaveLength(300);
  expect(failed[99]?.error).toMatchObject({
    cause: expect.any(Error),
    stack: expect.stringContaining("many-failures"),
  });
  const { error } = failed[100] ?? {};
  expect(error).toMatchObject({
    code: "forbidden",
    message: "no 100",
    uri: "s3://b/100",
    hint: "ask",
  });
  expect(error?.cause).toBeUndefined();
  expect(error?.stack).not.toContain("\n");
});
