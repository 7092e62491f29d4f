/** What every store promises of bodies that are large, or whose length nobody knows: the same as of all others. */
import assert from "node:assert/strict";
import type { SizedSource, UnsizedSource } from "../../store/index.ts";
import { failure, pattern, rejection, type SubjectCase } from "./subject.ts";

/** More than two requests should carry of a body of unknown length, and more than one of a known one, bytes. */
const largeBytes = 17 * 1024 * 1024 + 1;

/** In odd pieces, of which each is overwritten when the next is asked for. */
function unsizedSource(bytes: Uint8Array, pieceBytes = 70_001): UnsizedSource & { opened: number } {
  return {
    sizeBytes: undefined,
    opened: 0,
    open() {
      this.opened += 1;
      return (async function* () {
        const piece = new Uint8Array(pieceBytes);
        for (let at = 0; at < bytes.byteLength; at += pieceBytes) {
          const count = Math.min(pieceBytes, bytes.byteLength - at);
          piece.set(bytes.subarray(at, at + count));
          yield piece.subarray(0, count);
        }
      })();
    },
  };
}

export const largeBodies: readonly SubjectCase[] = [
  {
    name: "a source of unknown length is opened once and written whole, whatever its length",
    run: async ({ store, prefix, bytes }) => {
      for (const size of [0, 1, 70_001, 300_000, largeBytes]) {
        const body = pattern(size);
        const source = unsizedSource(body);
        const { sizeBytes, etag } = await store.write(`${prefix}doc`, source);
        assert.deepEqual([sizeBytes, source.opened], [size, 1]);
        assert.equal(Buffer.compare(await bytes("doc", { ifMatch: etag }), body), 0, `${size} bytes`);
      }
    },
  },
  {
    name: "a large body is written whole, from bytes, from a source and from one that gives any range",
    run: async ({ store, prefix, bytes }) => {
      const body = pattern(largeBytes);
      const whole: SizedSource = {
        sizeBytes: largeBytes,
        open: async function* () {
          for (let at = 0; at < largeBytes; at += 1_000_003) yield body.subarray(at, at + 1_000_003);
        },
      };
      const ranged: SizedSource = {
        ...whole,
        openRange: async function* (start, end) {
          for (let at = start; at < end; at += 1_000_003) yield body.subarray(at, Math.min(end, at + 1_000_003));
        },
      };
      for (const given of [body, whole, ranged]) {
        const { sizeBytes, etag } = await store.write(`${prefix}doc`, given);
        assert.equal(sizeBytes, largeBytes);
        assert.equal(Buffer.compare(await bytes("doc", { ifMatch: etag }), body), 0);
      }
    },
  },
  {
    name: "conditions hold for large bodies and for those of unknown length",
    run: async ({ store, prefix, write, text, names }) => {
      const etag = await write("doc", "there");
      const other = await write("other", "other");
      const large = pattern(largeBytes);
      for (const body of [large, unsizedSource(large)]) {
        await failure(store.write(`${prefix}doc`, body, { ifNoneMatch: "*" }), "already-exists");
        await failure(store.write(`${prefix}doc`, body, { ifMatch: other }), "precondition-failed");
        await failure(store.write(`${prefix}missing`, body, { ifMatch: etag }), "not-found");
      }
      assert.equal(await text("doc", { ifMatch: etag }), "there");
      assert.deepEqual((await names()).objects, ["doc", "other"]);
      const swapped = await store.write(`${prefix}doc`, unsizedSource(large), { ifMatch: etag });
      assert.equal(swapped.sizeBytes, largeBytes);
      assert.equal((await store.write(`${prefix}new`, large, { ifNoneMatch: "*" })).sizeBytes, largeBytes);
    },
  },
  {
    name: "a large source that throws, ends early or late, or is aborted leaves nothing",
    run: async ({ store, prefix, names }) => {
      const reason = new Error("source is broken");
      const controller = new AbortController();
      const stopped = new Error("enough");
      const piece = pattern(1_000_000);
      async function* pieces(count: number, end: () => void) {
        for (let index = 0; index < count; index += 1) yield piece;
        end();
      }
      const throwing = () => pieces(17, () => assert.fail(reason));
      const unsized = store.write(`${prefix}doc`, { sizeBytes: undefined, open: throwing });
      assert.equal(await rejection(unsized), reason);
      const sized = store.write(`${prefix}doc`, { sizeBytes: 20_000_000, open: throwing });
      assert.equal(await rejection(sized), reason);
      const none = () => undefined;
      for (const announced of [17_000_001, 18_000_000, 16_999_999]) {
        const source = { sizeBytes: announced, open: () => pieces(17, none) };
        await failure(store.write(`${prefix}doc`, source), "truncated");
      }
      const { signal } = controller;
      const open = () => pieces(17, () => controller.abort(stopped));
      assert.equal(await rejection(store.write(`${prefix}doc`, { sizeBytes: undefined, open }, { signal })), stopped);
      assert.deepEqual((await names()).objects, []);
    },
  },
];
