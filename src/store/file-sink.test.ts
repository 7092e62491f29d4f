/** The file that a read fills. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openNodeDisk, type PendingFile } from "../disk/index.ts";
import { EntrepotError } from "../error/index.ts";
import { fileSink } from "./file-sink.ts";
import type { BodySink, ObjectInfo } from "./object-store.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "entrepot-file-sink-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const bytes = (text: string) => new TextEncoder().encode(text);

function start(sink: BodySink, text: string): void {
  const sizeBytes = text.length;
  const info: ObjectInfo = { key: "k", sizeBytes, modifiedMs: 0, etag: `"${text}"`, versionId: undefined };
  sink.start(info, { start: 0, end: sizeBytes });
}

async function filled(fill: (sink: ReturnType<typeof fileSink>) => Promise<void>): Promise<string> {
  const pending = await openNodeDisk().createPending(folder);
  const sink = fileSink(pending);
  await fill(sink);
  await sink.finish();
  await pending.commit(join(folder, "file"));
  return readFile(join(folder, "file"), "utf8");
}

test("an object lies in the file as it came, an empty one as an empty file", async () => {
  const text = await filled(async (sink) => {
    start(sink, "onetwo");
    await sink.write(bytes("one"));
    await sink.write(bytes("two"));
  });
  expect(text).toBe("onetwo");
  expect(await filled(async (sink) => start(sink, ""))).toBe("");
});

test("a replaced object leaves nothing of what came before it", async () => {
  const text = await filled(async (sink) => {
    start(sink, "long old content");
    await sink.write(bytes("long old"));
    start(sink, "new");
    await sink.write(bytes("new"));
  });
  expect(text).toBe("new");
});

test("an object that was replaced by an empty one is an empty file", async () => {
  const text = await filled(async (sink) => {
    start(sink, "old");
    await sink.write(bytes("old"));
    start(sink, "");
  });
  expect(text).toBe("");
});

test("a second restart before the first byte of the new version changes nothing", async () => {
  const text = await filled(async (sink) => {
    start(sink, "old");
    await sink.write(bytes("old"));
    start(sink, "");
    start(sink, "x");
    await sink.write(bytes("x"));
  });
  expect(text).toBe("x");
});

test("a file that cannot be emptied fails the write or the finish, and nobody else", async () => {
  const unhandled: unknown[] = [];
  const note = (error: unknown) => unhandled.push(error);
  process.on("unhandledRejection", note);
  const full = new EntrepotError("io", "the disk reported an error");
  let written = 0;
  const file: Pick<PendingFile, "sizeBytes" | "write" | "writeAt" | "truncate"> = {
    sizeBytes: 3,
    write: async (chunk) => {
      written += chunk.byteLength;
    },
    writeAt: (_position, chunk) => {
      written += chunk.byteLength;
    },
    truncate: async () => {
      throw full;
    },
  };
  const sink = fileSink(file);
  start(sink, "new");
  // A turn of the event loop, in which a failure that nobody waits for would be told.
  await new Promise((resolve) => setImmediate(resolve));
  await expect(sink.write(bytes("new"))).rejects.toBe(full);
  await expect(sink.writeAt(1, bytes("ew"))).rejects.toBe(full);
  await expect(sink.finish()).rejects.toBe(full);
  process.off("unhandledRejection", note);
  expect(unhandled).toEqual([]);
  expect(written).toBe(0);
});

test("pieces of any place, after a start that takes away what was there", async () => {
  const text = await filled(async (sink) => {
    start(sink, "long old content");
    await Promise.all([sink.writeAt(5, bytes("old content")), sink.writeAt(0, bytes("long "))]);
    start(sink, "new one");
    await Promise.all([sink.writeAt(4, bytes("one")), sink.writeAt(0, bytes("new "))]);
  });
  expect(text).toBe("new one");
});
