// What objects bear besides their bytes, and large ones, against any S3 server: plain values { name, run } as in depot-cases.mjs.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { isEntrepotError } from "entrepot";

/** @typedef {import("./suites.mjs").Given} Given */

/** @param {Promise<unknown>} promise @param {import("entrepot").ErrorCode[]} codes */
export const fails = (promise, ...codes) =>
  assert.rejects(promise, (/** @type {any} */ error) => {
    assert.ok(isEntrepotError(error, ...codes), `${error?.code ?? error?.name}, wanted ${codes}: ${error?.message}`);
    return true;
  });

export const attributeCases = [
  {
    name: "what is said of an object comes back with it",
    /** @param {Given} given */
    async run({ data, bucket }) {
      const said = {
        contentType: "text/x-notes",
        cacheControl: "max-age=60",
        contentDisposition: 'attachment; filename="a.txt"',
        contentLanguage: "de",
      };
      await data.writeText(`s3://${bucket}/said`, "x", {
        ...said,
        metadata: { Who: "häß ☃" },
        tags: { team: "a b+c" },
      });
      const { metadata, ...stat } = await data.stat(`s3://${bucket}/said`);
      assert.deepEqual({ ...metadata }, { who: "häß ☃" });
      for (const [name, value] of Object.entries(said)) assert.equal(Reflect.get(stat, name), value, name);
    },
  },
  {
    name: "the server's own keys encrypt where that is asked for",
    /** @param {Given} given */
    async run({ data, bucket }) {
      await data.with({ sse: "AES256" }).writeText(`s3://${bucket}/encrypted`, "text");
      assert.equal(await data.readText(`s3://${bucket}/encrypted`), "text");
      assert.equal((await data.stat(`s3://${bucket}/encrypted`)).encryption, "AES256");
    },
  },
  {
    name: "a customer's key opens the object, and nothing else does",
    /** @param {Given} given */
    async run({ data, bucket }) {
      const mine = data.with({ sse: { customerKey: new Uint8Array(32).fill(7) } });
      await mine.writeText(`s3://${bucket}/mine`, "text");
      assert.equal(await mine.readText(`s3://${bucket}/mine`), "text");
      await fails(data.readText(`s3://${bucket}/mine`), "misconfigured", "forbidden");
      const other = data.with({ sse: { customerKey: new Uint8Array(32).fill(8) } });
      await fails(other.readText(`s3://${bucket}/mine`), "forbidden", "misconfigured");
    },
  },
  {
    name: "a large object goes up in parts and comes over several connections, byte for byte",
    /** @param {Given} given */
    async run({ data, bucket }) {
      const body = randomBytes(40 * 2 ** 20 + 5);
      const chunks = async function* () {
        for (let at = 0; at < body.byteLength; at += 1_000_003) yield body.subarray(at, at + 1_000_003);
      };
      await data.writeStream(`s3://${bucket}/large`, chunks());
      assert.equal(Buffer.compare(await data.readBytes(`s3://${bucket}/large`), body), 0);
      await data.localCopy(`s3://${bucket}/large`, async (path) => {
        assert.equal(Buffer.compare(await readFile(path), body), 0);
      });
      const streamed = [];
      for await (const chunk of data.readStream(`s3://${bucket}/large`)) streamed.push(chunk);
      assert.equal(Buffer.compare(Buffer.concat(streamed), body), 0);
    },
  },
  {
    name: "a named checksum is kept with the object",
    /** @param {Given} given */
    async run({ data, bucket }) {
      await data.with({ checksums: "SHA256" }).writeText(`s3://${bucket}/summed`, "text");
      await data.with({ checksums: "CRC32C" }).writeText(`s3://${bucket}/summed`, "text");
      assert.equal(await data.readText(`s3://${bucket}/summed`), "text");
    },
  },
];
