import { expect, test } from "vitest";
import { scripted } from "../s3/scripted.fixture.ts";
import { withReadOnly } from "./index.ts";

test("every change is read-only, with a way out, before anything is sent", async () => {
  const { bucket, transport } = scripted(() => ({ status: 500 }));
  const store = withReadOnly(bucket);
  const opened: string[] = [];
  const open = async function* () {
    opened.push("body");
    yield new Uint8Array(1);
  };
  const changes: readonly (() => Promise<unknown>)[] = [
    () => store.write("doc", new Uint8Array(1)),
    () => store.write("doc", { sizeBytes: 1, open }),
    () => store.delete("doc"),
    () => store.copyFrom({ store, key: "other" }, "doc"),
    () => store.createBucket(),
    () => store.removeBucket(),
    () => store.presign("doc", { method: "PUT", expiresMs: 60_000 }),
  ];
  for (const change of changes) {
    await expect(change()).rejects.toMatchObject({ code: "read-only", retryable: false, hint: /withReadOnly/ });
  }
  await expect(store.delete("doc")).rejects.toMatchObject({ uri: "s3://b/doc" });
  expect(await store.presign("doc", { method: "GET", expiresMs: 60_000 })).toContain("X-Amz-Signature");
  expect(transport.requests).toEqual([]);
  expect(opened).toEqual([]);
});
