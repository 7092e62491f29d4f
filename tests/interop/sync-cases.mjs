// Folders made alike with any S3 server: plain values { name, run } as in depot-cases.mjs.
import assert from "node:assert/strict";
import { mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** @typedef {import("./suites.mjs").Given} Given */

/** @param {(folder: string) => Promise<void>} use */
async function withFolder(use) {
  const folder = await mkdtemp(join(tmpdir(), "entrepot-sync-"));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What was copied and removed. @param {import("entrepot").SyncReport} report */
const done = ({ copied, removed, skipped }) => [copied.objects, removed.objects, skipped.objects];

export const syncCases = [
  {
    name: "a folder is synced up and down, the second time nothing moves, and what is gone goes",
    /** @param {Given} given */
    async run({ data, bucket }) {
      await withFolder(async (folder) => {
        for (const name of ["a", "b/c", "b-d", "é/😀", "empty"])
          await data.writeText(`${folder}/up/${name}`, name === "empty" ? "" : name);
        const there = `s3://${bucket}/tree/`;
        assert.deepEqual(done(await data.sync(`${folder}/up`, there)), [5, 0, 0]);
        assert.deepEqual(done(await data.sync(`${folder}/up`, there, { delete: true })), [0, 0, 5]);
        assert.deepEqual(done(await data.sync(there, `${folder}/down`)), [5, 0, 0]);
        assert.deepEqual(done(await data.sync(there, `${folder}/down`, { delete: true })), [0, 0, 5]);
        await data.writeText(`${folder}/up/a`, "longer");
        await data.remove(`${folder}/up/b-d`);
        assert.deepEqual(done(await data.sync(`${folder}/up`, there, { delete: true })), [1, 1, 3]);
        assert.equal(await data.readText(`${there}a`), "longer");
        assert.equal(await data.exists(`${there}b-d`), false);
      });
    },
  },
  {
    name: "by checksum only what has changed moves, whatever the times, and parts are known again",
    /** @param {Given} given */
    async run({ data, bucket }) {
      await withFolder(async (folder) => {
        const names = ["one", "two", "three"];
        for (const name of names) await writeFile(join(folder, name), name.padEnd(9, "."));
        await writeFile(join(folder, "large"), Buffer.alloc(17 * 1024 * 1024, 7));
        const there = `s3://${bucket}/tree/`;
        await data.sync(folder, there);
        await writeFile(join(folder, "two"), "TWO......");
        for (const [day, name] of [...names, "large"].entries())
          await utimes(join(folder, name), 1e9, 1e9 + day * 86_400);
        assert.deepEqual(done(await data.sync(folder, there, { compare: "checksum" })), [1, 0, 3]);
        assert.equal(await data.readText(`${there}two`), "TWO......");
        for (const name of [...names, "large"]) await utimes(join(folder, name), 4e9, 4e9);
        assert.deepEqual(done(await data.sync(folder, there)), [0, 0, 4]);
      });
    },
  },
  {
    name: "two folders of the server are made alike, and a change of the same size is seen",
    /** @param {Given} given */
    async run({ data, bucket }) {
      const [from, to] = [`s3://${bucket}/from/`, `s3://${bucket}/to/`];
      for (const name of ["a", "b", "c"]) await data.writeText(from + name, name);
      assert.deepEqual(done(await data.sync(from, to)), [3, 0, 0]);
      assert.deepEqual(done(await data.sync(from, to, { delete: true })), [0, 0, 3]);
      await data.writeText(`${from}b`, "B");
      await data.writeText(`${to}c`, "C");
      assert.deepEqual(done(await data.sync(from, to)), [2, 0, 1]);
      assert.deepEqual([await data.readText(`${to}b`), await data.readText(`${to}c`)], ["B", "c"]);
    },
  },
  {
    name: "a missing source removes nothing",
    /** @param {Given} given */
    async run({ data, bucket }) {
      const to = `s3://${bucket}/to/`;
      for (const name of ["a", "b"]) await data.writeText(to + name, name);
      await assert.rejects(data.sync(`s3://${bucket}/nowhere/`, to, { delete: true }), { code: "not-found" });
      assert.equal((await data.usage(to)).objects, 2);
    },
  },
];
