import { describe, expect, test } from "vitest";
import { type ChecksumAlgorithm, checksumOf } from "../../checksum/index.ts";
import type { TransportRequest } from "../../net/index.ts";
import type { ScriptedAnswer } from "../../testing/index.ts";
import type { BodySink, ObjectInfo, ResolvedRange } from "../object-store.ts";
import { BytesSink } from "../read-bytes.ts";
import { broken, refusal, scripted } from "../s3/scripted.fixture.ts";

const mebibyte = 1024 * 1024;
const size = 40 * mebibyte;
const bytes = filledWith(1, size);
const base64 = (algorithm: ChecksumAlgorithm, of: Uint8Array) =>
  Buffer.from(checksumOf(algorithm, of)).toString("base64");
const crc = base64("CRC32", bytes);

/** No two places alike, and no two fillings. */
function filledWith(seed: number, sizeBytes: number): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(Math.ceil(sizeBytes / 4));
  for (let n = 0; n < words.length; n++) words[n] = Math.imul(n + seed, 2654435761);
  return new Uint8Array(words.buffer, 0, sizeBytes);
}

/** What a correct server answers. */
function serve(
  request: TransportRequest,
  whole: Uint8Array,
  etag: string,
  headers: Record<string, string> = {},
): ScriptedAnswer {
  const { range, "if-match": ifMatch } = request.headers;
  if (ifMatch !== undefined && ifMatch !== etag) return refusal(412, "PreconditionFailed");
  const match = /^bytes=(\d+)-(\d+)$/.exec(range ?? "");
  if (match === null) {
    return { status: 200, headers: { "content-length": String(whole.byteLength), etag, ...headers }, body: whole };
  }
  const start = Number(match[1]);
  const end = Math.min(Number(match[2]) + 1, whole.byteLength);
  if (start >= whole.byteLength) return refusal(416, "InvalidRange");
  const length = {
    "content-length": String(end - start),
    "content-range": `bytes ${start}-${end - 1}/${whole.byteLength}`,
  };
  return { status: 206, headers: { ...length, etag }, body: whole.subarray(start, end) };
}

/** Takes pieces in order only. */
class OrderedSink implements BodySink {
  readonly restartable: boolean;
  bytes: Uint8Array = new Uint8Array(0);
  starts = 0;
  filled = 0;
  constructor(restartable: boolean) {
    this.restartable = restartable;
  }
  start(_info: ObjectInfo, { start, end }: ResolvedRange): void {
    this.starts++;
    this.filled = 0;
    this.bytes = new Uint8Array(end - start);
  }
  write(chunk: Uint8Array): void {
    this.bytes.set(chunk, this.filled);
    this.filled += chunk.byteLength;
  }
}

/** Takes pieces of any place, each byte once. */
class PlacesSink extends BytesSink {
  starts = 0;
  readonly #seen = new Set<number>();
  #inOrder: boolean | undefined;
  override start(info: ObjectInfo, range: ResolvedRange): void {
    super.start(info, range);
    this.starts++;
    this.#seen.clear();
    this.#inOrder = undefined;
  }
  override write(chunk: Uint8Array): void {
    this.#only(true);
    super.write(chunk);
  }
  override writeAt(offset: number, chunk: Uint8Array): void {
    this.#only(false);
    if (this.#seen.has(offset)) throw new Error(`byte ${offset} came twice`);
    this.#seen.add(offset);
    super.writeAt(offset, chunk);
  }
  #only(inOrder: boolean): void {
    this.#inOrder ??= inOrder;
    if (this.#inOrder !== inOrder) throw new Error("a read that writes anywhere does not write in order");
  }
}

const sinks = [
  ["in order", () => new OrderedSink(true), 9],
  ["of any place", () => new PlacesSink(), 4],
] as const;

const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;

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
      const { bucket, transport } = scripted((request) => serve(request, bytes, '"a"', headers));
      expect(await bucket.read("k", sink)).toMatchObject({ verified: "checksum", range: { start: 0, end: size } });
      expect(same(sink.bytes, bytes)).toBe(true);
      expect(sink.starts).toBe(1);
      expect(transport.requests[0]?.headers).not.toHaveProperty("range");
      const parts = transport.requests.slice(1);
      expect(parts).toHaveLength(ranged);
      for (const { headers: sent } of parts)
        expect(sent).toMatchObject({ range: expect.any(String), "if-match": '"a"' });
    }
  });

  test("without a checksum says so", async () => {
    const sink = open();
    const { bucket } = scripted((request) => serve(request, bytes, '"a"'));
    expect(await bucket.read("k", sink)).toMatchObject({ verified: "length" });
    expect(same(sink.bytes, bytes)).toBe(true);
  });

  test.each(["SHA256", "SHA1"] as const)("with a %s is digested in order", async (algorithm) => {
    const sink = kind === "in order" ? open() : new BytesSink();
    const headers = { [`x-amz-checksum-${algorithm.toLowerCase()}`]: base64(algorithm, bytes) };
    const { bucket, transport } = scripted((request) => serve(request, bytes, '"a"', headers));
    expect(await bucket.read("k", sink)).toMatchObject({ verified: "checksum" });
    expect(same(sink.bytes, bytes)).toBe(true);
    expect(transport.requests.length).toBeGreaterThan(8);
  });

  test("and a range of one", async () => {
    const sink = open();
    const { bucket, transport } = scripted((request) => serve(request, bytes, '"a"'));
    const range = { start: 3, end: 3 + 24 * mebibyte };
    expect(await bucket.read("k", sink, { range })).toMatchObject({ range, verified: "length" });
    expect(same(sink.bytes, bytes.subarray(range.start, range.end))).toBe(true);
    expect(transport.requests.length).toBeGreaterThan(2);
  });

  test("each part goes on from its last good byte, and few bytes come twice", async () => {
    const sink = open();
    let served = 0;
    const { bucket } = scripted((request, n) => {
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
      const { bucket } = scripted((request, n) => {
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
      for (const honest of [true, false]) {
        const sink = open();
        const { bucket } = scripted((request, n) => {
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
    const { bucket } = scripted((request, n) => serve(request, bytes, `"${n}"`));
    await expect(bucket.read("k", open())).rejects.toMatchObject({ code: "changed" });
  });

  test("replaced is changed where just one version was asked for", async () => {
    const { bucket } = scripted((request, n) => serve(request, bytes, n < 3 ? '"a"' : '"b"'));
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
    [
      "more bytes than it says",
      (answer) => ({ ...answer, body: Buffer.concat([answer.body as Uint8Array, Buffer.alloc(3)]) }),
    ],
    ["a refusal of If-Match", () => refusal(501, "NotImplemented")],
  ];
  test.each(bad)("a server that answers a range with %s is read in one stream, from then on", async (_name, spoil) => {
    for (const from of [2, 4]) {
      const { bucket, transport } = scripted((request, n) => {
        const answer = serve(request, bytes, '"a"', { "x-amz-checksum-crc32": crc });
        return isPart(request) && n >= from && n <= 8 ? spoil(answer, request) : answer;
      });
      const sink = open();
      const result = bucket.read("k", sink);
      expect(await result).toMatchObject({ verified: "checksum" });
      expect(same(sink.bytes, bytes)).toBe(true);
      const before = transport.requests.length;
      await bucket.read("k", open());
      expect(transport.requests.length - before).toBe(1);
    }
  });

  test("a part that fails for good ends the others, and nothing is sent any more", async () => {
    const { bucket, transport } = scripted((request, n) =>
      n === 4 ? refusal(403, "AccessDenied") : serve(request, bytes, '"a"'),
    );
    await expect(bucket.read("k", open())).rejects.toMatchObject({ code: "forbidden", uri: "s3://b/k" });
    const sent = transport.requests.length;
    await new Promise((resolve) => setImmediate(resolve));
    expect(transport.requests.length).toBe(sent);
    expect(sent).toBeLessThan(10);
  });

  test("the caller's signal ends all parts", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const { bucket } = scripted((request, n) => {
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
    const { bucket } = scripted((request) => serve(request, bytes, '"a"'));
    const start: BodySink["start"] = (...given) => sink.start(...given);
    const writeAt = kind === "in order" ? undefined : fail;
    const failing: BodySink = { start, write: fail, writeAt, restartable: true };
    await expect(bucket.read("k", failing)).rejects.toBe(full);
  });

  test("one stream is enough where that is wanted, for a weak ETag, and below 16 MiB", async () => {
    const cases = [
      scripted((request) => serve(request, bytes, '"a"'), { partsInFlight: 1 }),
      scripted((request) => serve(request, bytes, 'W/"a"')),
      scripted((request) => serve(request, bytes, '"a"', { "accept-ranges": "none" })),
      scripted((request) => serve(request, bytes.subarray(0, 16 * mebibyte - 1), '"a"')),
    ];
    for (const { bucket, transport } of cases) {
      await bucket.read("k", open());
      expect(transport.requests).toHaveLength(1);
    }
  });
});

describe("in order", () => {
  test("an object that is replaced is changed where the sink cannot begin again", async () => {
    for (let k = 2; k <= 10; k++) {
      const { bucket } = scripted((request, n) =>
        n < k ? serve(request, bytes, '"a"') : serve(request, filledWith(5, size), '"b"'),
      );
      await expect(bucket.read("k", new OrderedSink(false))).rejects.toMatchObject({ code: "changed" });
    }
  });

  test("who takes little asks for little", async () => {
    const { bucket, transport } = scripted((request) => ({
      ...serve(request, bytes, '"a"'),
      body: bytes.subarray(0, 65_536),
      cut: { afterBytes: 65_536, error: new Error("left") },
    }));
    await expect(bucket.read("k", new OrderedSink(false))).rejects.toThrow("left");
    expect(transport.requests).toHaveLength(1);
  });

  test("the window takes its memory from what is there, and gives it back", async () => {
    for (const [there, parts] of [
      [64, 9],
      [9, 9],
      [5, 0],
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
        give: (bytesOf: number) => {
          left += bytesOf;
        },
      };
      const { bucket, transport } = scripted((request) => serve(request, bytes, '"a"'), { memory });
      const sink = new OrderedSink(false);
      await bucket.read("k", sink);
      expect(same(sink.bytes, bytes)).toBe(true);
      expect(transport.requests).toHaveLength(1 + parts);
      expect(left).toBe(there * mebibyte);
      expect(least).toBe(Math.max(there - 32, parts === 0 ? there : 1) * mebibyte);
    }
  });
});
