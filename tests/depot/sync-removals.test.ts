/** `data.sync` with `delete`, as the server sees it: many removals in few requests, each of the version that was listed. */
import { type Depot, entrepot, type SyncReport } from "entrepot";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const from = "memory:///from/";
const to = "s3://b/to/";
let s3: S3Server;
let data: Depot;
async function open(personality?: "minio" | "ceph" | "gcs"): Promise<void> {
  s3 = await startS3Server({ buckets: ["b"], personality });
  data = entrepot({ ...s3.options, cache: false, env: {}, envFile: false });
  await data.writeText(`${from}kept`, "x");
  await fill(7);
}
afterEach(async () => {
  await data.close();
  await s3.close();
});

async function fill(count: number): Promise<void> {
  await data.writeText(`${to}kept`, "x");
  for (let index = 0; index < count; index += 1) await data.writeText(`${to}extra${index}`, `${index}`);
  s3.clearRequests();
}
function counts(): Readonly<Record<string, number>> {
  const by: Record<string, number> = {};
  for (const { operation = "?" } of s3.requests) by[operation] = (by[operation] ?? 0) + 1;
  return by;
}
const sync = (depot = data): Promise<SyncReport> => depot.sync(from, to, { delete: true, onError: "ignore" });
/** Compared with the listing and no read: the texts of both sides are the same. */
const listing = { ListObjectsV2: 1 };

describe("where the server heeds the ETags of many removals", () => {
  beforeEach(() => open());

  test("that is found out once, with the first object, and the plan says what the server sees", async () => {
    const first = await sync();
    expect([first.removed.objects, first.failed, first.plan?.requests.total]).toEqual([7, [], s3.requests.length]);
    expect(counts()).toEqual({ ...listing, HeadObject: 1, DeleteObjects: 2 });
    await fill(7);
    const second = await sync();
    expect([second.removed.objects, second.plan?.requests.total]).toEqual([7, s3.requests.length]);
    expect(counts()).toEqual({ ...listing, DeleteObjects: 1 });
    expect([...s3.objects("b").keys()]).toEqual(["to/kept"]);
  });

  test("what was replaced meanwhile stays and is named, the others are gone", async () => {
    const newer = new TextEncoder().encode("newer");
    // Between the look at the first object and the removal of all.
    s3.inject({ operation: "HeadObject", key: "to/extra0", effect: { replaceWith: newer } });
    const { removed, failed } = await sync();
    expect(failed.map(({ uri, error }) => [uri, error?.code])).toEqual([[`${to}extra0`, "changed"]]);
    expect([removed.objects, await data.readText(`${to}extra0`)]).toEqual([6, "newer"]);
  });

  test("each that is refused is named, the others are gone", async () => {
    await sync();
    await fill(7);
    s3.inject({ operation: "DeleteObject", key: "to/extra3", effect: { status: 403, code: "AccessDenied" } });
    const { removed, failed } = await sync();
    expect(failed.map(({ uri, error }) => [uri, error?.code])).toEqual([[`${to}extra3`, "forbidden"]]);
    expect(removed.objects).toBe(6);
  });
});

describe.each(["minio", "ceph"] as const)("where the server takes no notice of them, as %s", (personality) => {
  beforeEach(() => open(personality));

  test("each is looked at before it goes, and nothing is asked twice", async () => {
    const { removed, failed } = await sync();
    expect([removed.objects, failed]).toEqual([7, []]);
    expect(counts()).toEqual({ ...listing, HeadObject: 7, DeleteObjects: 1, DeleteObject: 6 });
    await fill(7);
    const second = await sync();
    expect([second.removed.objects, second.plan?.requests.total]).toEqual([7, s3.requests.length]);
    expect(counts()).toEqual({ ...listing, HeadObject: 7, DeleteObject: 7 });
  });

  test("what was replaced meanwhile stays all the same", async () => {
    const newer = new TextEncoder().encode("newer");
    for (const key of ["to/extra0", "to/extra5"])
      s3.inject({ operation: "HeadObject", key, effect: { replaceWith: newer } });
    const { removed, failed } = await sync();
    expect(failed.map(({ uri }) => uri).sort()).toEqual([`${to}extra0`, `${to}extra5`]);
    expect(failed.map(({ error }) => error?.code)).toEqual(["changed", "changed"]);
    expect([removed.objects, await data.readText(`${to}extra5`)]).toEqual([5, "newer"]);
  });
});

test("where the server cannot remove many at once each goes by itself", async () => {
  await open("gcs");
  const { removed, failed } = await sync();
  expect([removed.objects, failed]).toEqual([7, []]);
  expect([...s3.objects("b").keys()]).toEqual(["to/kept"]);
});
