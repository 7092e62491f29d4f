import { expect, test } from "vitest";
import { bodyChunks } from "./body-chunks.ts";

test.each([
  ["gives no promise", () => ({ done: true, value: undefined })],
  [
    "throws",
    () => {
      throw new Error("not that");
    },
  ],
  ["rejects", () => Promise.reject(new Error("not that"))],
])("a source whose end %s does not hide why it was ended", async (_what, end) => {
  const iterator = { next: async () => ({ done: false, value: new Uint8Array(4) }), return: end };
  const open = () => ({ [Symbol.asyncIterator]: () => iterator }) as unknown as AsyncIterable<Uint8Array>;
  const read = async () => {
    for await (const _ of bodyChunks({ sizeBytes: 3, open }, { uri: "s3://b/k" }));
  };
  await expect(read()).rejects.toMatchObject({ code: "truncated" });
});

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
