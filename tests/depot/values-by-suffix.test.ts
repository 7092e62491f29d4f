/** Value verbs go by the suffix, both ways, for bzip2 and xz as for gzip; copies recode when asked. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { backends, openS3 } from "./backends.ts";

const suffixes = [".gz", ".bz2", ".xz", ".bz2.xz"];
const magic: Readonly<Record<string, string>> = {
  ".gz": "1f8b",
  ".bz2": "425a68",
  ".xz": "fd377a58",
  ".bz2.xz": "fd377a58",
};

describe.each(backends.filter(({ name }) => name !== "S3 without a cache"))("on $name", ({ open }) => {
  let bench: Awaited<ReturnType<typeof open>>;
  beforeEach(async () => {
    bench = await open();
  });
  afterEach(() => bench.close());

  test.each(suffixes)("values are written and read as %s", async (suffix) => {
    const { data } = bench;
    const stored = async (name: string) => Buffer.from(await data.readBytes(name)).toString("hex");
    await data.writeText(`a.txt${suffix}`, "größe");
    await data.writeJson(`a.json${suffix}`, { a: [1, null] });
    await data.writeLines(`a.ndjson${suffix}`, ["one", "two"]);
    await data.writeCsv(`a.csv${suffix}`, [
      ["h", "i"],
      [1, "x,y"],
    ]);
    for (const name of ["a.txt", "a.json", "a.ndjson", "a.csv"])
      expect((await stored(`${name}${suffix}`)).startsWith(magic[suffix] ?? "?")).toBe(true);
    expect(await data.readText(`a.txt${suffix}`)).toBe("größe");
    expect(await data.readJson(`a.json${suffix}`)).toEqual({ a: [1, null] });
    expect(await data.readLines(`a.ndjson${suffix}`)).toEqual(["one", "two"]);
    expect(await data.readLines(`a.ndjson${suffix}`, { limit: 1 })).toEqual(["one"]);
    expect(await data.readCsv(`a.csv${suffix}`)).toEqual([
      ["h", "i"],
      ["1", "x,y"],
    ]);
    const { etag } = await data.update(`a.txt${suffix}`, async (now) => `${await now?.text()}!`);
    expect(etag).toEqual(expect.any(String));
    expect(await data.readText(`a.txt${suffix}`)).toBe("größe!");
  });

  test.each(["bzip2", "xz"] as const)("bytes and copies are %s when asked", async (compression) => {
    const { data } = bench;
    const suffix = compression === "bzip2" ? ".bz2" : ".xz";
    const { uri } = await data.writeBytes("b.bin", new Uint8Array(5_000).fill(7), { compress: compression });
    expect(uri.endsWith(`b.bin${suffix}`)).toBe(true);
    expect(await data.readBytes(`b.bin${suffix}`, { decompress: "by-suffix" })).toEqual(new Uint8Array(5_000).fill(7));
    await data.copy(`b.bin${suffix}`, "plain/", { decompress: true });
    expect(await data.readBytes("plain/b.bin")).toEqual(new Uint8Array(5_000).fill(7));
    await data.copy("plain/b.bin", "packed/", { compress: compression });
    expect(await data.readBytes(`packed/b.bin${suffix}`)).toEqual(await data.readBytes(`b.bin${suffix}`));
  });
});

test("what is damaged or no such data is an error that names the object", async () => {
  const { data, close } = await openS3(false);
  await data.writeBytes("no.csv.xz", new TextEncoder().encode("a,b\n"));
  await data.writeText("cut.txt.bz2", "text");
  const whole = await data.readBytes("cut.txt.bz2");
  await data.writeBytes("cut.txt.bz2", whole.subarray(0, -3));
  await expect(data.readCsv("no.csv.xz")).rejects.toMatchObject({ code: "malformed", uri: "s3://b/root/no.csv.xz" });
  await expect(data.readText("cut.txt.bz2")).rejects.toMatchObject({
    code: "truncated",
    uri: "s3://b/root/cut.txt.bz2",
  });
  await close();
});
