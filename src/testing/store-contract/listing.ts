/** What every store promises of `list`: complete, in the order of the keys' UTF-8 bytes, in pages. */
import assert from "node:assert/strict";
import { forEachOf, rejection, type Subject, type SubjectCase } from "./subject.ts";

/** In the order of their bytes, which is neither that of UTF-16 nor that of a walk through folders. */
const inOrder: readonly string[] = [
  "A",
  "a",
  "a b",
  "a+b",
  "a-b",
  "a.b",
  "a/",
  "a/b",
  "a/b/c",
  "a0",
  "ab",
  "b/1",
  "b/10",
  "b/2",
  "\u00e9",
  "\uff5e",
  "\u{1f600}",
];

export const listing: readonly SubjectCase[] = [
  {
    name: "a listing is complete at 0, 1, 999, 1,000, 1,001 and 2,500 keys",
    run: async (subject) => {
      const { prefix, store, traits, pages } = subject;
      const keys: string[] = [];
      for (const size of traits.listSizes ?? [0, 1, 999, 1000, 1001, 2500]) {
        const more = Array.from({ length: size - keys.length }, (_, index) => keyNumber(keys.length + index));
        await forEachOf(more, async (key) => void (await store.write(prefix + key, new Uint8Array(1))));
        keys.push(...more);
        const listed = await pages();
        assert.deepEqual(
          listed.flatMap(({ objects }) => objects.map(({ key }) => key)),
          keys.map((key) => prefix + key).sort(),
        );
        assert.ok(
          listed.every(({ objects }) => objects.length <= 1000),
          "a page of more than 1,000",
        );
        assert.equal(listed.flatMap(({ folders }) => folders).length, 0);
      }
    },
  },
  {
    name: "keys come in the order of their UTF-8 bytes",
    run: async (subject) => {
      const held = await writeHeld(subject, inOrder);
      assert.deepEqual((await subject.names()).objects, held);
      assert.deepEqual((await subject.names({ pageSize: 2 })).objects, held);
    },
  },
  {
    name: "roll-up gives each folder once and the objects beside it",
    run: async (subject) => {
      const held = await writeHeld(subject, ["a-b", "a/1", "a/2", "a/c/3", "a.b", "b", "c/d/e"]);
      assert.deepEqual(held.length, 7);
      assert.deepEqual(await subject.names({ rollUp: true }), { objects: ["a-b", "a.b", "b"], folders: ["a/", "c/"] });
      const below = await subject.names({ rollUp: true, prefix: "a/" });
      assert.deepEqual(below, { objects: ["a/1", "a/2"], folders: ["a/c/"] });
      const pages = await subject.pages({ rollUp: true, pageSize: 2 });
      assert.ok(pages.every(({ objects, folders }) => objects.length + folders.length <= 2));
      assert.deepEqual(pages.flatMap(({ folders }) => folders).length, 2);
    },
  },
  {
    name: "a prefix is any string, not only a folder",
    run: async (subject) => {
      await writeHeld(subject, ["fa", "fil", "file1", "files/a", "files/b", "g"]);
      assert.deepEqual((await subject.names({ prefix: "fil" })).objects, ["fil", "file1", "files/a", "files/b"]);
      const rolled = await subject.names({ prefix: "fil", rollUp: true });
      assert.deepEqual(rolled, { objects: ["fil", "file1"], folders: ["files/"] });
      assert.deepEqual((await subject.names({ prefix: "files/b" })).objects, ["files/b"]);
      assert.deepEqual(await subject.names({ prefix: "nothing/of/the/kind" }), { objects: [], folders: [] });
      assert.deepEqual(await subject.names({ prefix: "fa/" }), { objects: [], folders: [] });
    },
  },
  {
    name: "startAfter leaves out the key itself and all before it",
    run: async (subject) => {
      await writeHeld(subject, ["a", "b/1", "b/2", "b/3", "c"]);
      const after = async (startAfter: string): Promise<string[]> => (await subject.names({ startAfter })).objects;
      assert.deepEqual(await after("a"), ["b/1", "b/2", "b/3", "c"]);
      assert.deepEqual(await after("b/2"), ["b/3", "c"]);
      assert.deepEqual(await after("b/"), ["b/1", "b/2", "b/3", "c"]);
      assert.deepEqual(await after("b0"), ["c"]);
      assert.deepEqual(await after("c"), []);
      assert.deepEqual((await subject.names({ prefix: "b/", startAfter: "b/1" })).objects, ["b/2", "b/3"]);
    },
  },
  {
    name: "a page size is 1 to 1,000, and pages are no longer",
    run: async (subject) => {
      await writeHeld(subject, ["a", "b", "c", "d", "e"]);
      const pages = await subject.pages({ pageSize: 2 });
      assert.deepEqual(
        pages.map(({ objects }) => objects.length).filter((length) => length > 0),
        [2, 2, 1],
      );
      for (const pageSize of [0, 1001, 1.5]) {
        assert.ok((await rejection(subject.pages({ pageSize }))) instanceof RangeError, `pageSize ${pageSize}`);
      }
    },
  },
  {
    name: "a listed object has the size and the ETag that stat tells",
    run: async ({ store, prefix, write, pages }) => {
      await write("doc", "twelve bytes");
      const listed = (await pages()).flatMap(({ objects }) => objects);
      const { sizeBytes, etag } = await store.stat(`${prefix}doc`);
      assert.deepEqual(
        listed.map((object) => [object.key, object.sizeBytes, object.etag]),
        [[`${prefix}doc`, sizeBytes, etag]],
      );
    },
  },
  {
    name: "an aborted listing rejects with the signal's reason, before and between pages",
    run: async (subject) => {
      await writeHeld(subject, ["a", "b", "c"]);
      const reason = new Error("enough");
      assert.equal(await rejection(subject.pages({ signal: AbortSignal.abort(reason) })), reason);
      const controller = new AbortController();
      const options = { prefix: subject.prefix, pageSize: 1, signal: controller.signal };
      const afterOne = async (): Promise<void> => {
        for await (const _ of subject.store.list(options)) controller.abort(reason);
      };
      assert.equal(await rejection(afterOne()), reason);
    },
  },
];

/** Half of them below folders, so that a walk has to go up and down. */
function keyNumber(index: number): string {
  const digits = String(index).padStart(5, "0");
  return index % 2 === 0 ? `key-${digits}` : `key/${digits.slice(0, 3)}/${digits}`;
}

/** Writes those that the store can hold beside each other, and gives them back in the same order. */
async function writeHeld({ store, prefix, traits }: Subject, names: readonly string[]): Promise<string[]> {
  const held = names.filter((name) => {
    if (traits.cannotHold?.(prefix + name) !== undefined) return false;
    const isFolderToo = names.some((other) => other.startsWith(`${name}/`));
    return !(traits.filesAndFoldersClash === true && isFolderToo);
  });
  await forEachOf(held, async (name) => void (await store.write(prefix + name, new Uint8Array(1))));
  return held;
}
