/** What a conditional write makes of an answer that never came, while somebody else writes the same object. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type DataFile, type Depot, entrepot } from "../../src/index.ts";
import { type S3Server, startS3Server } from "../../src/testing/index.ts";

let s3: S3Server;
let a: Depot;
beforeAll(async () => {
  s3 = await startS3Server({ buckets: ["b"] });
  a = entrepot({ ...s3.options, cache: false, env: {}, envFile: false });
});
afterAll(async () => {
  await a.close();
  await s3.close();
});

const plus = (n: number) => async (file: DataFile | undefined) => String(Number(await file?.text()) + n);

/** Does `meanwhile` during the first wait that the server asked for: a second. */
async function second<T>(meanwhile: () => Promise<unknown>, run: (b: Depot) => Promise<T>): Promise<T> {
  let busy: Promise<unknown> | undefined;
  const b = entrepot({
    ...s3.options,
    cache: false,
    env: {},
    envFile: false,
    onEvent: (event) => {
      if (event.type === "retry" && event.delayMs >= 1000) busy ??= meanwhile();
    },
  });
  try {
    return await run(b);
  } finally {
    await busy;
    await b.close();
  }
}

describe.each([
  [503, "SlowDown"],
  [409, "ConditionalRequestConflict"],
  [500, "InternalError"],
] as const)("when the first try is answered with %s and another writes the same bytes", (status, code) => {
  const refuse = (key: RegExp) => s3.inject({ method: "PUT", key, effect: { status, code, retryAfterSeconds: 1 } });

  test("a create is not a success: only one gets the lock", async () => {
    const uri = `s3://b/lock${status}`;
    refuse(new RegExp(`lock${status}`));
    const meanwhile = () => a.writeText(uri, "locked", { ifNoneMatch: "*" });
    const expected = { code: status === 500 ? "server-error" : "already-exists", retryable: false };
    await expect(second(meanwhile, (b) => b.writeText(uri, "locked", { ifNoneMatch: "*" }))).rejects.toMatchObject(
      expected,
    );
  });

  test("an update is repeated where that is safe, and none is lost", async () => {
    const uri = `s3://b/counter${status}`;
    await a.writeText(uri, "0");
    refuse(new RegExp(`counter${status}`));
    const updating = second(
      () => a.update(uri, plus(1)),
      (b) => b.update(uri, plus(1)),
    );
    if (status === 500) await expect(updating).rejects.toMatchObject({ code: "server-error", retryable: false });
    else await updating;
    expect(await a.readText(uri)).toBe(status === 500 ? "1" : "2");
  });
});

describe("when the write got through and its answer was lost", () => {
  const lose = (key: RegExp) => s3.inject({ method: "PUT", key, effect: { loseAnswer: true } });

  test("it is a success, though the second try is refused", async () => {
    lose(/own/);
    expect(await a.writeText("s3://b/own", "mine", { ifNoneMatch: "*" })).toMatchObject({ sizeBytes: 4 });
    lose(/own/);
    await a.update("s3://b/own", async (file) => `${await file?.text()}2`);
    expect(await a.readText("s3://b/own")).toBe("mine2");
  });

  test("and another is on top of it, an update is not made twice: its outcome is unknown", async () => {
    await a.writeText("s3://b/counter", "0");
    lose(/counter$/);
    const slowDown = { status: 503, code: "SlowDown", retryAfterSeconds: 1 };
    s3.inject({ method: "PUT", key: /counter$/, effect: slowDown });
    const updating = second(
      () => a.update("s3://b/counter", plus(10)),
      (b) => b.update("s3://b/counter", plus(1)),
    );
    await expect(updating).rejects.toMatchObject({ code: "server-error", retryable: false, uri: "s3://b/counter" });
    expect(await a.readText("s3://b/counter")).toBe("11");
  });
});
