/** What every store promises of `read` and `stat`. */
import assert from "node:assert/strict";
import type { BodySink, ByteRange, ObjectInfo, ResolvedRange } from "../../store/index.ts";
import { encode, failure, pattern, rejection, type SubjectCase, sourceOf } from "./subject.ts";

const ranges: readonly (readonly [ByteRange, string])[] = [
  [{ start: 0, end: 4 }, "0123"],
  [{ start: 3, end: 5 }, "34"],
  [{ start: 7 }, "789"],
  [{ start: 8, end: 100 }, "89"],
  [{ start: 4, end: 4 }, ""],
  [{ start: 10 }, ""],
  [{ start: 10, end: 12 }, ""],
  [{ suffix: 3 }, "789"],
  [{ suffix: 100 }, "0123456789"],
  [{ suffix: 0 }, ""],
];

export const reading: readonly SubjectCase[] = [
  {
    name: "an empty object is not a missing one",
    run: async ({ store, prefix, bytes }) => {
      await store.write(`${prefix}empty`, new Uint8Array(0));
      assert.equal((await bytes("empty")).byteLength, 0);
      assert.equal((await store.stat(`${prefix}empty`)).sizeBytes, 0);
      assert.equal((await bytes("empty", { range: { start: 0 } })).byteLength, 0);
      assert.equal((await bytes("empty", { range: { suffix: 5 } })).byteLength, 0);
    },
  },
  {
    name: "a missing object is not-found, and the error bears its address",
    run: async ({ store, prefix, text }) => {
      // One after the other: a rejection that comes while the first is awaited would be nobody's.
      for (const action of [() => text("missing"), () => store.stat(`${prefix}missing`)]) {
        const error = await failure(action(), "not-found");
        assert.equal(error.uri, `${store.uri}${prefix}missing`);
      }
    },
  },
  {
    name: "what was written is what is read, from bytes and from a source, small and large",
    run: async ({ store, prefix, bytes }) => {
      for (const sizeBytes of [1, 65_536, 65_537, 2_500_000]) {
        const body = pattern(sizeBytes, sizeBytes);
        const written = await store.write(`${prefix}whole`, body);
        assert.equal(written.sizeBytes, sizeBytes);
        assert.equal(Buffer.compare(await bytes("whole"), body), 0, `${sizeBytes} bytes`);
        const pieces = [body.subarray(0, 10), body.subarray(10, 70_000), body.subarray(70_000)];
        await store.write(`${prefix}pieces`, sourceOf(pieces));
        assert.equal(Buffer.compare(await bytes("pieces"), body), 0, `${sizeBytes} bytes in pieces`);
      }
    },
  },
  {
    name: "stat tells the key, the size, the time and the ETag that the write returned",
    run: async ({ store, prefix, write }) => {
      const etag = await write("one", "twelve bytes");
      const info = await store.stat(`${prefix}one`);
      assert.equal(info.key, `${prefix}one`);
      assert.equal(info.sizeBytes, 12);
      assert.equal(info.etag, etag);
      assert.ok(Math.abs(info.modifiedMs - Date.now()) < 86_400_000, `modified ${info.modifiedMs}`);
    },
  },
  {
    name: "a range is half open, its end clamps, and a suffix counts from the end",
    run: async ({ write, text }) => {
      await write("digits", "0123456789");
      for (const [range, expected] of ranges)
        assert.equal(await text("digits", { range }), expected, JSON.stringify(range));
    },
  },
  {
    name: "the sink learns the whole object's size and the resolved range before any byte",
    run: async ({ store, prefix, write }) => {
      await write("digits", "0123456789");
      const seen: (readonly [number, ResolvedRange] | number)[] = [];
      const sink: BodySink = {
        start: (info, range) => void seen.push([info.sizeBytes, range]),
        write: (chunk) => void seen.push(chunk.byteLength),
      };
      const result = await store.read(`${prefix}digits`, sink, { range: { suffix: 4 } });
      assert.deepEqual(seen[0], [10, { start: 6, end: 10 }]);
      assert.equal(
        seen.slice(1).reduce<number>((sum, piece) => sum + Number(piece), 0),
        4,
      );
      assert.ok(result !== "not-modified" && result.range.start === 6);
    },
  },
  {
    name: "a range that starts beyond the end is invalid-range",
    run: async ({ write, text }) => {
      await write("digits", "0123456789");
      await write("empty", "");
      await failure(text("digits", { range: { start: 11 } }), "invalid-range");
      await failure(text("digits", { range: { start: 11, end: 20 } }), "invalid-range");
      await failure(text("empty", { range: { start: 1 } }), "invalid-range");
    },
  },
  {
    name: "a range that no object could satisfy is a RangeError",
    run: async ({ write, text }) => {
      await write("digits", "0123456789");
      for (const range of [
        { start: -1 },
        { start: 5, end: 4 },
        { start: 0.5 },
        { suffix: -1 },
        { start: Number.NaN },
      ]) {
        assert.ok((await rejection(text("digits", { range }))) instanceof RangeError, JSON.stringify(range));
      }
    },
  },
  {
    name: "ifMatch reads this version or fails as precondition-failed",
    run: async ({ store, prefix, write, text }) => {
      const first = await write("doc", "first");
      assert.equal(await text("doc", { ifMatch: first }), "first");
      const second = await write("doc", "other");
      await failure(text("doc", { ifMatch: first }), "precondition-failed");
      await failure(store.stat(`${prefix}doc`, { ifMatch: first }), "precondition-failed");
      assert.equal(await text("doc", { ifMatch: second, range: { start: 1, end: 3 } }), "th");
    },
  },
  {
    name: "ifNoneMatch of the present version is not-modified, and the sink sees nothing",
    run: async ({ store, prefix, write }) => {
      const etag = await write("doc", "text");
      const seen: string[] = [];
      const sink: BodySink = { start: () => void seen.push("start"), write: () => void seen.push("write") };
      assert.equal(await store.read(`${prefix}doc`, sink, { ifNoneMatch: etag }), "not-modified");
      assert.deepEqual(seen, []);
      await write("doc", "later");
      const result = await store.read(`${prefix}doc`, sink, { ifNoneMatch: etag });
      assert.ok(result !== "not-modified");
      assert.deepEqual(seen.slice(0, 1), ["start"]);
    },
  },
  {
    name: "one read gives one version, though the object is replaced in the middle of it",
    run: async ({ store, prefix }) => {
      const sizeBytes = 3_000_000;
      await store.write(`${prefix}big`, new Uint8Array(sizeBytes).fill(1));
      let bytes = new Uint8Array(0);
      let filled = 0;
      let info: ObjectInfo | undefined;
      let replaced = false;
      const sink: BodySink = {
        restartable: true,
        start: (started) => {
          [info, bytes, filled] = [started, new Uint8Array(started.sizeBytes), 0];
        },
        write: async (chunk) => {
          bytes.set(chunk, filled);
          filled += chunk.byteLength;
          if (replaced) return;
          replaced = true;
          await store.write(`${prefix}big`, new Uint8Array(sizeBytes).fill(2));
        },
      };
      const result = await store.read(`${prefix}big`, sink);
      assert.ok(result !== "not-modified");
      assert.equal(result.info.etag, info?.etag);
      assert.equal(filled, sizeBytes);
      assert.equal(
        bytes.every((byte) => byte === bytes[0]),
        true,
        "bytes of two versions",
      );
    },
  },
  {
    name: "an aborted read rejects with the signal's reason, before and during",
    run: async ({ store, prefix, text }) => {
      await store.write(`${prefix}big`, pattern(2_000_000));
      const reason = new Error("enough");
      assert.equal(await rejection(text("big", { signal: AbortSignal.abort(reason) })), reason);
      const controller = new AbortController();
      const sink: BodySink = { start: () => undefined, write: () => controller.abort(reason) };
      assert.equal(await rejection(store.read(`${prefix}big`, sink, { signal: controller.signal })), reason);
    },
  },
  {
    name: "what a sink throws ends the read and is what it rejects with",
    run: async ({ store, prefix, write, text }) => {
      await write("doc", "text");
      const reason = new Error("sink is full");
      const fail = (): never => {
        throw reason;
      };
      assert.equal(await rejection(store.read(`${prefix}doc`, { start: fail, write: () => undefined })), reason);
      assert.equal(await rejection(store.read(`${prefix}doc`, { start: () => undefined, write: fail })), reason);
      const late = { start: () => undefined, write: () => Promise.reject(reason) };
      assert.equal(await rejection(store.read(`${prefix}doc`, late)), reason);
      assert.equal(await text("doc"), "text");
    },
  },
  {
    name: "what was read belongs to the reader: changing it changes no object",
    run: async ({ store, prefix, bytes, text }) => {
      const body = encode("mine");
      await store.write(`${prefix}doc`, body);
      body.fill(0);
      (await bytes("doc")).fill(0);
      assert.equal(await text("doc"), "mine");
    },
  },
];
