import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { entrepot } from "../depot/index.ts";
import { type Disk, openNodeDisk } from "../disk/index.ts";
import { EntrepotError } from "../error/index.ts";
import { cacheFindings } from "./cache-folder.ts";

let dir = "";
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "doctor-cache-"));
});
afterAll(() => rm(dir, { recursive: true }));

async function found(over: Partial<Disk>) {
  const depot = entrepot({ env: {}, envFile: false, cache: { dir } });
  const disk = openNodeDisk();
  const looked: Pick<Disk, "stat" | "createPending" | "freeBytes"> = {
    stat: (path, options) => disk.stat(path, options),
    createPending: (path) => disk.createPending(path),
    freeBytes: (path) => disk.freeBytes(path),
    ...over,
  };
  const findings = await cacheFindings(depot, looked as Disk);
  return new Map(findings.map((finding) => [finding.name, finding]));
}

describe("the cache's folder", () => {
  it("on a full disk is a note with what gives room back", async () => {
    const all = await found({ freeBytes: async () => 1_000 });
    expect(all.get("cache.free")).toMatchObject({ status: "note", hint: expect.stringContaining("cache prune") });
    expect((await found({ freeBytes: async () => 1e12 })).get("cache.free")).toMatchObject({ status: "ok" });
  });

  it("that cannot be written is a problem", async () => {
    const refuse = async () => {
      throw new EntrepotError("read-only", "EROFS");
    };
    expect((await found({ createPending: refuse })).get("cache.writable")).toMatchObject({
      status: "problem",
      code: "read-only",
      hint: expect.stringContaining("ENTREPOT_CACHE_DIR"),
    });
  });
});
