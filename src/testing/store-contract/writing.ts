/** What every store promises of `write`, `delete` and `copyFrom`: all or nothing, and one winner. */
import assert from "node:assert/strict";
import { isEntrepotError } from "../../error/index.ts";
import type { SizedSource } from "../../store/index.ts";
import { encode, failure, pattern, rejection, type Subject, type SubjectCase, sourceOf } from "./subject.ts";

export const writing: readonly SubjectCase[] = [
  {
    name: "writing again replaces the object and changes its ETag",
    run: async ({ write, text }) => {
      const first = await write("doc", "first");
      const second = await write("doc", "other");
      assert.notEqual(second, first);
      assert.equal(await text("doc"), "other");
      await write("doc", "short");
      assert.equal(await text("doc"), "short");
    },
  },
  {
    name: "ifNoneMatch creates only: what is there stays",
    run: async ({ store, prefix, text }) => {
      await store.write(`${prefix}doc`, encode("first"), { ifNoneMatch: "*" });
      const again = store.write(`${prefix}doc`, encode("second"), { ifNoneMatch: "*" });
      await failure(again, "already-exists");
      assert.equal(await text("doc"), "first");
    },
  },
  {
    name: "ifMatch replaces this version only",
    run: async ({ store, prefix, write, text }) => {
      const first = await write("doc", "first");
      const { etag } = await store.write(`${prefix}doc`, encode("second"), { ifMatch: first });
      await failure(store.write(`${prefix}doc`, encode("third"), { ifMatch: first }), "precondition-failed");
      assert.equal(await text("doc", { ifMatch: etag }), "second");
    },
  },
  {
    name: "ifMatch on a missing object is not-found and creates nothing",
    run: async ({ store, prefix, write, names }) => {
      const etag = await write("doc", "text");
      await failure(store.write(`${prefix}missing`, encode("text"), { ifMatch: etag }), "not-found");
      assert.deepEqual((await names()).objects, ["doc"]);
    },
  },
  {
    name: "of several that create, one wins and its bytes are there",
    run: async (subject) => {
      const winner = await oneWinner(subject, { ifNoneMatch: "*" }, "already-exists");
      assert.equal(await subject.text("contested"), `writer ${winner}`);
    },
  },
  {
    name: "of several that swap, one wins and its bytes are there",
    run: async (subject) => {
      const ifMatch = await subject.write("contested", "before");
      const winner = await oneWinner(subject, { ifMatch }, "precondition-failed");
      assert.equal(await subject.text("contested"), `writer ${winner}`);
    },
  },
  {
    name: "an aborted write rejects with the signal's reason and leaves nothing",
    run: async ({ store, prefix, names }) => {
      const reason = new Error("enough");
      const before = store.write(`${prefix}doc`, encode("text"), { signal: AbortSignal.abort(reason) });
      assert.equal(await rejection(before), reason);
      const controller = new AbortController();
      const { signal } = controller;
      const during = store.write(
        `${prefix}doc`,
        hangingSource(() => controller.abort(reason)),
        { signal },
      );
      assert.equal(await rejection(during), reason);
      assert.deepEqual((await names()).objects, []);
    },
  },
  {
    name: "a source that ends early or late is truncated, and what was there before stays",
    run: async ({ store, prefix, write, text, names }) => {
      await write("doc", "before");
      const piece = pattern(1000);
      for (const announced of [1001, 999, 0, 100_000]) {
        await failure(store.write(`${prefix}doc`, sourceOf([piece], announced)), "truncated");
        await failure(store.write(`${prefix}new`, sourceOf([piece], announced)), "truncated");
      }
      assert.equal(await text("doc"), "before");
      assert.deepEqual((await names()).objects, ["doc"]);
    },
  },
  {
    name: "what a source throws is what the write rejects with, and nothing is left",
    run: async ({ store, prefix, names }) => {
      const reason = new Error("source is broken");
      const source: SizedSource = {
        sizeBytes: 2000,
        open: async function* () {
          yield pattern(1000);
          throw reason;
        },
      };
      assert.equal(await rejection(store.write(`${prefix}doc`, source)), reason);
      assert.deepEqual((await names()).objects, []);
    },
  },
  {
    name: "deleting is idempotent, and what was deleted is not-found and not listed",
    run: async ({ store, prefix, write, text, names }) => {
      await write("folder/doc", "text");
      await store.delete(`${prefix}folder/doc`);
      await store.delete(`${prefix}folder/doc`);
      await store.delete(`${prefix}never/there`);
      await failure(text("folder/doc"), "not-found");
      assert.deepEqual(await names({ rollUp: true }), { objects: [], folders: [] });
      await write("folder", "an object where a folder seemed to be");
      assert.deepEqual((await names()).objects, ["folder"]);
    },
  },
  {
    name: "deleting with ifMatch deletes this version or fails",
    run: async ({ store, prefix, write, text }) => {
      const first = await write("doc", "first");
      const second = await write("doc", "other");
      await failure(store.delete(`${prefix}doc`, { ifMatch: first }), "precondition-failed");
      assert.equal(await text("doc"), "other");
      await store.delete(`${prefix}doc`, { ifMatch: second });
      await failure(text("doc"), "not-found");
      await failure(store.delete(`${prefix}doc`, { ifMatch: second }), "not-found");
    },
  },
  {
    name: "deleting many deletes each of them, tells of each in order, and misses none that is not there",
    run: async ({ store, prefix, write, names }) => {
      if (store.deleteMany === undefined) return;
      const there = ["a", "b&<c>", "folder/d", "e+f%20"];
      for (const name of there) await write(name, "x");
      await write("b", "a neighbour");
      const keys = [...there, "never/there", "a"].map((name) => prefix + name);
      const told: (readonly [string, unknown])[] = [];
      for await (const { key, error } of store.deleteMany(keys)) told.push([key, error]);
      assert.deepEqual(
        told,
        keys.map((key) => [key, undefined]),
      );
      assert.deepEqual((await names()).objects, ["b"]);
    },
  },
  {
    name: "deleting many in one version each leaves every other version, and what is gone already is gone",
    run: async ({ store, prefix, write, names }) => {
      if (store.deleteMany === undefined) return;
      const old = await write("replaced", "first");
      await write("replaced", "other");
      const ifMatch = [await write("a", "1"), old, await write("gone", "2"), undefined, await write("b", "3")];
      await store.delete(`${prefix}gone`);
      await write("any", "4");
      const keys = ["a", "replaced", "gone", "any", "b"].map((name) => prefix + name);
      const told: (string | undefined)[] = [];
      for await (const { error } of store.deleteMany(keys, { ifMatch })) told.push(error?.code);
      assert.deepEqual(told, [undefined, "precondition-failed", undefined, undefined, undefined]);
      assert.deepEqual((await names()).objects, ["replaced"]);
    },
  },
  {
    name: "content type, encoding and metadata are kept where the store says so",
    run: async ({ store, prefix, traits }) => {
      const given = { contentType: "text/csv", contentEncoding: "identity", metadata: { origin: "a b", "x-2": "1" } };
      await store.write(`${prefix}doc`, encode("a,b"), given);
      const { contentType, contentEncoding, metadata } = await store.stat(`${prefix}doc`);
      const kept = traits.keepsMetadata
        ? given
        : { contentType: undefined, contentEncoding: undefined, metadata: undefined };
      assert.deepEqual({ contentType, contentEncoding, metadata: metadata && { ...metadata } }, kept);
    },
  },
  {
    name: "metadata names come back in lower case, and one that no header can carry is a TypeError",
    run: async ({ store, prefix, traits }) => {
      await store.write(`${prefix}doc`, encode("text"), { metadata: { Origin: "Here", "X-Run": "7" } });
      const { metadata } = await store.stat(`${prefix}doc`);
      const kept = traits.keepsMetadata ? { origin: "Here", "x-run": "7" } : undefined;
      assert.deepEqual(metadata && { ...metadata }, kept);
      for (const name of ["a b", "a\r\nb", "ü", ""]) {
        const written = store.write(`${prefix}bad`, encode("text"), { metadata: { [name]: "x" } });
        assert.ok((await rejection(written)) instanceof TypeError, JSON.stringify(name));
      }
    },
  },
  {
    name: "a copy has the bytes, the type and the metadata of its source",
    run: async ({ store, prefix, traits, bytes }) => {
      const body = pattern(200_000);
      const written = await store.write(`${prefix}from`, body, {
        contentType: "text/csv",
        metadata: { origin: "here" },
      });
      const copied = await store.copyFrom({ store, key: `${prefix}from`, ifMatch: written.etag }, `${prefix}to/copy`);
      if (traits.copies === false) return assert.equal(copied, undefined);
      assert.equal(copied?.sizeBytes, body.byteLength);
      assert.equal(Buffer.compare(await bytes("to/copy", { ifMatch: copied.etag }), body), 0);
      const { contentType, metadata } = await store.stat(`${prefix}to/copy`);
      if (traits.keepsMetadata) assert.deepEqual([contentType, { ...metadata }], ["text/csv", { origin: "here" }]);
    },
  },
  {
    name: "a copy of a missing object or of another version fails and leaves nothing",
    run: async ({ store, prefix, traits, write, names }) => {
      if (traits.copies === false) return;
      const first = await write("from", "first");
      await write("from", "other");
      await failure(store.copyFrom({ store, key: `${prefix}missing` }, `${prefix}to`), "not-found");
      await failure(
        store.copyFrom({ store, key: `${prefix}from`, ifMatch: first }, `${prefix}to`),
        "precondition-failed",
      );
      assert.deepEqual((await names()).objects, ["from"]);
    },
  },
];

async function oneWinner(
  { store, prefix }: Subject,
  condition: { readonly ifMatch: string } | { readonly ifNoneMatch: "*" },
  lost: "already-exists" | "precondition-failed",
): Promise<number> {
  const writers = Array.from({ length: 8 }, (_, index) => index);
  const results = await Promise.allSettled(
    writers.map((writer) => store.write(`${prefix}contested`, encode(`writer ${writer}`), condition)),
  );
  const winners = writers.filter((writer) => results[writer]?.status === "fulfilled");
  for (const result of results) {
    if (result.status === "rejected") assert.ok(isEntrepotError(result.reason, lost), String(result.reason));
  }
  assert.equal(winners.length, 1, `${winners.length} of ${writers.length} won`);
  return winners[0] ?? -1;
}

/** Gives one piece, tells that it is waiting, and waits for ever. */
function hangingSource(onWaiting: () => void): SizedSource {
  return {
    sizeBytes: 2_000_000,
    open: async function* () {
      yield pattern(1_000_000);
      onWaiting();
      await new Promise<never>(() => undefined);
    },
  };
}
