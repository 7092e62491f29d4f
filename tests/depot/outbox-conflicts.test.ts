/** What a push makes of what waits, over a socket: by what was known when it was written, and what the server has by then. */
import { type Depot, entrepot } from "entrepot";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openS3 } from "./backends.ts";

type S3Bench = Awaited<ReturnType<typeof openS3>>;

let bench: S3Bench;
/** Offline, with an outbox. */
let away: Depot;
/** The same, with the network. */
let home: Depot;
/** Somebody else. */
let other: Depot;
const uri = "s3://b/root/a.txt";

beforeEach(async () => {
  bench = await openS3(true);
  home = bench.data.with({ outbox: true });
  away = bench.data.with({ outbox: true, network: "offline" });
  other = entrepot({ ...bench.s3.options, cache: false, env: {}, envFile: false });
});
afterEach(async () => {
  await other.close();
  await bench.close();
});

const serverHas = (address = uri) => other.readText(address, { onError: "allow-missing" });
const requests = () => bench.s3.requests.map(({ method, status }) => `${method} ${status}`);

describe("a push", () => {
  type State = "unchanged" | "replaced" | "deleted" | "absent" | "present";
  type Outcome = "sent" | "conflict";
  interface Row {
    /** What is done while away. */
    readonly does: string;
    readonly act: (data: Depot, etag: string) => Promise<unknown>;
    readonly known: boolean;
    readonly server: State;
    readonly outcome: Outcome;
    /** What the server has then. */
    readonly leaves: string | undefined;
  }
  const write = (data: Depot) => data.writeText(uri, "mine");
  const remove = (data: Depot) => data.remove(uri);
  const create = (data: Depot) => data.writeText(uri, "mine", { ifNoneMatch: "*" });
  const swap = (data: Depot, etag: string) => data.writeText(uri, "mine", { ifMatch: etag });
  const twice = async (data: Depot) => {
    await data.writeText(uri, "first");
    await data.writeText(uri, "mine");
  };
  const writeAndRemove = async (data: Depot) => {
    await data.writeText(uri, "first");
    await data.remove(uri);
  };
  const removeAndWrite = async (data: Depot) => {
    await data.remove(uri);
    await data.writeText(uri, "mine");
  };
  const row = (does: string, act: Row["act"], known: boolean) => ({ does, act, known });
  const matrix: readonly Row[] = [
    { ...row("a write", write, true), server: "unchanged", outcome: "sent", leaves: "mine" },
    { ...row("a write", write, true), server: "replaced", outcome: "conflict", leaves: "theirs" },
    { ...row("a write", write, true), server: "deleted", outcome: "conflict", leaves: undefined },
    { ...row("a write", write, false), server: "absent", outcome: "sent", leaves: "mine" },
    { ...row("a write", write, false), server: "present", outcome: "conflict", leaves: "theirs" },
    { ...row("a removal", remove, true), server: "unchanged", outcome: "sent", leaves: undefined },
    { ...row("a removal", remove, true), server: "replaced", outcome: "conflict", leaves: "theirs" },
    { ...row("a removal", remove, true), server: "deleted", outcome: "sent", leaves: undefined },
    { ...row("a creation", create, true), server: "unchanged", outcome: "conflict", leaves: "old" },
    { ...row("a creation", create, true), server: "deleted", outcome: "sent", leaves: "mine" },
    { ...row("a creation", create, false), server: "absent", outcome: "sent", leaves: "mine" },
    { ...row("a creation", create, false), server: "present", outcome: "conflict", leaves: "theirs" },
    { ...row("a swap", swap, true), server: "unchanged", outcome: "sent", leaves: "mine" },
    { ...row("a swap", swap, true), server: "replaced", outcome: "conflict", leaves: "theirs" },
    { ...row("a swap", swap, true), server: "deleted", outcome: "conflict", leaves: undefined },
    { ...row("two writes", twice, true), server: "unchanged", outcome: "sent", leaves: "mine" },
    { ...row("two writes", twice, true), server: "replaced", outcome: "conflict", leaves: "theirs" },
    { ...row("two writes", twice, true), server: "deleted", outcome: "conflict", leaves: undefined },
    { ...row("two writes", twice, false), server: "absent", outcome: "sent", leaves: "mine" },
    { ...row("two writes", twice, false), server: "present", outcome: "conflict", leaves: "theirs" },
    {
      ...row("a write and its removal", writeAndRemove, true),
      server: "unchanged",
      outcome: "sent",
      leaves: undefined,
    },
    {
      ...row("a write and its removal", writeAndRemove, true),
      server: "replaced",
      outcome: "conflict",
      leaves: "theirs",
    },
    { ...row("a removal and a write", removeAndWrite, true), server: "unchanged", outcome: "sent", leaves: "mine" },
    {
      ...row("a removal and a write", removeAndWrite, true),
      server: "replaced",
      outcome: "conflict",
      leaves: "theirs",
    },
    { ...row("a removal and a write", removeAndWrite, true), server: "deleted", outcome: "sent", leaves: "mine" },
  ];

  test.each(matrix)("of $does, known $known, where the object is $server: $outcome", async (each) => {
    const { act, known, server, outcome, leaves } = each;
    if (server !== "absent" && known) await other.writeText(uri, "old");
    if (known) await home.readText(uri);
    const etag = known ? (await home.stat(uri)).etag : "";
    if (server === "replaced" || server === "present") await other.writeText(uri, "theirs");
    if (server === "deleted") await other.remove(uri);
    await act(away, etag);
    const before = await serverHas();
    const pushing = home.offline.push();
    if (outcome === "sent") {
      expect((await pushing).failed).toEqual([]);
      expect(await home.offline.outbox()).toEqual([]);
    } else {
      await expect(pushing).rejects.toMatchObject({ code: "precondition-failed" });
      expect(await serverHas()).toBe(before);
      const [entry] = await home.offline.outbox();
      expect(entry).toMatchObject({ uri, state: "conflict" });
      const there = before === undefined ? undefined : { etag: (await other.stat(uri)).etag, sizeBytes: before.length };
      if (there === undefined) expect(entry?.found).toBeUndefined();
      else expect(entry?.found).toMatchObject(there);
    }
    expect(await serverHas()).toBe(leaves);
  });

  test("leaves the bytes as a copy under the new ETag", async () => {
    await away.writeText(uri, "mine");
    await home.offline.push();
    bench.s3.clearRequests();
    expect(await home.readText(uri)).toBe("mine");
    expect(requests()).toEqual(["GET 304"]);
  });

  test("goes on with other objects when one is in conflict, and holds back what waits behind it", async () => {
    await other.writeText(uri, "theirs");
    await away.writeText(uri, "one");
    await away.writeText("b.txt", "two");
    await away.writeText(uri, "three");
    const report = await home.offline.push({ onError: "ignore" });
    expect(report).toMatchObject({ copied: { objects: 1 }, skipped: { objects: 1 } });
    expect(report.failed).toMatchObject([{ uri, error: { code: "precondition-failed" } }]);
    expect(await serverHas("s3://b/root/b.txt")).toBe("two");
    expect((await home.offline.outbox()).map(({ state }) => state)).toEqual(["conflict", "waiting"]);
  });

  test("overwrites one by its id, and just the version that was shown", async () => {
    await other.writeText(uri, "theirs");
    await away.writeText(uri, "mine");
    const [entry] = await away.offline.outbox();
    const overwrite = entry?.id ?? "";
    await expect(home.offline.push({ overwrite })).rejects.toMatchObject({ code: "precondition-failed" });
    await home.offline.push({ onError: "ignore" });
    await other.writeText(uri, "newer");
    await expect(home.offline.push({ overwrite })).rejects.toMatchObject({ code: "precondition-failed" });
    expect(await serverHas()).toBe("newer");
    await home.offline.push({ overwrite });
    expect(await serverHas()).toBe("mine");
    expect(await home.offline.outbox()).toEqual([]);
  });

  test("can be rehearsed: a dry run sends nothing", async () => {
    await away.writeText(uri, "mine");
    bench.s3.clearRequests();
    const report = await home.offline.push({ dryRun: true });
    expect(report).toMatchObject({ dryRun: true, copied: { objects: 1, sizeBytes: 4 } });
    expect(requests()).toEqual([]);
    expect(await home.offline.outbox()).toHaveLength(1);
  });

  test("sends nothing that was queued as somebody else, or under other terms", async () => {
    await away.writeText(uri, "mine");
    for (const stranger of [home.with({ anonymous: true }), home.with({ sse: "AES256" })]) {
      expect(await stranger.offline.push()).toMatchObject({ copied: { objects: 0 }, skipped: { objects: 1 } });
    }
    expect(await serverHas()).toBeUndefined();
    await expect(away.offline.push()).rejects.toMatchObject({ code: "unreachable" });
    expect(await home.offline.outbox()).toMatchObject([{ state: "waiting" }]);
  });

  test("two at once send each change once", async () => {
    for (let index = 0; index < 8; index += 1) await away.writeText(`${index}.txt`, String(index));
    bench.s3.clearRequests();
    await Promise.all([home.offline.push({ onError: "ignore" }), home.offline.push({ onError: "ignore" })]);
    expect(await home.offline.outbox()).toEqual([]);
    expect(requests().filter((request) => request === "PUT 200")).toHaveLength(8);
  });
});
