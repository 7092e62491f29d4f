/** Limits, large files, and single members of archives on a server. */
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Depot } from "entrepot";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { rawTar, rawZip } from "../raw-archives.ts";
import { openS3 } from "./backends.ts";

describe("an archive on a server", () => {
  let bench: Awaited<ReturnType<typeof openS3>>;
  let data: Depot;
  let source: string;
  let target: string;
  beforeEach(async () => {
    bench = await openS3(false);
    ({ data } = bench);
    source = join(bench.folder, "source");
    target = join(bench.folder, "target");
    await mkdir(join(source, "deep"), { recursive: true });
    await writeFile(join(source, "a.txt"), "one");
    await writeFile(join(source, "deep", "b.txt"), "two");
  });
  afterEach(() => bench.close());

  test("limits are the caller's", async () => {
    await data.pack(source, "m.zip");
    await data.pack(source, "m.tar.gz");
    for (const name of ["m.zip", "m.tar.gz"]) {
      for (const limit of [{ maxEntries: 1 }, { maxBytes: 5 }]) {
        await expect(data.unpack(name, join(target, "no"), limit)).rejects.toMatchObject({ code: "limit-exceeded" });
      }
      await data.unpack(name, join(target, name), { maxEntries: 2, maxBytes: "6B" });
    }
    await writeFile(join(source, "zeros"), new Uint8Array(5_000_000));
    await data.pack(source, "z.tar.gz");
    await expect(data.unpack("z.tar.gz", join(target, "z"))).resolves.toMatchObject({ copied: { objects: 3 } });
    const strict = data.unpack("z.tar.gz", join(target, "y"), { maxRatio: 10 });
    await expect(strict).rejects.toMatchObject({ code: "limit-exceeded" });
  });

  test("one member read whole is held to maxBytes, in a zip and in a tar", async () => {
    await data.pack(source, "m.zip");
    await data.pack(source, "m.tar.gz");
    for (const name of ["m.zip", "m.tar.gz"]) {
      await using small = data.archive(name, { maxBytes: 2 });
      await expect(small.readBytes("a.txt")).rejects.toMatchObject({ code: "limit-exceeded" });
      await expect(small.readText("a.txt")).rejects.toMatchObject({ hint: expect.stringContaining("raise maxBytes") });
      await using enough = data.archive(name, { maxBytes: "3B" });
      expect(await enough.readText("a.txt")).toBe("one");
    }
  });

  test("a call that is aborted aborts no other, whichever came first", async () => {
    await data.pack(source, "m.zip");
    await using archive = data.archive("m.zip");
    const early = new AbortController();
    const first = archive.readText("a.txt", { signal: early.signal });
    const second = archive.readText("a.txt");
    early.abort(new Error("enough"));
    await expect(first).rejects.toThrow("enough");
    expect(await second).toBe("one");
    const late = new AbortController();
    await using another = data.archive("m.zip");
    expect(await another.readText("a.txt", { signal: late.signal })).toBe("one");
    late.abort();
    expect(await another.readText("deep/b.txt")).toBe("two");
    await expect(another.readText("deep/b.txt", { signal: late.signal })).rejects.toThrow();
  });

  test("a dry run speaks of the same as the run, links that are left out included", async () => {
    const links = ["b.txt", "c.log"].map((name) => ({ name, type: "2", link: "a.txt" }));
    const tar = rawTar([{ name: "a.txt", body: "one" }, ...links]);
    await data.writeBytes("m.tar", tar);
    const settings = { links: "skip", match: /txt$/ } as const;
    const planned = await data.unpack("m.tar", target, { ...settings, dryRun: true });
    const done = await data.unpack("m.tar", target, settings);
    expect([planned.copied, planned.skipped]).toEqual([done.copied, done.skipped]);
    expect(done.skipped.objects).toBe(1);
  });

  test("what is no file is left out of an archive and told, and so is the archive itself", async () => {
    await symlink("nowhere", join(source, "dangling"));
    await symlink("..", join(source, "deep", "circle"));
    await data.pack(source, join(source, "m.zip"));
    await symlink("m.zip", join(source, "again"));
    const told: unknown[] = [];
    const onFile = ({ uri, action, reason }: { uri: string; action: string; reason?: string | undefined }) => {
      if (action === "skip") told.push([uri.slice(uri.indexOf("/source/") + 8), reason]);
    };
    const expected = [
      ["again", "the archive itself"],
      ["dangling", "a link to nothing"],
      ["deep/circle", "a link to a folder that it lies in"],
    ];
    for (const dryRun of [true, false]) {
      told.length = 0;
      const report = await data.pack(source, join(source, "m.zip"), { dryRun, onFile });
      expect([report.copied.objects, report.skipped.objects]).toEqual([2, 3]);
      expect(told.sort()).toEqual(expected);
    }
  });

  test("large files go through a zip as a stream", async () => {
    await writeFile(
      join(source, "large.bin"),
      Uint8Array.from({ length: 3_000_000 }, (_, at) => (at * at * 7919) >>> 5),
    );
    await data.pack(source, "m.zip");
    await data.unpack("m.zip", target);
    expect(Buffer.compare(await readFile(join(target, "large.bin")), await readFile(join(source, "large.bin")))).toBe(
      0,
    );
  });

  test("one member of a zip costs its bytes and the index, in few requests", async () => {
    const random = (seed: number) =>
      Uint8Array.from({ length: 2_000_000 }, (_, at) => Math.imul(at * 31 + seed, 0x9e3779b1) >>> 24);
    for (let at = 0; at < 6; at += 1) await writeFile(join(source, `m${at}.bin`), random(at));
    await data.pack(source, "m.zip");
    bench.s3.clearRequests();
    await using archive = data.archive("m.zip");
    expect(Buffer.compare(await archive.readBytes("m3.bin"), random(3))).toBe(0);
    const moved = () =>
      bench.s3.requests.reduce((sum, { method, bytesOut }) => sum + (method === "HEAD" ? 0 : bytesOut), 0);
    const index = 6 * 70 + 100;
    expect(moved()).toBeLessThan(1.05 * 2_000_000 + index);
    expect(bench.s3.requests.map(({ method }) => method)).toEqual(["HEAD", "GET", "GET"]);
    bench.s3.clearRequests();
    await archive.readBytes("m5.bin");
    expect(bench.s3.requests.map(({ method }) => method)).toEqual(["GET"]);
    // a replacement meanwhile is told, never mixed
    await data.writeText("m.zip", "another");
    await expect(archive.readBytes("m1.bin")).rejects.toMatchObject({ code: "changed" });
  });

  test("an index of 40 MB is fetched once, however many members are read one by one", async () => {
    const comment = new Uint8Array(60_000);
    const names = Array.from({ length: 700 }, (_, at) => (at % 2 === 0 ? `./m${at}.txt` : `deep/m${at}.txt`));
    await data.writeBytes("m.zip", rawZip(names.map((name) => ({ name, body: name, comment }))));
    await using archive = data.archive("m.zip");
    bench.s3.clearRequests();
    expect(await archive.readText("m0.txt")).toBe("./m0.txt");
    const moved = () => bench.s3.requests.reduce((sum, { bytesOut }) => sum + bytesOut, 0);
    expect(moved()).toBeGreaterThan(700 * 60_000);
    bench.s3.clearRequests();
    for (let at = 1; at < 20; at += 2) expect(await archive.readText(`deep/m${at}.txt`)).toBe(`deep/m${at}.txt`);
    await expect(archive.readText("m1.txt")).rejects.toMatchObject({ code: "not-found" });
    // a member, and its own line
    expect(moved()).toBeLessThan(10 * 70_000);
    expect(bench.s3.requests.length).toBeLessThanOrEqual(30);
  });
});
