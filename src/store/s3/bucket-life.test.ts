import { describe, expect, test } from "vitest";
import { EntrepotError } from "../../error/index.ts";
import type { ScriptedAnswer } from "../../testing/index.ts";
import { refusal, scripted } from "./scripted.fixture.ts";

describe("a bucket that is ours at the second try", () => {
  const second = (first: () => ScriptedAnswer, then: ScriptedAnswer) =>
    scripted(({ method }, n) => {
      if (method === "HEAD") return refusal(404, "");
      return n < 3 && method === "PUT" ? first() : then;
    }).bucket;
  const mine = refusal(409, "BucketAlreadyOwnedByYou");
  const isLost = () => {
    throw new EntrepotError("unreachable", "the connection broke before an answer came");
  };
  test("was made by the first one if its answer was lost", async () => {
    await second(isLost, mine).createBucket();
    await second(() => refusal(500, "InternalError"), mine).createBucket();
  });
  test("was made by somebody else if the first one was refused", async () => {
    const made = second(() => refusal(503, "SlowDown"), mine).createBucket();
    await expect(made).rejects.toMatchObject({ code: "already-exists" });
  });
  test("and one that is gone was removed by somebody else if the first try was refused", async () => {
    const removing = (first: () => ScriptedAnswer) =>
      scripted((_request, n) => (n === 1 ? first() : refusal(404, "NoSuchBucket"))).bucket.removeBucket();
    await removing(isLost);
    await expect(removing(() => refusal(503, "SlowDown"))).rejects.toMatchObject({ code: "not-found" });
  });
});
