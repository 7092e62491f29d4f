import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openNodeDisk } from "../disk/index.ts";
import { fileSink } from "./file-sink.ts";
import type { ObjectInfo } from "./object-store.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "entrepot-"));
});
afterAll(() => rm(folder, { recursive: true }));

const info: ObjectInfo = { key: "x", sizeBytes: 0, modifiedMs: 0, etag: '"e"', versionId: undefined };

test.each([
  ["another text", "another text"],
  ["nothing", ""],
])("a read that starts over with %s leaves none of what came before", async (_, second) => {
  const pending = await openNodeDisk().createPending(folder);
  const sink = fileSink(pending);
  sink.start(info, { start: 0, end: 5 });
  await sink.write(new TextEncoder().encode("first"));
  sink.start(info, { start: 0, end: second.length });
  if (second !== "") await sink.write(new TextEncoder().encode(second));
  await sink.settled();
  await pending.commit(join(folder, "x"));
  expect(await readFile(join(folder, "x"), "utf8")).toBe(second);
});
