import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openNodeDisk } from "../../disk/index.ts";
import { type BodySink, readBytes } from "../index.ts";
import { openLocalStore } from "./index.ts";

const sizeBytes = 2_000_000;
let root = "";

beforeEach(() => {
  root = fs.mkdtempSync(join(tmpdir(), "entrepot-read-"));
});

afterEach(() => {
  fs.rmSync(root, { recursive: true });
});

test("a file that another program rewrites in place while it is read is changed", async () => {
  const store = storeWith(1);
  const sink = sinkThat(() => fs.writeFileSync(join(root, "x"), Buffer.alloc(sizeBytes, 2)), false);
  await expect(store.read("x", sink)).rejects.toMatchObject({ code: "changed", uri: `${store.uri}x` });
});

test("a file that grows or shrinks while it is read is changed", async () => {
  for (const change of [() => fs.appendFileSync(join(root, "x"), "more"), () => fs.truncateSync(join(root, "x"), 9)]) {
    const store = storeWith(1);
    await expect(store.read("x", sinkThat(change, false))).rejects.toMatchObject({ code: "changed" });
  }
});

test("a sink that can start again gets the new version whole", async () => {
  const store = storeWith(1);
  const sink = sinkThat(() => fs.writeFileSync(join(root, "x"), Buffer.alloc(sizeBytes, 2)), true);
  await store.read("x", sink);
  expect(sink.starts).toBe(2);
  expect(sink.seen).toEqual(new Set([2]));
});

test("a file that never comes to rest is changed after three fresh starts", async () => {
  const store = storeWith(1);
  const sink = sinkThat(() => fs.appendFileSync(join(root, "x"), "more"), true, Number.POSITIVE_INFINITY);
  await expect(store.read("x", sink)).rejects.toMatchObject({ code: "changed" });
  expect(sink.starts).toBe(4);
});

test("a file that is replaced while it is read is read to its end as it was", async () => {
  const store = storeWith(1);
  const replace = (): void => {
    fs.writeFileSync(join(root, "new"), Buffer.alloc(sizeBytes, 2));
    fs.renameSync(join(root, "new"), join(root, "x"));
  };
  const sink = sinkThat(replace, false);
  await store.read("x", sink);
  expect(sink.seen).toEqual(new Set([1]));
});

test("a rewrite of the same size within the same second has another ETag", async () => {
  const store = storeWith(1);
  const seen = new Set<string>();
  for (let index = 0; index < 50; index += 1) {
    seen.add((await store.write("y", new TextEncoder().encode(String(index).padStart(4)))).etag);
    seen.add((await store.stat("y")).etag);
  }
  expect(seen.size).toBe(50);
});

test("a linked file is read as what it points to, a pipe is refused, a folder is no object", async () => {
  const store = storeWith(7);
  fs.symlinkSync("x", join(root, "link"));
  fs.mkdirSync(join(root, "folder"));
  expect((await readBytes(store, "link", { range: { start: 0, end: 1 } })).bytes).toEqual(new Uint8Array([7]));
  await expect(store.stat("folder")).rejects.toMatchObject({ code: "not-found" });
  await expect(readBytes(store, "folder")).rejects.toMatchObject({ code: "not-found" });
  await expect(readBytes(store, "x/below")).rejects.toMatchObject({ code: "not-found" });
});

function storeWith(fill: number) {
  fs.writeFileSync(join(root, "x"), Buffer.alloc(sizeBytes, fill));
  return openLocalStore({ disk: openNodeDisk(), root, durable: false });
}

/** Runs `change` at the first piece, in the first `times` passes. */
function sinkThat(change: () => void, restartable: boolean, times = 1) {
  const sink = {
    restartable,
    starts: 0,
    seen: new Set<number | undefined>(),
    pieces: 0,
    start: () => {
      sink.starts += 1;
      sink.pieces = 0;
      sink.seen.clear();
    },
    write: (chunk: Uint8Array) => {
      sink.pieces += 1;
      sink.seen.add(chunk[0]).add(chunk.at(-1));
      if (sink.pieces === 1 && sink.starts <= times) change();
    },
  };
  return sink satisfies BodySink;
}
