import { afterAll, describe, expect, test } from "vitest";
import { openTransport } from "../../net/index.ts";
import { startS3Server, storeContract } from "../../testing/index.ts";
import { readBytes } from "../read-bytes.ts";
import { openS3Service } from "./index.ts";

/** Half a surrogate pair has no UTF-8. */
function cannotHold(key: string): string | undefined {
  return /\p{Surrogate}/u.test(key) ? "not Unicode" : undefined;
}

describe.each(["many", "few"] as const)(
  "a bucket keeps the contract, over the transport for %s requests",
  async (workload) => {
    const server = await startS3Server({ buckets: ["contract"] });
    const transport = openTransport({ workload });
    const service = openS3Service({ ...server.options, transport });
    afterAll(async () => {
      await transport.close();
      await server.close();
    });
    const traits = { keepsMetadata: true, cannotHold };
    const open = async () => ({ store: service.bucket("contract"), close: async () => {} });
    for (const { name, run } of storeContract({ open, traits })) test(name, run);
    test("buckets are made once, listed, and removed when empty", async () => {
      const bucket = service.bucket(`made-${workload}`);
      await bucket.createBucket();
      await expect(bucket.createBucket()).rejects.toMatchObject({ code: "already-exists" });
      expect((await service.listBuckets()).map(({ name }) => name)).toContain(`made-${workload}`);
      await bucket.write("k", Buffer.from("x"));
      await expect(bucket.removeBucket()).rejects.toMatchObject({ code: "not-empty" });
      await bucket.delete("k");
      await bucket.removeBucket();
      await expect(bucket.removeBucket()).rejects.toMatchObject({ code: "not-found" });
      await expect(bucket.stat("k")).rejects.toMatchObject({ code: "not-found" });
      await expect(bucket.list()[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: "not-found" });
    });

    test("presigned URLs work without credentials, whatever the key, and only for what they say", async () => {
      const bucket = service.bucket("contract");
      const key = `presigned-${workload}/a b+c%20/../ü`;
      const put = await bucket.presign(key, { method: "PUT", expiresMs: 60_000 });
      const get = await bucket.presign(key, { method: "GET", expiresMs: 60_000 });
      const ask = async (method: "GET" | "PUT", url: string, body?: Uint8Array) => {
        const { origin } = new URL(url);
        let status = 0;
        let text = "";
        const sink = {
          head: (code: number) => {
            status = code;
          },
          data: (chunk: Uint8Array) => {
            text += Buffer.from(chunk).toString();
          },
        };
        await transport.send({ method, origin, path: url.slice(origin.length), headers: {}, body }, sink);
        return [status, status === 200 ? text : ""];
      };
      expect(await ask("PUT", put, Buffer.from("signed"))).toEqual([200, ""]);
      expect(await ask("GET", get)).toEqual([200, "signed"]);
      const payer = openS3Service({ ...server.options, transport, requesterPays: true }).bucket("contract");
      expect(await ask("GET", await payer.presign(key, { method: "GET", expiresMs: 60_000 }))).toEqual([200, "signed"]);
      expect((await ask("GET", put))[0]).toBe(403);
      expect((await ask("GET", get.replace("a%20b", "a%20c")))[0]).toBe(403);
    });

    test("a source without a byte is an empty object", async () => {
      const bucket = service.bucket("contract");
      const empty = { sizeBytes: 0, async *open() {} };
      await bucket.write(`empty-${workload}`, empty);
      expect(await bucket.stat(`empty-${workload}`)).toMatchObject({ sizeBytes: 0 });
    });

    test("wrong secrets are unauthenticated, and no request at all is anonymous", async () => {
      const wrong = { ...server.options, credentials: { accessKeyId: "test", secretAccessKey: "wrong" } };
      const stat = openS3Service({ ...wrong, transport })
        .bucket("contract")
        .read("k", { start() {}, write() {} });
      await expect(stat).rejects.toMatchObject({ code: "unauthenticated" });
      const nobody = openS3Service({ ...server.options, credentials: "anonymous", transport }).bucket("contract");
      await expect(nobody.stat("k")).rejects.toMatchObject({ code: "forbidden" });
    });

    test("a body that is cut, reset or stalled on the way is whole in the end", async () => {
      const bucket = service.bucket("contract");
      const body = Buffer.alloc(300_000, `${workload} `);
      await bucket.write("faulty", body);
      const effects = [
        { cutAfterBytes: 70_000 },
        { resetAfterBytes: 50_000 },
        { stallAfterBytes: 20_000 },
        { silent: true },
      ] as const;
      server.inject(...effects.map((effect) => ({ method: "GET" as const, key: /^faulty$/, effect })));
      const { bytes } = await readBytes(bucket, "faulty", { timeouts: { firstByteMs: 100, idleMs: 100 } });
      expect(Buffer.compare(bytes, body)).toBe(0);
    });

    test("the server found nothing wrong with itself", () => expect(server.internalErrors).toEqual([]));
  },
);
