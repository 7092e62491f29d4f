/** Pickles by the verbs of a depot: over a socket, compressed by suffix, refused and typed like every other value. */
import { readFileSync } from "node:fs";
import {
  type Depot,
  entrepot,
  type PickledDateTime,
  PickledDecimal,
  PickledFrame,
  type PickledInstance,
  pickledValueAt,
} from "entrepot";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { canonical } from "../pickle-canonical.ts";

let server: S3Server;
let data: Depot;

beforeAll(async () => {
  server = await startS3Server({ buckets: ["b"] });
  data = entrepot({ ...server.options, cache: false, env: {}, envFile: false });
});
afterAll(async () => {
  await data.close();
  await server.close();
});

/** What pandas 3 wrote. */
const framePickle = (() => {
  const lines = readFileSync(new URL("../fixtures/pickles/pandas-3.1.jsonl", import.meta.url), "utf8").split("\n");
  return Buffer.from(JSON.parse(lines[0] ?? "").pickles["5"], "base64");
})();
/** `model.Policy(rate=0.3)`, in protocol 0. */
const objectPickle = Buffer.from(
  "ccopy_reg\n_reconstructor\n(cmodel\nPolicy\nc__builtin__\nobject\nNtR(dVrate\nF0.3\nsb.",
  "latin1",
);

test("a value comes back from a server as it was written", async () => {
  const value = { a: [1, 2n ** 70n, "ü"], when: new Date(0), d: new PickledDecimal("1.10"), m: new Map([[1, "x"]]) };
  expect(await data.writePickle("s3://b/v.pkl", value)).toMatchObject({ uri: "s3://b/v.pkl" });
  const read = (await data.readPickle("s3://b/v.pkl")) as Record<string, unknown>;
  expect(read).toMatchObject({ a: [1, 2n ** 70n, "ü"], m: new Map([[1, "x"]]) });
  expect((read["when"] as PickledDateTime).toDate()).toEqual(new Date(0));
  expect(read["d"]).toEqual(new PickledDecimal("1.10"));
});

test("a frame of pandas is typed columns beside an index, and is written again as a frame", async () => {
  await data.writeBytes("s3://b/frame.pkl", framePickle);
  const frame = (await data.readPickle("s3://b/frame.pkl")) as PickledFrame;
  expect(frame).toBeInstanceOf(PickledFrame);
  expect(frame.rows).toBe(3);
  const column = (name: string) => frame.columns.find((each) => each.name === name)!;
  expect(column("i")).toMatchObject({ kind: "bigint", dtype: "int64", values: BigInt64Array.of(1n, 2n, 3n) });
  expect(column("s")).toMatchObject({ kind: "string", name: "s", dtype: "str", values: ["a", "ü✓", null] });
  expect(String(pickledValueAt(column("tz"), 1))).toBe("2021-06-03T02:05:06.789Z[Europe/Vienna]");
  await data.writePickle("s3://b/again.pkl", frame);
  expect(canonical(await data.readPickle("s3://b/again.pkl"))).toEqual(canonical(frame));
});

test("the suffix says the compression, both ways", async () => {
  await data.writePickle("s3://b/v.pkl.gz", { a: 1 });
  const stored = await data.readBytes("s3://b/v.pkl.gz");
  expect([...stored.subarray(0, 2)]).toEqual([0x1f, 0x8b]);
  expect(await data.readPickle("s3://b/v.pkl.gz")).toEqual({ a: 1 });
  expect(await data.writePickle("s3://b/w.pkl", 1, { compress: "gzip" })).toMatchObject({ uri: "s3://b/w.pkl.gz" });
});

describe("a class that is not data", () => {
  test("is unsupported, by its name, and read by classes", async () => {
    await data.writeBytes("s3://b/o.pkl", objectPickle);
    await expect(data.readPickle("s3://b/o.pkl")).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringContaining("model.Policy"),
      uri: "s3://b/o.pkl",
    });
    const policy = (state: unknown, { name }: PickledInstance) => ({ name, state });
    expect(await data.readPickle("s3://b/o.pkl", { classes: { "model.Policy": policy } })).toEqual({
      name: "model.Policy",
      state: { rate: 0.3 },
    });
  });

  test("is undefined where failures are ignored, and still an error where only absence is allowed", async () => {
    await data.writeBytes("s3://b/o.pkl", objectPickle);
    expect(await data.readPickle("s3://b/o.pkl", { onError: "ignore" })).toBe(undefined);
    await expect(data.readPickle("s3://b/o.pkl", { onError: "allow-missing" })).rejects.toThrow(/model.Policy/);
    expect(await data.readPickle("s3://b/none.pkl", { onError: "allow-missing" })).toBe(undefined);
  });
});

test("a schema gives the value its type", async () => {
  await data.writePickle("s3://b/s.pkl", { rate: 0.3 });
  const schema = z.object({ rate: z.number() });
  const { rate } = await data.readPickle("s3://b/s.pkl", { schema });
  expect(rate).toBe(0.3);
  await expect(data.readPickle("s3://b/s.pkl", { schema: z.array(z.number()) })).rejects.toMatchObject({
    code: "malformed",
  });
});

test("limits are kept to", async () => {
  await data.writePickle(
    "s3://b/l.pkl",
    Array.from({ length: 1000 }, () => ({})),
  );
  await expect(data.readPickle("s3://b/l.pkl", { limits: { maxBytes: 10_000 } })).rejects.toMatchObject({
    code: "limit-exceeded",
  });
  await expect(data.readPickle("s3://b/l.pkl", { limits: { maxDepth: 1 } })).rejects.toMatchObject({
    code: "limit-exceeded",
  });
});

test("bytes that are no pickle, or a part of one, are typed errors", async () => {
  await data.writeText("s3://b/text.pkl", "hello");
  await expect(data.readPickle("s3://b/text.pkl")).rejects.toMatchObject({ code: "malformed", uri: "s3://b/text.pkl" });
  await data.writeBytes("s3://b/half.pkl", framePickle.subarray(0, 100));
  await expect(data.readPickle("s3://b/half.pkl")).rejects.toMatchObject({ code: "truncated", retryable: false });
});

test("only creates, and swaps, as every write", async () => {
  const written = await data.writePickle("s3://b/c.pkl", 1);
  await expect(data.writePickle("s3://b/c.pkl", 2, { ifNoneMatch: "*" })).rejects.toMatchObject({
    code: "already-exists",
  });
  await data.writePickle("s3://b/c.pkl", 2, { ifMatch: written.etag });
  expect(await data.readPickle("s3://b/c.pkl")).toBe(2);
});

test.each([
  [{ classes: 5 }, TypeError],
  [{ classes: { "a.B": 1 } }, TypeError],
  [{ limits: { maxbytes: 1 } }, TypeError],
  [{ limits: { maxDepth: 0 } }, RangeError],
  [{ encoding: "latin1" }, TypeError],
])("readPickle(%j) is a caller's mistake", async (options, Kind) => {
  await expect(data.readPickle("s3://b/c.pkl", options as never)).rejects.toThrow(Kind);
});

test("a protocol that is none is a caller's mistake, and nothing is written", async () => {
  await expect(data.writePickle("s3://b/p.pkl", 1, { protocol: 1 as never })).rejects.toThrow(TypeError);
  await expect(data.writePickle("s3://b/p.pkl", () => 1)).rejects.toThrow(TypeError);
  expect(await data.exists("s3://b/p.pkl")).toBe(false);
});
