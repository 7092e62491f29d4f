import { expect, test } from "vitest";
import { bodyChunks } from "./body-chunks.ts";

test.each([
  ["text", "hello"],
  ["wider numbers", new Uint16Array([1, 2, 3])],
  ["a buffer", new ArrayBuffer(3)],
])("a source that gives %s is the caller's mistake, never an object without those bytes", async (_what, chunk) => {
  const open = async function* () {
    yield chunk as unknown as Uint8Array;
  };
  const read = async (body: { sizeBytes?: undefined; open: typeof open }) => {
    for await (const _ of bodyChunks(body, { uri: "s3://b/k" }));
  };
  await expect(read({ open })).rejects.toThrow(TypeError);
});
