/** Objects that come to this disk are held against what the server knows of them: a checksum, or an ETag that is their MD5. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Depot, entrepot } from "entrepot";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

describe.each([
  ["keeps checksums", undefined],
  ["keeps none, but gives MD5s as ETags", "ceph"],
] as const)("from a server that %s", (_what, personality) => {
  let s3: S3Server;
  let world: string;
  let data: Depot;
  beforeEach(async () => {
    s3 = await startS3Server({ buckets: ["b"], personality });
    world = await mkdtemp(join(tmpdir(), "entrepot-"));
    const retries = { attempts: 2, budget: "5s" } as const;
    data = entrepot({ ...s3.options, cache: { dir: join(world, "cache") }, retries, env: {}, envFile: false });
    for (let index = 0; index < 6; index += 1) await data.writeText(`s3://b/in/${index}`, `body ${index}`);
  });
  afterEach(async () => {
    await data.close();
    await s3.close();
    await rm(world, { recursive: true });
  });

  describe.each(["copy", "sync", "copyNew", "move"] as const)("by %s", (verb) => {
    const here = () => join(world, "here");
    const fresh = () => data.with({ cache: { dir: join(world, "other-cache") } });

    test("a wrong byte in every try is integrity, and no file; the others are there", async () => {
      // Never the same one: bytes that come alike twice are believed where only a guess is against them.
      for (let at = 0; at < 60; at += 1)
        s3.inject({ operation: "GetObject", key: "in/3", effect: { corruptByteAt: at % 6 } });
      const { failed } = await fresh()[verb]("s3://b/in/", `${here()}/`, { onError: "ignore" });
      expect(failed.map(({ uri, error }) => [uri, error?.code])).toEqual([["s3://b/in/3", "integrity"]]);
      expect((await readdir(here())).sort()).toEqual(["0", "1", "2", "4", "5"]);
      expect(s3.objects("b").has("in/3")).toBe(true);
    });

    test("a byte that is wrong once is fetched again", async () => {
      s3.inject({ operation: "GetObject", key: "in/3", effect: { corruptByteAt: 2 } });
      expect((await fresh()[verb]("s3://b/in/", `${here()}/`)).failed).toEqual([]);
      expect(await readFile(join(here(), "3"), "utf8")).toBe("body 3");
      expect(s3.pendingFaults).toEqual([]);
    });
  });
});
