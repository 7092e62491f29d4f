// The depot's verbs against any S3 server, as plain values { name, run }; `run` is given a depot and a fresh bucket.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { attributeCases, fails } from "./attribute-cases.mjs";
import { fetchPlain, hostile, inByteOrder } from "./clients/verdict.mjs";
import { syncCases } from "./sync-cases.mjs";

/** @typedef {import("./suites.mjs").Given} Given */

async function writeMany(
  /** @type {Given["data"]} */ data,
  /** @type {string} */ bucket,
  /** @type {readonly string[]} */ keys,
) {
  const rest = [...keys];
  const worker = async () => {
    for (let key = rest.pop(); key !== undefined; key = rest.pop()) await data.writeText({ bucket, key }, "x");
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}

const counted = [0, 1, 999, 1000, 1001, 2500].map((count) => ({
  name: `a folder of ${count} keys lists ${count}, in byte order`,
  /** @param {Given} given */
  async run({ data, bucket }) {
    const keys = Array.from({ length: count }, (_, n) => `f/d${n % 5}/k${n}`);
    await writeMany(data, bucket, keys);
    assert.deepEqual(
      await data.list(`s3://${bucket}/f/`).uris(),
      inByteOrder(keys).map((key) => `s3://${bucket}/${key}`),
    );
  },
}));

const keyClasses = Object.entries(hostile.classes).map(([kind, keys]) => ({
  name: `hostile keys round-trip: ${kind}`,
  /** @param {Given} given */
  async run({ data, bucket }) {
    for (const key of keys) {
      // Not the key alone: as text it may begin with a byte order mark, which reading drops.
      await data.writeText({ bucket, key }, `value of ${key}`);
      assert.equal(await data.readText({ bucket, key }), `value of ${key}`);
    }
    const listed = await data.list(`s3://${bucket}`).toArray();
    assert.deepEqual(
      listed.map((/** @type {any} */ entry) => entry.path),
      inByteOrder(keys),
    );
    for (const key of keys) await data.remove({ bucket, key });
    assert.deepEqual(await data.list(`s3://${bucket}`).uris(), []);
  },
}));

const removals = [2, 999, 1000, 1001, 2500].map((count) => ({
  name: `a folder of ${count} keys is removed, and its neighbours stay`,
  /** @param {Given} given */
  async run({ data, bucket }) {
    await writeMany(
      data,
      bucket,
      Array.from({ length: count }, (_, n) => `f/d${n % 5}/k${n}`),
    );
    await writeMany(data, bucket, ["f-not", "fa/1"]);
    /** @type {string[]} */
    const told = [];
    const { removed } = await data.remove(`s3://${bucket}/f/`, {
      recursive: true,
      onFile: (/** @type {any} */ file) => told.push(`${file.status} ${file.uri}`),
    });
    assert.deepEqual([removed.objects, new Set(told).size], [count, count]);
    assert.ok(told.every((line) => line.startsWith(`done s3://${bucket}/f/`)));
    const left = await data.list(`s3://${bucket}`).uris();
    assert.deepEqual(
      left,
      ["f-not", "fa/1"].map((key) => `s3://${bucket}/${key}`),
    );
  },
}));

const removedClasses = Object.entries(hostile.classes).map(([kind, keys]) => ({
  name: `hostile keys are removed together: ${kind}`,
  /** @param {Given} given */
  async run({ data, bucket }) {
    await writeMany(data, bucket, [...keys, "n"]);
    const { removed } = await data.remove(keys.map((/** @type {string} */ key) => ({ bucket, key })));
    assert.equal(removed.objects, keys.length);
    assert.deepEqual(await data.list(`s3://${bucket}`).uris(), [`s3://${bucket}/n`]);
  },
}));

export const depotCases = [
  {
    name: "text, bytes, JSON and lines come back as they were written",
    /** @param {Given} given */
    async run({ data, bucket }) {
      const at = `s3://${bucket}/dir/`;
      const bytes = new Uint8Array(randomBytes(300_000));
      await data.writeText(`${at}a.txt`, "grüße\n");
      await data.writeBytes(`${at}a.bin`, bytes);
      await data.writeJson(`${at}a.json`, { n: [1, null] });
      await data.writeLines(`${at}a.lines`, ["one", "", "three"]);
      assert.equal(await data.readText(`${at}a.txt`), "grüße\n");
      assert.ok(Buffer.from(await data.readBytes(`${at}a.bin`)).equals(Buffer.from(bytes)));
      assert.deepEqual(await data.readJson(`${at}a.json`), { n: [1, null] });
      assert.deepEqual(await data.readLines(`${at}a.lines`), ["one", "", "three"]);
    },
  },
  {
    name: "an empty object is not a missing one",
    /** @param {Given} given */
    async run({ data, bucket }) {
      await data.writeBytes(`s3://${bucket}/empty`, new Uint8Array());
      assert.equal((await data.readBytes(`s3://${bucket}/empty`)).length, 0);
      assert.equal((await data.stat(`s3://${bucket}/empty`)).sizeBytes, 0);
      assert.equal(await data.exists(`s3://${bucket}/empty`), true);
      assert.equal(await data.exists(`s3://${bucket}/never`), false);
    },
  },
  {
    name: "a missing object and a missing bucket are not-found",
    /** @param {Given} given */
    async run({ data, bucket }) {
      await fails(data.readText(`s3://${bucket}/never`), "not-found");
      await fails(data.stat(`s3://${bucket}/never`), "not-found");
      await fails(data.readText(`s3://${bucket}-nowhere/never`), "not-found");
      await fails(data.writeText(`s3://${bucket}-nowhere/never`, "x"), "not-found");
      await fails(data.list(`s3://${bucket}-nowhere/`).uris(), "not-found");
      assert.equal(await data.readText(`s3://${bucket}/never`, { onError: "allow-missing" }), undefined);
    },
  },
  {
    name: "a wrong secret and an unknown key are not mistaken for absence",
    /** @param {Given} given */
    async run({ data, bucket, server, asWhom }) {
      await data.writeText(`s3://${bucket}/mine`, "x");
      for (const credentials of [
        { accessKeyId: server.accessKeyId, secretAccessKey: "not-the-secret" },
        { accessKeyId: "AKIANOBODYATALL", secretAccessKey: "x" },
      ]) {
        const stranger = asWhom(credentials);
        await fails(stranger.readText(`s3://${bucket}/mine`), "forbidden", "unauthenticated");
        await fails(stranger.exists(`s3://${bucket}/mine`), "forbidden", "unauthenticated");
        await stranger.close();
      }
    },
  },
  {
    name: "ranges are half open, clamp at the end, and refuse a start beyond it",
    /** @param {Given} given */
    async run({ data, bucket }) {
      const uri = `s3://${bucket}/digits`;
      await data.writeText(uri, "0123456789");
      const text = async (/** @type {any} */ range) => Buffer.from(await data.readRange(uri, range)).toString();
      assert.equal(await text({ start: 2, end: 5 }), "234");
      assert.equal(await text({ start: 8, end: 99 }), "89");
      assert.equal(await text({ start: 7 }), "789");
      assert.equal(await text({ suffix: 3 }), "789");
      assert.equal(await text({ suffix: 99 }), "0123456789");
      await fails(data.readRange(uri, { start: 11, end: 12 }), "invalid-range");
      const parts = await data.readRanges(uri, [
        { start: 8, end: 10 },
        { start: 0, end: 2 },
      ]);
      assert.deepEqual(
        parts.map((/** @type {any} */ part) => Buffer.from(part).toString()),
        ["89", "01"],
      );
    },
  },
  {
    name: "an open file stays on one version, and says changed when that is gone",
    /** @param {Given} given */
    async run({ data, bucket }) {
      const uri = `s3://${bucket}/pinned`;
      await data.writeText(uri, "first version");
      const file = await data.open(uri);
      try {
        assert.equal(Buffer.from(await file.read({ start: 0, end: 5 })).toString(), "first");
        await data.writeText(uri, "other version");
        await fails(file.read({ start: 0, end: 5 }), "changed");
      } finally {
        await file.close();
      }
    },
  },
  {
    name: "create happens once, and a swap only of what was read",
    /** @param {Given} given */
    async run({ data, bucket }) {
      const uri = `s3://${bucket}/lock`;
      const first = await data.writeText(uri, "1", { ifNoneMatch: "*" });
      await fails(data.writeText(uri, "2", { ifNoneMatch: "*" }), "already-exists");
      const second = await data.writeText(uri, "3", { ifMatch: first.etag });
      await fails(data.writeText(uri, "4", { ifMatch: first.etag }), "precondition-failed");
      assert.equal(await data.readText(uri), "3");
      assert.notEqual(second.etag, first.etag);
    },
  },
  {
    name: "update loses no increment of eight racing writers",
    /** @param {Given} given */
    async run({ data, bucket }) {
      const uri = `s3://${bucket}/counter`;
      const increment = async (/** @type {any} */ now) => String(Number((await now?.text()) ?? 0) + 1);
      await Promise.all(Array.from({ length: 8 }, () => data.update(uri, increment)));
      assert.equal(await data.readText(uri), "8");
    },
  },
  {
    name: "a stream of unknown length is written whole and read back",
    /** @param {Given} given */
    async run({ data, bucket }) {
      const bytes = new Uint8Array(randomBytes(3_000_000));
      async function* chunks() {
        for (let at = 0; at < bytes.length; at += 70_000) yield bytes.subarray(at, at + 70_000);
      }
      await data.writeStream(`s3://${bucket}/stream`, chunks());
      const back = [];
      for await (const chunk of data.readStream(`s3://${bucket}/stream`)) back.push(chunk);
      assert.ok(Buffer.concat(back).equals(Buffer.from(bytes)));
    },
  },
  {
    name: "a listing of depth 1 gives objects and folders, a prefix is any string, and a glob matches",
    /** @param {Given} given */
    async run({ data, bucket }) {
      await writeMany(data, bucket, ["a/1.csv", "a/b/2.csv", "a/b/3.txt", "ab", "c d/e+f%.csv"]);
      const entries = await data.list(`s3://${bucket}/`, { depth: 1, kind: "any" }).toArray();
      assert.deepEqual(
        entries.map((/** @type {any} */ entry) => [entry.path, entry.kind]),
        [
          ["a/", "folder"],
          ["ab", "object"],
          ["c d/", "folder"],
        ],
      );
      assert.equal((await data.list(`s3://${bucket}/a`, { prefix: true }).uris()).length, 4);
      assert.deepEqual(
        await data.glob(`s3://${bucket}/**/*.csv`).uris(),
        ["a/1.csv", "a/b/2.csv", "c d/e+f%.csv"].map((key) => `s3://${bucket}/${key}`),
      );
    },
  },
  {
    name: "copy keeps the bytes, move leaves nothing behind, remove may be repeated",
    /** @param {Given} given */
    async run({ data, bucket }) {
      const key = "sp ace/ü+%25&é?#.txt";
      await data.writeText({ bucket, key }, "goods");
      await data.copy({ bucket, key }, `s3://${bucket}/copied`);
      await data.move(`s3://${bucket}/copied`, `s3://${bucket}/moved`);
      assert.equal(await data.readText(`s3://${bucket}/moved`), "goods");
      assert.equal(await data.exists(`s3://${bucket}/copied`), false);
      await data.remove(`s3://${bucket}/moved`);
      await data.remove(`s3://${bucket}/moved`);
      await writeMany(data, bucket, ["rm/1", "rm/2/3", "rm-not"]);
      await data.remove(`s3://${bucket}/rm/`, { recursive: true });
      assert.deepEqual(await data.list(`s3://${bucket}/rm`, { prefix: true }).uris(), [`s3://${bucket}/rm-not`]);
    },
  },
  {
    name: "a presigned URL serves a plain HTTP client, and a tampered one does not",
    /** @param {Given} given */
    async run({ data, bucket }) {
      const key = "pre sig+é%/x";
      await data.writeText({ bucket, key }, "open sesame");
      const url = await data.presign({ bucket, key }, { expiresIn: "10m" });
      assert.deepEqual(await fetchPlain("GET", url), { status: 200, text: "open sesame" });
      assert.equal((await fetchPlain("GET", url.replace("X-Amz-Expires=600", "X-Amz-Expires=601"))).status, 403);
    },
  },
  ...attributeCases,
  ...syncCases,
  ...counted,
  ...removals,
  ...keyClasses,
  ...removedClasses,
];
