/** Plans by the front door, over a socket: what they say is what the server sees. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { entrepot } from "entrepot";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

let server: S3Server;
let folder: string;
beforeEach(async () => {
  server = await startS3Server({ buckets: ["bucket"] });
  folder = await mkdtemp(path.join(tmpdir(), "entrepot-plans-"));
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const open = () => entrepot({ ...server.options, cache: { dir: path.join(folder, "cache") } });

/** What the server saw, in the plan's own words. */
function seen(): Record<string, number> {
  const counts: Record<string, number> = { get: 0, put: 0, part: 0, copy: 0, head: 0, list: 0, delete: 0 };
  for (const { operation = "", headers } of server.requests) {
    const kind =
      {
        GetObject: "get",
        HeadObject: "head",
        ListObjectsV2: "list",
        PutObject: headers["x-amz-copy-source"] === undefined ? "put" : "copy",
        CopyObject: "copy",
        CreateMultipartUpload: "put",
        CompleteMultipartUpload: "put",
        UploadPart: "part",
        UploadPartCopy: "part",
        DeleteObject: "delete",
        DeleteObjects: "delete",
      }[operation] ?? operation;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return { total: server.requests.length, ...counts };
}

describe("a plan says exactly what the server sees", () => {
  test("for small objects up, inside, down and away", async () => {
    const data = open();
    await mkdir(path.join(folder, "up"));
    for (let index = 0; index < 25; index += 1) await writeFile(path.join(folder, "up", `f${index}`), `body ${index}`);
    server.clearRequests();
    const up = await data.copy(`${folder}/up/`, "s3://bucket/a/");
    expect(up.plan).toEqual({ objects: 25, sizeBytes: 165, requests: seen() });
    server.clearRequests();
    const inside = await data.copy("s3://bucket/a/", "s3://bucket/b/");
    expect(inside.plan?.requests).toEqual(seen());
    expect(inside.plan?.requests).toMatchObject({ copy: 25, head: 25, list: 1 });
    server.clearRequests();
    const down = await data.copy("s3://bucket/b/", `${folder}/down/`);
    expect(down.plan?.requests).toEqual(seen());
    server.clearRequests();
    const gone = await data.remove("s3://bucket/b/", { recursive: true });
    expect(gone.plan?.requests).toEqual(seen());
    expect(gone.plan?.requests).toMatchObject({ delete: 1, list: 1, total: 2 });
    server.clearRequests();
    const moved = await data.move("s3://bucket/a/", `${folder}/moved/`);
    expect(moved.plan?.requests).toEqual(seen());
    await data.close();
  });

  test("for one large object that goes up in parts, and for one that is missing", async () => {
    const data = open();
    await writeFile(path.join(folder, "large"), Buffer.alloc(70 * 1024 * 1024, "entrepot"));
    const { plan } = await data.copy(`${folder}/large`, "s3://bucket/large");
    expect(plan?.requests).toEqual(seen());
    expect(plan?.requests).toMatchObject({ put: 2, part: 9 });
    server.clearRequests();
    const none = await data.copy("s3://bucket/none", `${folder}/none`, { onError: "ignore" });
    expect(none.plan?.requests).toEqual(seen());
    await data.close();
  });

  test("and the same before it does anything", async () => {
    const data = open();
    for (let index = 0; index < 3; index += 1) await data.writeText(`s3://bucket/a/${index}`, "x");
    const dry = await data.copy("s3://bucket/a/", `${folder}/down/`, { dryRun: true });
    server.clearRequests();
    const wet = await data.copy("s3://bucket/a/", `${folder}/down/`);
    expect(dry.plan).toEqual(wet.plan);
    expect(wet.plan?.requests).toEqual(seen());
    await data.close();
  });
});

describe("limits", () => {
  test("refuse with the plan's numbers before anything is done", async () => {
    const data = open();
    for (let index = 0; index < 3; index += 1) await data.writeText(`s3://bucket/a/${index}`, "four");
    server.clearRequests();
    await expect(data.copy("s3://bucket/a/", `${folder}/down/`, { maxRequests: 3 })).rejects.toMatchObject({
      code: "limit-exceeded",
      message: "3 objects would take 4 requests (3 GET, 1 LIST), and 3 are allowed; nothing was done",
    });
    await expect(data.copy("s3://bucket/a/", `${folder}/down/`, { maxBytes: "11B" })).rejects.toMatchObject({
      code: "limit-exceeded",
      message: "3 objects would take 12 bytes, and 11 are allowed; nothing was done",
    });
    expect(server.count("GetObject")).toBe(0);
    await data.copy("s3://bucket/a/", `${folder}/down/`, { maxRequests: 4, maxBytes: 12 });
    expect(await readFile(path.join(folder, "down", "2"), "utf8")).toBe("four");
    await data.close();
  });
});
