import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { hostileKeys } from "entrepot/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openS3 } from "./backends.ts";

type S3Bench = Awaited<ReturnType<typeof openS3>>;

describe("hostile keys through the public verbs", () => {
  let bench: S3Bench;
  beforeAll(async () => {
    bench = await openS3(true);
  });
  afterAll(() => bench.close());

  const legal = hostileKeys.filter(
    (key) => (key as string & { isWellFormed(): boolean }).isWellFormed() && Buffer.byteLength(key) <= 1_000,
  );

  test("each is written, listed, read, copied and removed as exactly itself", async () => {
    const { data } = bench;
    for (const [index, key] of legal.entries()) await data.writeText({ bucket: "b", key }, `${index}`);
    const listed = (await data.list("s3://b/").toArray()).map((entry) => entry.uri);
    for (const [index, key] of legal.entries()) {
      const uri = data.resolve({ bucket: "b", key });
      expect(await data.readText({ bucket: "b", key }), key).toBe(`${index}`);
      expect(await data.readText(uri), key).toBe(`${index}`);
      expect(listed, key).toContain(uri);
      expect((await data.stat({ bucket: "b", key })).sizeBytes).toBe(`${index}`.length);
    }
    expect(listed).toHaveLength(legal.length);
    await data.copy("s3://b/", "s3://b/copy/");
    expect(await data.list("s3://b/copy/").toArray()).toHaveLength(legal.length);
    for (const key of legal) await data.remove({ bucket: "b", key: `copy/${key}` });
    expect(await data.list("s3://b/copy/").toArray()).toEqual([]);
  });

  test("a folder of them copied to this disk writes nothing outside its target, and names what it cannot hold", async () => {
    const { data, folder } = bench;
    const before = (await readdir(folder)).sort();
    const report = await data.copy("s3://b/", `${join(folder, "dest", "inner")}/`, { onError: "ignore" });
    expect((await readdir(folder)).sort()).toEqual([...before, "dest"].sort());
    expect(await readdir(join(folder, "dest"))).toEqual(["inner"]);
    expect(report.copied.objects + report.failed.length).toBe(legal.length);
    for (const failure of report.failed)
      expect(["unsafe-key", "unrepresentable-name"], failure.uri).toContain(failure.error?.code);
    const refused = report.failed.map((failure) => failure.uri);
    for (const key of ["../x", "../../x", "a/../b", "a/..", "/lead", "a//b"])
      expect(refused).toContain(data.resolve({ bucket: "b", key }));
  });
});
