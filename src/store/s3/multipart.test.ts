import { describe, expect, test } from "vitest";
import type { SizedSource, UnsizedSource, WriteBody } from "../object-store.ts";
import { openParted, PartedS3, type Seen } from "./multipart.fixture.ts";
import { refusal } from "./scripted.fixture.ts";

const bytesOf = (size: number) => Buffer.from(Array.from({ length: size }, (_, index) => index % 251));

/** Parts take their time, so that others can begin. */
const slowly = async ({ operation }: Seen): Promise<undefined> => {
  if (operation === "Part") for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
};

/** The same bytes in every form, in pieces of seven. */
function formsOf(bytes: Uint8Array): readonly (readonly [form: string, body: () => WriteBody])[] {
  async function* pieces(start = 0, end = bytes.byteLength) {
    for (let at = start; at < end; at += 7) yield bytes.subarray(at, Math.min(at + 7, end));
  }
  const sizeBytes = bytes.byteLength;
  const open = () => pieces();
  return [
    ["bytes", () => bytes],
    ["a source", (): SizedSource => ({ sizeBytes, open })],
    ["a source of ranges", (): SizedSource => ({ sizeBytes, open, openRange: pieces })],
    ["a source of unknown length", (): UnsizedSource => ({ sizeBytes: undefined, open })],
  ];
}

const body = bytesOf(35);
const forms = formsOf(body);

describe("a body in parts of ten bytes", () => {
  test.each([
    [0, 0],
    [9, 0],
    [10, 0],
    [11, 2],
    [20, 2],
    [21, 3],
    [100, 10],
    [101, 11],
  ])("of %i bytes arrives whole, in %i parts", async (size, parts) => {
    for (const [form, given] of formsOf(bytesOf(size))) {
      const s3 = new PartedS3();
      const { sizeBytes, etag } = await openParted(s3).write("k", given());
      const stored = s3.objects.get("/b/k");
      expect([form, sizeBytes, stored?.etag]).toEqual([form, size, etag]);
      expect(Buffer.compare(stored?.bytes ?? Buffer.alloc(0), bytesOf(size))).toBe(0);
      expect(s3.operations.filter((name) => name.startsWith("Part"))).toHaveLength(parts);
      expect(s3.operations.includes("Put")).toBe(parts === 0);
      expect(s3.uploads.size).toBe(0);
    }
  });

  test("has no more in flight than it may, and a source no more in memory", async () => {
    for (const [form, given] of formsOf(bytesOf(300))) {
      const s3 = new PartedS3(slowly);
      await openParted(s3, { parallelParts: 4 }).write("k", given());
      expect([form, s3.most]).toEqual([form, 4]);
      const tight = new PartedS3(slowly);
      await openParted(tight, { parallelParts: 4, bufferBytes: 20 }).write("k", given());
      expect([form, tight.most]).toEqual([form, form.endsWith("ranges") || form === "bytes" ? 4 : 2]);
    }
  });

  test("of unknown length grows its parts, and ends at ten where ten are allowed", async () => {
    const s3 = new PartedS3();
    const bucket = openParted(s3, { maxParts: 10 });
    const all = 10 + 20 + 7 * 40 + 80;
    const form = (size: number) => formsOf(bytesOf(size))[3]?.[1]() ?? bytesOf(0);
    await bucket.write("k", form(all));
    const sizes = s3.seen.filter(({ operation }) => operation === "Part").map((seen) => seen.body.byteLength);
    expect(sizes.sort((a, b) => a - b)).toEqual([10, 20, 40, 40, 40, 40, 40, 40, 40, 80]);
    await expect(bucket.write("more", form(all + 1))).rejects.toMatchObject({ code: "limit-exceeded" });
    expect([s3.uploads.size, s3.objects.has("/b/more")]).toEqual([0, false]);
  });

  test("bears what describes it, and its mark, from the beginning", async () => {
    const s3 = new PartedS3();
    await openParted(s3).write("k", body, { contentType: "text/csv", metadata: { Origin: "here" } });
    const headers = s3.seen[0]?.request.headers;
    expect(headers).toMatchObject({ "content-type": "text/csv", "x-amz-meta-origin": "here" });
    expect(headers?.["x-amz-meta-entrepot-write"]).toBe(s3.objects.get("/b/k")?.mark);
    expect(s3.seen.slice(1).some(({ request }) => "x-amz-meta-origin" in request.headers)).toBe(false);
  });

  test("of nobody's goes in one request: S3 lets nobody begin an upload without a name", async () => {
    const s3 = new PartedS3();
    await openParted(s3, {}, { credentials: "anonymous" }).write("k", body);
    expect(s3.operations).toEqual(["Put"]);
  });
});

describe("memory", () => {
  /** A budget, and what was taken of it. */
  function counted(limitBytes: number) {
    let used = 0;
    const budget = {
      most: 0,
      used: () => used,
      take(bytes: number) {
        if (used + bytes > limitBytes) return false;
        this.insist(bytes);
        return true;
      },
      insist(bytes: number) {
        used += bytes;
        this.most = Math.max(this.most, used);
      },
      give(bytes: number) {
        used -= bytes;
      },
    };
    return budget;
  }

  test.each([
    ["plenty", 1000, 40],
    ["two parts", 20, 20],
    ["nothing", 0, 10],
  ])("shared with others is used as far as it goes: %s", async (_name, limit, most) => {
    for (const at of [1, 3]) {
      const budget = counted(limit);
      const s3 = new PartedS3(slowly);
      const given = formsOf(bytesOf(205))[at]?.[1]() ?? body;
      await openParted(s3, { budget, parallelParts: 8 }).write("k", given);
      expect(s3.objects.get("/b/k")?.bytes).toEqual(bytesOf(205));
      expect([budget.most, budget.used()]).toEqual([most, 0]);
    }
  });

  test("is given back whatever happens, and two uploads that share too little do not wait for each other", async () => {
    const budget = counted(20);
    const bucket = openParted(new PartedS3(({ operation }) => (operation === "Part" ? "break" : undefined)), {
      budget,
    });
    const open = forms[3]?.[1] ?? (() => body);
    await expect(bucket.write("k", open())).rejects.toMatchObject({ code: "unreachable" });
    expect(budget.used()).toBe(0);
    const s3 = new PartedS3(slowly);
    const good = openParted(s3, { budget });
    await Promise.all(["a", "b", "c"].map((key) => good.write(key, open())));
    expect([s3.objects.size, budget.used()]).toEqual([3, 0]);
  });
});

describe("what goes wrong on the way", () => {
  const failures = [
    ["500", refusal(500, "InternalError")],
    ["503", refusal(503, "SlowDown")],
    ["a 200 that says InternalError", { ...refusal(200, "InternalError"), status: 200 }],
    ["a broken connection", "break"],
    ["a lost answer", "lose"],
  ] as const;
  const requests = ["Create", "Part 1", "Part 2", "Part 3", "Part 4", "Complete"];

  test.each(failures.flatMap(([name, failure]) => requests.map((at) => [name, at, failure] as const)))(
    "%s at %s is overcome, and only that request is made again",
    async (name, at, failure) => {
      // an error in a 200 is what S3 may answer to completions only
      if (name.startsWith("a 200") && at !== "Complete") return;
      for (const [form, given] of forms) {
        let done = false;
        const s3 = new PartedS3(({ operation, number }) => {
          if (done || at !== (number === undefined ? operation : `${operation} ${number}`)) return undefined;
          done = true;
          return failure;
        });
        const { sizeBytes } = await openParted(s3).write("k", given());
        expect([form, sizeBytes]).toEqual([form, 35]);
        expect(Buffer.compare(s3.objects.get("/b/k")?.bytes ?? Buffer.alloc(0), body)).toBe(0);
        const again = s3.operations.filter((operation) => operation === at).length;
        expect(again).toBe(2);
        expect(s3.operations.filter((operation) => operation !== at && operation !== "Head")).toHaveLength(5);
        // Nobody can tell which upload it was whose id was lost; it has no parts.
        const left = at === "Create" && failure === "lose" ? 1 : 0;
        expect(s3.uploads.size).toBe(left);
        for (const { parts } of s3.uploads.values()) expect(parts.size).toBe(0);
      }
    },
  );

  test.each(requests)("what cannot be overcome at %s is the error, and the upload is taken away", async (at) => {
    for (const [form, given] of forms) {
      const s3 = new PartedS3(({ operation, number }) =>
        at === (number === undefined ? operation : `${operation} ${number}`) ? refusal(403, "AccessDenied") : undefined,
      );
      await expect(openParted(s3).write("k", given())).rejects.toMatchObject({ code: "forbidden" });
      expect([form, s3.uploads.size, s3.objects.size]).toEqual([form, 0, 0]);
      expect(s3.operations.filter((operation) => operation === "Abort")).toHaveLength(at === "Create" ? 0 : 1);
    }
  });

  test("a part without an ETag is a protocol error, and nothing is completed", async () => {
    const s3 = new PartedS3(({ number }) => (number === 2 ? { status: 200, headers: {} } : undefined));
    await expect(openParted(s3).write("k", body)).rejects.toMatchObject({ code: "protocol" });
    expect(s3.operations).not.toContain("Complete");
    expect(s3.uploads.size).toBe(0);
  });

  test("a part that arrived with a wrong byte is sent again, and not for ever", async () => {
    let damaged = 0;
    const s3 = new PartedS3(({ number }) => (number === 2 && damaged++ < 2 ? refusal(400, "BadDigest") : undefined));
    await openParted(s3).write("k", body);
    expect(s3.objects.get("/b/k")?.bytes).toEqual(body);
    const never = new PartedS3(({ number }) => (number === 2 ? refusal(400, "BadDigest") : undefined));
    await expect(openParted(never).write("k", body)).rejects.toMatchObject({ code: "integrity" });
    expect(never.operations.filter((operation) => operation === "Part 2")).toHaveLength(3);
    expect(never.uploads.size).toBe(0);
  });

  test("an upload that somebody else took away is no missing object", async () => {
    for (const at of ["Part", "Complete"]) {
      const s3: PartedS3 = new PartedS3(({ operation }) => {
        if (operation === at) s3.uploads.clear();
        return undefined;
      });
      await expect(openParted(s3).write("k", body)).rejects.toMatchObject({ code: "server-error", retryable: true });
    }
  });

  test("a removal that fails is tried again, and told without hiding what came before", async () => {
    let aborts = 0;
    const stumbling = new PartedS3(({ operation, number }) => {
      if (number === 2) return refusal(403, "AccessDenied");
      return operation === "Abort" && ++aborts < 3 ? "break" : undefined;
    });
    await expect(openParted(stumbling).write("k", body)).rejects.toMatchObject({ code: "forbidden" });
    expect(stumbling.uploads.size).toBe(0);
    const stuck = new PartedS3(({ operation, number }) =>
      operation === "Abort" || number === 2 ? refusal(403, "AccessDenied") : undefined,
    );
    await expect(openParted(stuck).write("k", body)).rejects.toMatchObject({
      code: "forbidden",
      message: expect.stringMatching(/PUT s3:\/\/b\/k/),
      hint: expect.stringMatching(/could not remove the upload id1 \(forbidden\)/),
    });
  });

  test("an abort takes the upload away, although the caller's signal is aborted", async () => {
    for (const at of ["Create", "Part 1", "Part 4", "Complete"]) {
      for (const [form, given] of forms) {
        const controller = new AbortController();
        const reason = new Error("enough");
        const s3 = new PartedS3(({ operation, number }) => {
          if (at === (number === undefined ? operation : `${operation} ${number}`)) controller.abort(reason);
          return undefined;
        });
        const writing = openParted(s3).write("k", given(), { signal: controller.signal });
        expect(await writing.catch((error: unknown) => error)).toBe(reason);
        expect([form, at, s3.uploads.size]).toEqual([form, at, 0]);
        expect(s3.objects.size).toBe(0);
      }
    }
  });

  test("a source that throws in mid-upload, however it is read, leaves nothing", async () => {
    const reason = new Error("the source is broken");
    for (const [form, given] of forms.slice(1)) {
      const source = given() as SizedSource;
      async function* broken(chunks: AsyncIterable<Uint8Array>) {
        let pieces = 0;
        for await (const chunk of chunks) {
          if (++pieces > 1) throw reason;
          yield chunk;
        }
      }
      const { openRange } = source;
      const spoilt = {
        ...source,
        open: () => broken(source.open()),
        ...(openRange && { openRange: (start: number, end: number) => broken(openRange(start, end)) }),
      };
      const s3 = new PartedS3();
      expect(
        await openParted(s3)
          .write("k", spoilt)
          .catch((error: unknown) => error),
      ).toBe(reason);
      expect([form, s3.uploads.size, s3.objects.size]).toEqual([form, 0, 0]);
    }
  });
});
