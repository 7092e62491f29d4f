import { expect, test } from "vitest";
import { EntrepotError } from "../../error/index.ts";
import { persistent } from "./parts.ts";

/** A clock that goes on by what is waited, and by `tryMs` with each try; the tries are counted. */
function away({
  tryMs,
  answersAt = Number.POSITIVE_INFINITY,
}: {
  readonly tryMs: number;
  readonly answersAt?: number;
}) {
  const controller = new AbortController();
  const told = { nowMs: 5_000, tries: [] as boolean[] };
  const clock = {
    now: () => told.nowMs,
    sleep: async (ms: number, signal?: AbortSignal) => {
      signal?.throwIfAborted();
      told.nowMs += ms;
    },
  };
  const work = async (isAgain: boolean): Promise<string> => {
    told.tries.push(isAgain);
    told.nowMs += tryMs;
    if (told.nowMs >= answersAt) return "answered";
    throw new EntrepotError("unreachable", "nobody answers");
  };
  return { told, controller, work, patience: { clock, signal: controller.signal } };
}

test("a database that is away is waited for a minute, what each question takes included", async () => {
  const slow = away({ tryMs: 10_000 });
  await expect(persistent(slow, slow.work)).rejects.toMatchObject({ code: "unreachable" });
  expect(slow.told.nowMs - 5_000).toBeLessThanOrEqual(75_000);
  const quick = away({ tryMs: 0 });
  await expect(persistent(quick, quick.work)).rejects.toMatchObject({ code: "unreachable" });
  expect(quick.told.nowMs - 5_000).toBe(60_000);
});

test("once it answers the work is done, which knows that it may have been done before", async () => {
  const back = away({ tryMs: 0, answersAt: 5_400 });
  expect(await persistent(back, back.work)).toBe("answered");
  expect(back.told.tries).toEqual([false, true, true]);
});

test("what is no broken connection is thrown at once", async () => {
  const { patience } = away({ tryMs: 0 });
  const refused = new EntrepotError("forbidden", "no");
  await expect(persistent({ patience }, () => Promise.reject(refused))).rejects.toBe(refused);
});

test("whoever waits no longer has the reason, and nothing is asked again", async () => {
  const left = away({ tryMs: 0 });
  left.controller.abort(new Error("nobody waits"));
  await expect(persistent(left, left.work)).rejects.toThrow("nobody waits");
  expect(left.told.tries).toEqual([false]);
});
