// Copies inside a server in parts, made small here by the store's own limits.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { openS3Service, openTransport, readBytes } from "entrepot/store";

const mebibyte = 1024 ** 2;
const body = new Uint8Array(randomBytes(11 * mebibyte));
const described = { contentType: "text/csv", metadata: { origin: "here" } };
let made = 0;

/** @param {import("./process.mjs").Server} server */
async function prepare({ endpoint, region, accessKeyId, secretAccessKey }) {
  const transport = openTransport();
  const service = openS3Service({
    endpoint,
    region,
    addressing: "path",
    credentials: { accessKeyId, secretAccessKey },
    transport,
    copies: { wholeBytes: mebibyte, partBytes: 5 * mebibyte },
  });
  made += 1;
  const store = service.bucket(`copies-${process.pid.toString(36)}-${Date.now().toString(36)}-${made}`);
  await store.createBucket();
  const { etag } = await store.write("from + %25/ü", body, described);
  return { store, etag, key: "from + %25/ü", close: () => transport.close() };
}

/** @typedef {Awaited<ReturnType<typeof prepare>>} Opened */

/** @param {Opened} opened @param {string} key */
const checkCopy = async ({ store }, key) => {
  const { bytes, result } = await readBytes(store, key);
  assert.ok(Buffer.from(bytes).equals(Buffer.from(body)));
  assert.equal(result.info.contentType, "text/csv");
  assert.deepEqual({ ...result.info.metadata }, described.metadata);
};

export const copySuite = {
  prepare,
  cases: [
    {
      name: "a copy in parts has the bytes and the description of its source",
      /** @param {Opened} opened */
      async run(opened) {
        const { store, key, etag } = opened;
        const copied = await store.copyFrom({ store, key, ifMatch: etag }, "to");
        assert.deepEqual([copied?.sizeBytes, copied?.etag], [body.length, (await store.stat("to")).etag]);
        await checkCopy(opened, "to");
      },
    },
    {
      name: "a copy in parts onto itself changes the description alone",
      /** @param {Opened} opened */
      async run(opened) {
        const { store, key } = opened;
        await store.copyFrom({ store, key }, key, { ...described, contentType: "text/plain" });
        assert.equal((await store.stat(key)).contentType, "text/plain");
        await store.copyFrom({ store, key }, key, described);
        await checkCopy(opened, key);
      },
    },
    {
      name: "a copy in parts of another version, or of nothing, fails and leaves nothing",
      /** @param {Opened} opened */
      async run({ store, key, etag }) {
        const other = `"${etag.slice(1, -1).replaceAll(/[0-9]/g, "7")}"`;
        /** @param {string} code */
        const is = (code) => (/** @type {any} */ error) => error.code === code;
        await assert.rejects(store.copyFrom({ store, key, ifMatch: other }, "to"), is("precondition-failed"));
        await assert.rejects(store.copyFrom({ store, key: "never" }, "to"), is("not-found"));
        const keys = [];
        for await (const page of store.list()) keys.push(...page.objects.map((info) => info.key));
        assert.deepEqual(keys, [key]);
      },
    },
    {
      name: "a source that is replaced between two parts is changed, and no mixture is made",
      /** @param {Opened} opened */
      async run({ store, key }) {
        const copies = Promise.allSettled(
          Array.from({ length: 4 }, (_, n) => store.copyFrom({ store, key }, `to/${n}`)),
        );
        const other = new Uint8Array(randomBytes(body.length));
        await store.write(key, other);
        for (const [n, outcome] of (await copies).entries()) {
          if (outcome.status === "rejected") {
            assert.equal(outcome.reason.code, "changed", String(outcome.reason));
            continue;
          }
          // Left to a stream: the server cannot be trusted with parts of one version.
          if (outcome.value === undefined) continue;
          const { bytes } = await readBytes(store, `to/${n}`);
          assert.ok([body, other].some((whole) => Buffer.from(whole).equals(Buffer.from(bytes))));
        }
      },
    },
  ],
};
