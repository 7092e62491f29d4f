import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  isEntrepotError,
  type ObjectStore,
  openLocalStore,
  openMemoryStore,
  openS3Service,
  openTransport,
  readBytes,
  readStream,
  sharedLimit,
  toWebStream,
  withFaults,
  withLimit,
  withPrefix,
  withReadOnly,
  withRetry,
  withTrace,
} from "entrepot/store";
import { recordRequests, startS3Server } from "entrepot/testing";
import { expect, test } from "vitest";

async function roundTrip(store: ObjectStore): Promise<string> {
  await store.write("a/doc", Buffer.from("text"));
  const part = withPrefix(store, "a/");
  expect(Buffer.from((await readBytes(part, "doc")).bytes).toString()).toBe("text");
  return new Response(toWebStream(readStream(part, "doc", {}))).text();
}

test("a folder, a memory and a bucket are opened by the door's own names, and by nothing else", async () => {
  const root = await mkdtemp(join(tmpdir(), "entrepot-door-"));
  await using server = await startS3Server({ buckets: ["bucket"] });
  const transport = openTransport({ workload: "few" });
  const bucket = openS3Service({ ...server.options, transport }).bucket("bucket");
  try {
    for (const store of [openLocalStore({ root }), openMemoryStore(), bucket]) {
      expect(await roundTrip(store)).toBe("text");
    }
  } finally {
    await transport.close();
    await rm(root, { recursive: true });
  }
});

test("a store without a network fails by type, and no packet leaves", async () => {
  const transport = recordRequests();
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const bucket = openS3Service({ endpoint: "http://127.0.0.1:9", credentials, transport }).bucket("bucket");
  const failure = await bucket.stat("doc").catch((error: unknown) => error);
  expect(isEntrepotError(failure, "unreachable")).toBe(true);
  expect(transport.requests.map(({ path }) => path)).toEqual(["/bucket/doc"]);
});

test("the door's decorators stack in front of a bucket behind a socket", async () => {
  await using server = await startS3Server({ buckets: ["bucket"] });
  const transport = openTransport({ workload: "few" });
  const bucket = openS3Service({ ...server.options, transport }).bucket("bucket");
  const told: string[] = [];
  try {
    expect(() => withRetry(bucket)).toThrow(TypeError);
    const limit = sharedLimit({ concurrency: 2 });
    const store = withTrace(withLimit(withFaults(bucket, {}), limit), (event) => {
      if (event.type === "ended") told.push(`${event.method} ${event.outcome}`);
    });
    expect(await roundTrip(store)).toBe("text");
    expect(await roundTrip(withRetry(openMemoryStore()))).toBe("text");
    const refused = await withReadOnly(store)
      .removeBucket()
      .catch((error: unknown) => error);
    expect(isEntrepotError(refused, "read-only")).toBe(true);
    expect(told).toEqual(["write ok", "read ok", "read ok"]);
  } finally {
    await transport.close();
  }
});
