import { describe, expect, test } from "vitest";
import { type ChecksumAlgorithm, checksumOf } from "../../checksum/index.ts";
import type { TransportRequest } from "../../net/index.ts";
import type { ScriptedAnswer } from "../../testing/index.ts";
import type { BodySink } from "../object-store.ts";
import { BytesSink } from "../read-bytes.ts";
import { broken, refusal } from "../s3/scripted.fixture.ts";
import {
  benchOf,
  filledWith,
  mebibyte,
  OrderedSink,
  PlacesSink,
  same,
  serveBytes as serve,
} from "./parallel.fixture.ts";

const size = 32 * mebibyte;
const bytes = filledWith(1, size);
const base64 = (algorithm: ChecksumAlgorithm, of: Uint8Array) =>
  Buffer.from(checksumOf(algorithm, of)).toString("base64");
const crc = base64("CRC32", bytes);

const sinks = [
  ["in order", () => new OrderedSink(true), 15],
  ["of any place", () => new PlacesSink(), 3],
] as const;

describe.each(sinks)("a large object into a sink that takes pieces %s", (kind, open, ranged) => {
  const isPart = ({ headers }: TransportRequest) => headers["range"] !== undefined;

  test("comes over several requests, each of one version, and is verified by the checksum of the whole", async () => {
    for (const [algorithm, of] of [
      ["CRC32", bytes],
      ["CRC64NVME", bytes],
      ["CRC32C", bytes],
    ] as const) {
      const sink = open();
      const headers = { [`x-amz-checksum-${algorithm.toLowerCase()}`]: base64(algorithm, of) };
      const { bucket, requests } = benchOf((request) => serve(request, bytes, '"a"', headers));
      expect(await bucket.read("k", sink)).toMatchObject({ verified: "checksum", range: { start: 0, end: size } });
      expect(same(sink.bytes, bytes)).toBe(true);
      expect(sink.starts).toBe(1);
      expect(requests[0]?.headers).not.toHaveProperty("range");
      const parts = requests.slice(1);
      expect(parts).toHaveLength(ranged);
      for (const { headers: sent } of parts)
        expect(sent).toMatchObject({ range: expect.any(String), "if-match": '"a"' });
    }
  });

  test("without a checksum says so", async () => {
    const sink = open();
    const { bucket } = benchOf((request) => serve(request, bytes, '"a"'));
    expect(await bucket.read("k", sink)).toMatchObject({ verified: "length" });
    expect(same(sink.bytes, bytes)).toBe(true);
  });

  test.each(["SHA256", "SHA1"] as const)("with a %s is digested in order", async (algorithm) => {
    const sink = kind === "in order" ? open() : new BytesSink();
    const headers = { [`x-amz-checksum-${algorithm.toLowerCase()}`]: base64(algorithm, bytes) };
    const { bucket, requests } = benchOf((request) => serve(request, bytes, '"a"', headers));
    expect(await bucket.read("k", sink)).toMatchObject({ verified: "checksum" });
    expect(same(sink.bytes, bytes)).toBe(true);
    expect(requests.length).toBeGreaterThan(7);
  });

  test("and a range of one", async () => {
    const sink = open();
    const { bucket, requests } = benchOf((request) => serve(request, bytes, '"a"'));
    const range = { start: 3, end: 3 + 24 * mebibyte };
    expect(await bucket.read("k", sink, { range })).toMatchObject({ range, verified: "length" });
    expect(same(sink.bytes, bytes.subarray(range.start, range.end))).toBe(true);
    expect(requests.length).toBeGreaterThan(2);
  });

  test("each part goes on from its last good byte, and few bytes come twice", async () => {
    const sink = open();
    let served = 0;
    const { bucket } = benchOf((request, n) => {
      const answer = serve(request, bytes, '"a"', { "x-amz-checksum-crc32": crc });
      if (!isPart(request)) return answer;
      const brought = n % 2 === 0 ? mebibyte : (answer.body?.length ?? 0);
      served += brought;
      return n % 2 === 0 ? { ...answer, cut: { afterBytes: mebibyte, error: broken() } } : answer;
    });
    expect(await bucket.read("k", sink)).toMatchObject({ verified: "checksum" });
    expect(same(sink.bytes, bytes)).toBe(true);
    expect(sink.starts).toBe(1);
    expect(served).toBeLessThanOrEqual(size);
  });

  test("a wrong byte in any part is found, and healed by reading again", async () => {
    for (let part = 0; part <= ranged; part++) {
      const sink = open();
      const { bucket } = benchOf((request, n) => {
        const answer = serve(request, bytes, '"a"', { "x-amz-checksum-crc32": crc });
        if (n !== part + 1) return answer;
        const body = Uint8Array.from(answer.body as Uint8Array);
        const at = Math.floor(Math.min(body.length, mebibyte) / 2);
        body[at] = (body[at] ?? 0) ^ 4;
        return { ...answer, body };
      });
      expect(await bucket.read("k", sink)).toMatchObject({ verified: "checksum" });
      expect([part, sink.starts, same(sink.bytes, bytes)]).toEqual([part, 2, true]);
    }
  });

  test.each([
    ["the same size", size],
    ["shorter", 24 * mebibyte + 5],
    ["very short", 10],
    ["longer", 48 * mebibyte],
  ])("replaced by one of %s before any part: the new version whole, never mixed", async (_name, newSize) => {
    const later = filledWith(77, newSize);
    for (let k = 1; k <= ranged + 1; k++) {
      for (const honest of newSize === size ? [true, false] : [true]) {
        const sink = open();
        const { bucket } = benchOf((request, n) => {
          const { "if-match": _, ...without } = request.headers;
          const asked = honest ? request : { ...request, headers: without };
          return n < k ? serve(asked, bytes, '"a"') : serve(asked, later, '"b"');
        });
        await bucket.read("k", sink);
        expect([k, honest, same(sink.bytes, later)]).toEqual([k, honest, true]);
      }
    }
  });

  test("replaced again and again is changed", async () => {
    const { bucket } = benchOf((request, n) => serve(request, bytes, `"${n}"`));
    await expect(bucket.read("k", open())).rejects.toMatchObject({ code: "changed" });
  });

  test("replaced is changed where just one version was asked for", async () => {
    const { bucket } = benchOf((request, n) => serve(request, bytes, n < 3 ? '"a"' : '"b"'));
    await expect(bucket.read("k", open(), { ifMatch: '"a"' })).rejects.toMatchObject({ code: "changed" });
  });

  type Spoil = (answer: ScriptedAnswer, request: TransportRequest) => ScriptedAnswer;
  const range = (answer: ScriptedAnswer, text: (start: number, end: number) => string | undefined): ScriptedAnswer => {
    const match = /^bytes (\d+)-(\d+)/.exec(answer.headers?.["content-range"] ?? "");
    const { "content-range": _, ...headers } = answer.headers ?? {};
    const given = text(Number(match?.[1]), Number(match?.[2]));
    return { ...answer, headers: given === undefined ? headers : { ...headers, "content-range": given } };
  };
  const bad: readonly (readonly [string, Spoil])[] = [
    [
      "200 and the whole object",
      ({ headers }) => ({
        status: 200,
        headers: { etag: headers?.["etag"] ?? "", "content-length": String(size) },
        body: bytes,
      }),
    ],
    ["no Content-Range", (answer) => range(answer, () => undefined)],
    ["a range one byte later", (answer) => range(answer, (start, end) => `bytes ${start + 1}-${end + 1}/${size}`)],
    ["a range one byte longer", (answer) => range(answer, (start, end) => `bytes ${start}-${end + 1}/${size}`)],
    ["a superset", (answer) => range(answer, (_start, end) => `bytes 0-${end}/${size}`)],
    ["a range of unknown size", (answer) => range(answer, (start, end) => `bytes ${start}-${end}/*`)],
    ["no ETag", (answer) => ({ ...answer, headers: { ...answer.headers, etag: undefined as unknown as string } })],
    ["a refusal of If-Match", () => refusal(501, "NotImplemented")],
  ];
  test.each(bad)("a server that answers a range with %s is read in one stream, from then on", async (_name, spoil) => {
    for (const from of [2, 4]) {
      const { bucket, requests } = benchOf((request, n) => {
        const answer = serve(request, bytes, '"a"', { "x-amz-checksum-crc32": crc });
        return isPart(request) && n >= from && n <= 8 ? spoil(answer, request) : answer;
      });
      const sink = open();
      const result = bucket.read("k", sink);
      expect(await result).toMatchObject({ verified: "checksum" });
      expect(same(sink.bytes, bytes)).toBe(true);
      const before = requests.length;
      await bucket.read("k", open());
      expect(requests.length - before).toBe(1);
    }
  });

  test("a part that fails for good ends the others, and nothing is sent any more", async () => {
    const { bucket, requests } = benchOf((request, n) =>
      n === 4 ? refusal(403, "AccessDenied") : serve(request, bytes, '"a"'),
    );
    await expect(bucket.read("k", open())).rejects.toMatchObject({ code: "forbidden", uri: "s3://b/k" });
    const sent = requests.length;
    await new Promise((resolve) => setImmediate(resolve));
    expect(requests.length).toBe(sent);
    expect(sent).toBeLessThan(10);
  });

  test("others that get no connection are not waited for: one stream brings all", async () => {
    const sink = open();
    const {
      bucket,
      requests,
      open: left,
    } = benchOf((request) => serve(request, bytes, '"a"', { "x-amz-checksum-crc32": crc }), { late: true });
    expect(await bucket.read("k", sink)).toMatchObject({ verified: "checksum" });
    expect([same(sink.bytes, bytes), sink.starts, left()]).toEqual([true, 1, 0]);
    expect(requests.length).toBeGreaterThan(1);
  });

  test("the caller's signal ends all parts", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const { bucket } = benchOf((request, n) => {
      if (n === 3) controller.abort(reason);
      return serve(request, bytes, '"a"');
    });
    await expect(bucket.read("k", open(), { signal: controller.signal })).rejects.toBe(reason);
  });

  test("what the sink throws is what the read rejects with", async () => {
    const full = new Error("full");
    const sink = open();
    const fail = () => {
      if (sink.bytes.byteLength > 0) throw full;
    };
    const { bucket } = benchOf((request) => serve(request, bytes, '"a"'));
    const start: BodySink["start"] = (...given) => sink.start(...given);
    const writeAt = kind === "in order" ? undefined : fail;
    const failing: BodySink = { start, write: fail, writeAt, restartable: true };
    await expect(bucket.read("k", failing)).rejects.toBe(full);
  });

  test("one stream is enough where that is wanted, for a weak ETag, and below 16 MiB", async () => {
    const cases = [
      benchOf((request) => serve(request, bytes, '"a"'), { partsInFlight: 1 }),
      benchOf((request) => serve(request, bytes, 'W/"a"')),
      benchOf((request) => serve(request, bytes, '"a"', { "accept-ranges": "none" })),
      benchOf((request) => serve(request, bytes.subarray(0, 16 * mebibyte - 1), '"a"')),
    ];
    for (const { bucket, requests } of cases) {
      await bucket.read("k", open());
      expect(requests).toHaveLength(1);
    }
  });
});

describe("in order", () => {
  test("an object that is replaced is changed where the sink cannot begin again", async () => {
    for (let k = 2; k <= 16; k++) {
      const { bucket } = benchOf((request, n) =>
        n < k ? serve(request, bytes, '"a"') : serve(request, filledWith(5, size), '"b"'),
      );
      await expect(bucket.read("k", new OrderedSink(false))).rejects.toMatchObject({ code: "changed" });
    }
  });

  test("who takes little asks for little", async () => {
    const { bucket, requests } = benchOf((request) => ({
      ...serve(request, bytes, '"a"'),
      body: bytes.subarray(0, 65_536),
      cut: { afterBytes: 65_536, error: new Error("left") },
    }));
    await expect(bucket.read("k", new OrderedSink(false))).rejects.toThrow("left");
    expect(requests).toHaveLength(1);
  });

  test("the window takes its memory from what is there, and gives it back", async () => {
    for (const [there, parts] of [
      [64, 15],
      [5, 15],
      [3, 0],
    ] as const) {
      let left = there * mebibyte;
      let least = left;
      const memory = {
        take: (bytesOf: number) => {
          if (bytesOf > left) return false;
          left -= bytesOf;
          least = Math.min(least, left);
          return true;
        },
        insist: () => expect.unreachable("a read has one connection at least without any"),
        give: (bytesOf: number) => {
          left += bytesOf;
        },
      };
      const { bucket, requests } = benchOf((request) => serve(request, bytes, '"a"'), { memory });
      const sink = new OrderedSink(false);
      await bucket.read("k", sink);
      expect(same(sink.bytes, bytes)).toBe(true);
      expect(requests).toHaveLength(1 + parts);
      expect(left).toBe(there * mebibyte);
      expect(least).toBe(Math.max(there - 16, parts === 0 ? there : 1) * mebibyte);
    }
  });
});
