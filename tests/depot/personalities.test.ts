/** The depot's verbs with default settings against each store as which the test server can behave. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Depot, entrepot, isEntrepotError } from "entrepot";
import { type PersonalityName, personalities, type S3Server, startS3Server } from "entrepot/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

/** Where `update` and `ifNoneMatch` cannot be kept. */
const unconditional: ReadonlySet<PersonalityName> = new Set(["b2", "gcs"]);
/** Streams and copies of this size go in parts. */
const large = 20 * 1024 * 1024;

describe.each(personalities)("at $title", ({ name }) => {
  let server: S3Server;
  let folder: string;
  let data: Depot;
  beforeEach(async () => {
    server = await startS3Server({ personality: name, buckets: ["bucket"] });
    folder = await mkdtemp(join(tmpdir(), "entrepot-"));
    const settings = {
      ...server.options,
      roots: { at: "s3://bucket/root/" },
      location: "at",
      env: {},
      envFile: false,
    } as const;
    data = entrepot({ ...settings, cache: { dir: join(folder, "cache") } }) as Depot;
  });
  afterEach(async () => {
    await data.close();
    expect(server.internalErrors).toEqual([]);
    await server.close();
    await rm(folder, { recursive: true });
  });

  test("what is written is read, listed, described and removed", async () => {
    await data.writeText("d/a.txt", "grüße\n");
    await data.writeJson("d/b.json", { n: [1, null] });
    await data.writeBytes("d/empty", new Uint8Array());
    expect(await data.readText("d/a.txt")).toBe("grüße\n");
    expect(await data.readJson("d/b.json")).toEqual({ n: [1, null] });
    expect((await data.readBytes("d/empty")).length).toBe(0);
    expect(await data.list("d/").uris()).toEqual(
      ["a.txt", "b.json", "empty"].map((key) => `s3://bucket/root/d/${key}`),
    );
    expect(await data.stat("d/a.txt")).toMatchObject({ sizeBytes: 8 });
    expect([await data.exists("d/a.txt"), await data.exists("never")]).toEqual([true, false]);
    await expect(data.readText("never")).rejects.toMatchObject({ code: "not-found" });
    const { removed } = await data.remove("d/", { recursive: true });
    expect([removed.objects, await data.list("").uris()]).toEqual([3, []]);
  });

  test("a large body goes up in parts, from memory and from a stream, comes back and is copied", async () => {
    const body = Buffer.alloc(large, "0123456789abcdef");
    await data.writeBytes("large", body);
    const pieces = async function* () {
      yield* [body.subarray(0, 7), body.subarray(7)];
    };
    await data.writeStream("streamed", pieces());
    for (const key of ["large", "streamed"]) expect(Buffer.compare(await data.readBytes(key), body)).toBe(0);
    await data.copy("large", "copied");
    expect(await data.stat("copied")).toMatchObject({ sizeBytes: large });
    expect(await data.readRange("copied", { start: large - 3, end: large })).toEqual(new Uint8Array(body.subarray(-3)));
  });

  test("files and folders travel both ways", async () => {
    await writeFile(join(folder, "page.html"), "<p>");
    await data.copy(join(folder, "page.html"), "site/page.html");
    await data.copy("site/", `${join(folder, "back")}/`);
    expect(await readFile(join(folder, "back", "page.html"), "utf8")).toBe("<p>");
  });

  test("a change under a condition is made, or is refused as unsupported: never made blindly without a word", async () => {
    await data.writeText("counter", "1");
    const changed = data.update("counter", async (current) => `${Number(await current?.text()) + 1}`);
    if (unconditional.has(name)) {
      await expect(changed).rejects.toSatisfy((error) => isEntrepotError(error, "unsupported"));
      return;
    }
    await changed;
    expect(await data.readText("counter")).toBe("2");
    await expect(data.writeText("counter", "3", { ifNoneMatch: "*" })).rejects.toMatchObject({
      code: "already-exists",
    });
    await expect(data.writeText("counter", "3", { ifMatch: '"0"' })).rejects.toMatchObject({
      code: "precondition-failed",
    });
    await data.writeText("new", "1", { ifNoneMatch: "*" });
    expect(await data.readText("counter")).toBe("2");
  });

  test("a wrong secret and a missing bucket are told apart from a missing object", async () => {
    await data.writeText("mine", "x");
    const credentials = { ...server.credentials, secretAccessKey: "wrong" };
    const stranger = entrepot({ ...server.options, credentials, env: {}, envFile: false, cache: false });
    try {
      await expect(stranger.readText("s3://bucket/root/mine")).rejects.toMatchObject({ code: "unauthenticated" });
      await expect(stranger.stat("s3://bucket/root/mine")).rejects.toMatchObject({ code: "unauthenticated" });
    } finally {
      await stranger.close();
    }
    await expect(data.readText("s3://nowhere/mine")).rejects.toMatchObject({
      code: "not-found",
      message: /NoSuchBucket/,
    });
  });
});
