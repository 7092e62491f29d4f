/** What a piece of work read, over every backend, and over a socket: whether it would read the same today. */
import { PutBucketVersioningCommand, S3Client } from "@aws-sdk/client-s3";
import { type Depot, entrepot, recordReads, type SeenRead } from "entrepot";
import type { S3Server } from "entrepot/testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { writeVersion3 } from "../zarr-hierarchies.ts";
import { backends, openS3 } from "./backends.ts";

const names = (data: Depot, reads: readonly SeenRead[]) =>
  reads.map(({ kind, uri }) => `${kind} ${uri.slice(data.resolve("").length)}`).sort();

describe.each(backends)("on $name", ({ open }) => {
  let bench: Awaited<ReturnType<typeof open>>;
  let data: Depot;
  beforeAll(async () => {
    bench = await open();
    data = bench.data;
    for (const name of ["in/a.txt", "in/b.txt", "out.txt"]) await data.writeText(name, name);
    await data.writeCsv("in/t.csv", [["x"], [1]]);
    await writeVersion3(data, "three.zarr/", true);
    const folder = data.with({ root: bench.folder });
    await folder.writeText("packed/member.txt", "member");
    await data.pack(`${bench.folder}/packed`, "a.zip");
  });
  afterAll(() => bench.close());

  const work: readonly (readonly [name: string, run: () => Promise<unknown>, reads: readonly string[]])[] = [
    ["a text", () => data.readText("in/a.txt"), ["object in/a.txt"]],
    ["the first line", () => data.readLines("in/a.txt", { limit: 1 }), ["object in/a.txt"]],
    ["a table", () => data.readTable("in/t.csv"), ["object in/t.csv"]],
    [
      "many",
      () => data.readMany("in/", { as: "text" }).toArray(),
      ["listing in/", "object in/a.txt", "object in/b.txt", "object in/t.csv"],
    ],
    ["a member of an archive", () => data.archive("a.zip").readText("member.txt"), ["object a.zip"]],
    ["a glob", () => data.glob("in/*.txt").uris(), ["listing in/"]],
    ["a file for other tools", () => data.localCopy("in/a.txt", () => undefined), ["object in/a.txt"]],
    ["what is not there", () => data.exists("none"), ["absent none"]],
    ["a copy", () => data.copy("in/a.txt", "copied"), ["object in/a.txt"]],
  ];

  test.each(work)("%s is told, and the same while nothing changes", async (_name, run, expected) => {
    const { reads } = await recordReads(run);
    const inputs = reads.filter(({ uri }) => !uri.endsWith("copied"));
    expect(names(data, inputs)).toEqual(expected);
    for (const read of reads.filter(({ kind }) => kind === "object")) expect(read).toHaveProperty("etag");
    expect(await data.changedSince(inputs)).toEqual([]);
    expect(await data.changedSince(JSON.parse(JSON.stringify(inputs)))).toEqual([]);
  });

  test("the chunks of an array are told, also of a store that was made before", async () => {
    const store = data.zarr("three.zarr");
    const { reads } = await recordReads(async () => {
      await store.get("/zarr.json");
      await store.get("/none");
    });
    expect(names(data, reads)).toEqual(["absent three.zarr/none", "object three.zarr/zarr.json"]);
  });
});

describe("over a socket", () => {
  let s3: S3Server;
  let data: Depot;
  let other: Depot;
  let close: () => Promise<void>;
  beforeEach(async () => {
    const bench = await openS3(true);
    ({ s3, data, close } = bench);
    other = entrepot({ ...s3.options, roots: { there: "s3://b/root/" }, location: "there", cache: false, env: {} });
    for (let index = 0; index < 60; index += 1) await other.writeText(`many/${index}`, `${index}`);
  });
  afterEach(async () => {
    await other.close();
    await close();
  });

  test("what comes from the local copy is told as what comes from the server", async () => {
    const read = () => recordReads(() => data.readText("many/1"));
    const [cold, warm] = [await read(), await read()];
    expect(warm).toEqual(cold);
    const offline = await recordReads(() => data.with({ network: "offline" }).readText("many/1"));
    expect(offline.reads).toEqual(cold.reads);
  });

  test("many objects of one folder are held against a listing, few by questions, and nothing is fetched", async () => {
    const { reads } = await recordReads(() => data.readMany("many/", { as: "text" }).toArray());
    const few = reads.filter(({ kind }) => kind === "object").slice(0, 3);
    s3.clearRequests();
    expect(await data.changedSince(reads)).toEqual([]);
    expect(s3.requests.map(({ method }) => method)).toEqual(["GET", "GET"]);
    s3.clearRequests();
    expect(await data.changedSince(few)).toEqual([]);
    expect(s3.requests.map(({ method }) => method)).toEqual(["HEAD", "HEAD", "HEAD"]);
  });

  test("of many each that changed, went or came is told", async () => {
    const { reads } = await recordReads(async () => {
      await data.readMany(await data.list("many/").uris()).toArray();
      await data.exists("many/7x");
    });
    await other.writeText("many/7", "other");
    await other.writeText("many/7x", "new");
    await other.remove(["many/0", "many/9", "many/31"]);
    const changed = await data.changedSince(reads);
    expect(changed.map(({ read, kind }) => `${read.uri.slice("s3://b/root/many/".length)} ${kind}`).sort()).toEqual([
      " changed",
      "0 gone",
      "31 gone",
      "7 changed",
      "7x appeared",
      "9 gone",
    ]);
  });

  test("who may not list asks for each, and what nobody may tell is unknown", async () => {
    const { reads } = await recordReads(() => other.readMany("many/", { as: "text" }).toArray());
    const single = reads.filter(({ kind }) => kind === "object");
    s3.inject("ListObjectsV2 403 AccessDenied always");
    s3.clearRequests();
    expect(await other.changedSince(single)).toEqual([]);
    expect(s3.requests.filter(({ method }) => method === "HEAD")).toHaveLength(60);
    s3.inject("HEAD 403 AccessDenied always");
    expect((await other.changedSince(single.slice(0, 2))).map(({ kind }) => kind)).toEqual(["unknown", "unknown"]);
  });

  test("offline a local copy counts as the same, and without one nobody can tell", async () => {
    const { reads } = await recordReads(async () => {
      await data.readText("many/1");
      await data.readRange("many/2", { start: 0, end: 1 });
    });
    await other.writeText("many/1", "other");
    const offline = data.with({ network: "offline" });
    const changed = await offline.changedSince([...reads, { kind: "absent", uri: "s3://b/root/many/3" }]);
    expect(changed.map(({ read, kind }) => [read.uri, kind])).toEqual([["s3://b/root/many/3", "unknown"]]);
  });

  test("one version of an object is told with its id, and never changes", async () => {
    const { endpoint, credentials } = s3;
    const { accessKeyId, secretAccessKey } = credentials;
    const sdk = new S3Client({
      endpoint,
      credentials: { accessKeyId, secretAccessKey },
      region: "us-east-1",
      forcePathStyle: true,
    });
    const on = { Status: "Enabled" } as const;
    await sdk.send(new PutBucketVersioningCommand({ Bucket: "b", VersioningConfiguration: on }));
    sdk.destroy();
    const { versionId } = await other.writeText("v", "one");
    const { reads } = await recordReads(async () => {
      await data.readText("v");
      await data.readText(`s3://b/root/v?versionId=${versionId}`);
    });
    expect(reads).toMatchObject([
      { uri: "s3://b/root/v", versionId },
      { uri: `s3://b/root/v?versionId=${versionId}`, versionId },
    ]);
    await other.writeText("v", "two");
    expect(await data.changedSince(reads)).toMatchObject([{ read: { uri: "s3://b/root/v" }, kind: "changed" }]);
  });

  test("a signature in an address is not kept", async () => {
    const url = await other.presign("many/1");
    const { reads } = await recordReads(() => data.with({ allowInsecureEndpoint: true } as never).readText(url));
    expect(reads).toMatchObject([{ kind: "object", sizeBytes: 1 }]);
    expect(JSON.stringify(reads)).not.toContain("Signature");
  });
});
