import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CacheLimits, entrepot } from "../depot/index.ts";
import { type Disk, openNodeDisk } from "../disk/index.ts";
import { EntrepotError } from "../error/index.ts";
import { cacheFindings } from "./cache-folder.ts";

let dir = "";
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "doctor-cache-"));
});
afterAll(() => rm(dir, { recursive: true }));

async function found(over: Partial<Disk>, fileMode?: number, limits: CacheLimits = {}) {
  const depot = entrepot({ env: {}, envFile: false, cache: { dir, ...limits } });
  const disk = openNodeDisk();
  const looked: Pick<Disk, "stat" | "createPending" | "freeBytes"> = {
    stat: (path, options) => disk.stat(path, options),
    createPending: (path) => disk.createPending(path),
    freeBytes: (path) => disk.freeBytes(path),
    ...over,
  };
  const findings = await cacheFindings(depot, looked as Disk, fileMode);
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

  it("of another user is a note that says how a group shares it, and fine once it does", async () => {
    const gid = process.getegid?.() ?? 0;
    const stat: Disk["stat"] = async (path, options) => {
      const found = await openNodeDisk().stat(path, options);
      return found && { ...found, uid: (process.geteuid?.() ?? 0) + 1, gid };
    };
    expect((await found({ stat })).get("cache.folder")).toMatchObject({
      status: "note",
      hint: expect.stringContaining("ENTREPOT_CACHE_MODE=660"),
    });
    expect((await found({ stat }, 0o660)).get("cache.folder")).toMatchObject({ status: "ok" });
  });

  it("says all limits in force", async () => {
    const all = await found({}, undefined, { maxObjects: 5, minFreeBytes: "1kB" });
    expect(all.get("cache.size")?.value).toContain("limit 5 objects, 1000 bytes stay free");
  });
});
