/** The end of an upload: what a lost answer, a conflict or a condition makes of it. */
import { describe, expect, test } from "vitest";
import { EntrepotError } from "../../error/index.ts";
import { openParted, PartedS3, type Seen, type Spoiling } from "./multipart.fixture.ts";
import { FakeClock, refusal } from "./scripted.fixture.ts";

const body = Buffer.from("0123456789abcdefghij!");
const other = { bytes: Buffer.from("other"), etag: '"other"', mark: undefined };
const conditions = [{ ifNoneMatch: "*" as const }, { ifMatch: '"old"' }, {}];

/** What becomes of the nth completion, from 1. */
function atCompletion(spoil: (n: number, s3: PartedS3) => Spoiling): PartedS3 {
  let n = 0;
  const s3: PartedS3 = new PartedS3(({ operation }: Seen) => (operation === "Complete" ? spoil(++n, s3) : undefined));
  s3.objects.set("/b/swapped", { bytes: Buffer.from("old"), etag: '"old"', mark: undefined });
  return s3;
}

const keyOf = (condition: object) => ("ifMatch" in condition ? "swapped" : "k");

describe("a completion whose answer was lost", () => {
  test("is a success when what is there bears the mark of this upload, under a condition and without one", async () => {
    for (const condition of conditions) {
      const s3 = atCompletion((n) => (n === 1 ? "lose" : undefined));
      const written = await openParted(s3).write(keyOf(condition), body, condition);
      expect(written).toMatchObject({
        sizeBytes: body.byteLength,
        etag: s3.objects.get(`/b/${keyOf(condition)}`)?.etag,
      });
      expect(s3.operations.filter((operation) => operation === "Complete")).toHaveLength(2);
    }
  });

  test("and never comes is a success, too", async () => {
    for (const failure of ["lose", "500"] as const) {
      const s3 = atCompletion((n) => (n === 1 ? "lose" : failure === "lose" ? "lose" : refusal(500, "InternalError")));
      expect(await openParted(s3).write("k", body)).toMatchObject({ sizeBytes: body.byteLength });
      expect(s3.operations).not.toContain("Abort");
    }
  });

  test("has an unknown outcome when another's object is there by then", async () => {
    for (const condition of conditions) {
      const key = `/b/${keyOf(condition)}`;
      const s3 = atCompletion((n, { objects, uploads }) => {
        if (n === 1) return "lose";
        objects.set(key, other);
        uploads.clear();
        return undefined;
      });
      await expect(openParted(s3).write(keyOf(condition), body, condition)).rejects.toMatchObject({
        code: "server-error",
        retryable: false,
        message: expect.stringMatching(/whether it was done is unknown/),
      });
    }
  });

  test("was not made when its upload is still there: it is made again", async () => {
    const s3 = atCompletion((n) => (n === 1 ? "break" : undefined));
    await openParted(s3).write("k", body, { ifNoneMatch: "*" });
    expect(s3.operations.slice(-2)).toEqual(["Complete", "Complete"]);
  });
});

describe("a completion that fails in a 200", () => {
  const inBody = (code: string) => ({ ...refusal(200, code), status: 200 });
  test.each(["InternalError", "SlowDown", "ServiceUnavailable"])("with %s is made again", async (code) => {
    const s3 = atCompletion((n) => (n < 3 ? inBody(code) : undefined));
    await openParted(s3).write("k", body);
    expect(s3.operations.filter((operation) => operation === "Complete")).toHaveLength(3);
  });
  test("with what does not pass is the error", async () => {
    const s3 = atCompletion(() => inBody("AccessDenied"));
    await expect(openParted(s3).write("k", body)).rejects.toMatchObject({ code: "forbidden" });
    expect([s3.uploads.size, s3.objects.has("/b/k")]).toEqual([0, false]);
  });
  test("whose answer is no document is no success", async () => {
    const s3 = atCompletion(() => ({ status: 200, body: "<html></html>" }));
    await expect(openParted(s3).write("k", body)).rejects.toMatchObject({ code: "protocol" });
  });
});

describe("a condition", () => {
  test("is on the completion, and looked at before the parts are sent", async () => {
    const s3 = new PartedS3();
    s3.objects.set("/b/k", other);
    const bucket = openParted(s3);
    await expect(bucket.write("k", body, { ifNoneMatch: "*" })).rejects.toMatchObject({ code: "already-exists" });
    await expect(bucket.write("k", body, { ifMatch: '"old"' })).rejects.toMatchObject({ code: "precondition-failed" });
    await expect(bucket.write("new", body, { ifMatch: '"old"' })).rejects.toMatchObject({ code: "not-found" });
    expect(s3.operations).toEqual(["Head", "Head", "Head"]);
    await bucket.write("k", body, { ifMatch: '"other"' });
    expect(s3.seen.find(({ operation }) => operation === "Complete")?.request.headers["if-match"]).toBe('"other"');
  });

  test("is kept although the server takes no notice of it, where the other came before the end", async () => {
    const deaf: PartedS3 = new PartedS3(({ operation, number, request }) => {
      if (number === 2) deaf.objects.set("/b/k", other);
      if (operation !== "Complete") return undefined;
      return {
        status: 200,
        body: `<CompleteMultipartUploadResult><ETag>x</ETag></CompleteMultipartUploadResult>${request.path && ""}`,
      };
    });
    const writing = openParted(deaf).write("k", body, { ifNoneMatch: "*" });
    await expect(writing).rejects.toMatchObject({ code: "already-exists" });
    expect(deaf.operations).not.toContain("Complete");
    expect(deaf.uploads.size).toBe(0);
  });

  test("that may not be looked at is left to the server", async () => {
    const s3 = new PartedS3(({ operation }) => (operation === "Head" ? { status: 403 } : undefined));
    await openParted(s3).write("k", body, { ifNoneMatch: "*" });
    await expect(openParted(s3).write("k", body, { ifNoneMatch: "*" })).rejects.toMatchObject({
      code: "already-exists",
    });
    expect(s3.uploads.size).toBe(0);
  });

  test.each(["the upload is gone", "the condition has failed"])(
    "that meets another write at the same moment is asked again: %s",
    async (verdict) => {
      const s3 = atCompletion((n, { uploads }) => {
        if (n === 1) return refusal(409, "ConditionalRequestConflict");
        if (verdict === "the upload is gone") uploads.clear();
        else return refusal(412, "PreconditionFailed");
        return undefined;
      });
      const code = "already-exists";
      await expect(openParted(s3).write("k", body, { ifNoneMatch: "*" })).rejects.toMatchObject({ code });
      const passing = atCompletion((n) => (n === 1 ? refusal(409, "ConditionalRequestConflict") : undefined));
      await openParted(passing).write("k", body, { ifNoneMatch: "*" });
    },
  );
});

test("an answer without an ETag is completed by asking", async () => {
  const s3: PartedS3 = atCompletion((_n, { objects }) => {
    objects.set("/b/k", { ...other, bytes: body });
    return { status: 200, body: "<CompleteMultipartUploadResult/>" };
  });
  expect(await openParted(s3).write("k", body)).toMatchObject({ etag: '"other"', sizeBytes: body.byteLength });
});

test("removing an upload that hangs is bounded, and the first error is told", async () => {
  const clock = new FakeClock();
  const started = clock.nowMs;
  const s3 = new PartedS3(({ operation }) => {
    if (operation === "Part") return refusal(403, "AccessDenied");
    if (operation !== "Abort") return undefined;
    clock.nowMs += 10_000;
    throw new EntrepotError("timeout", "no first byte");
  });
  await expect(openParted(s3, {}, { clock }).write("k", body)).rejects.toMatchObject({ code: "forbidden" });
  expect(clock.nowMs - started).toBeLessThan(40_000);
});
