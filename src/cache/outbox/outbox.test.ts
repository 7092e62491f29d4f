/** What waits on this disk: never half, never somebody else's, never sent when it is damaged, and never lost with the rest of the cache. */
import { link, mkdir, readdir, readFile, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Bench, bytesOf, noise, openBench, readText, unreachable } from "../../../tests/cache-bench.ts";
import { failNth, nodeFsOperations, openNodeDisk, SimulatedCrash } from "../../disk/index.ts";
import type { ObjectStore } from "../../store/index.ts";
import { storeContract } from "../../testing/index.ts";
import { type Cache, type CachedStore, openCircuit, type Pushed } from "../index.ts";

const use = { queues: true, terms: "", hasCustomerKey: false };
const away = (bench: Bench, cache?: Cache) => bench.wrap({ network: "offline", outbox: use }, cache);
const folderOf = ({ dir }: Bench) => join(dir, "outbox", String(process.getuid?.() ?? "user"));

async function push(cache: Cache, store: CachedStore, options = {}): Promise<Pushed[]> {
  const outcomes: Pushed[] = [];
  const outbox = await cache.outbox();
  for await (const outcome of outbox.push(async () => store.senders, options)) outcomes.push(outcome);
  return outcomes;
}
const list = async (cache: Cache) => (await cache.outbox()).list();
const fileOf = async (bench: Bench, suffix: string) => {
  const name = (await readdir(folderOf(bench))).find((each) => each.endsWith(suffix));
  return join(folderOf(bench), name ?? "");
};

describe("the store contract, through an outbox", () => {
  const open = async () => ({ store: (await openBench({ outbox: use })).cached, close: async () => undefined });
  for (const { name, run } of storeContract({ open, traits: { keepsMetadata: true, listSizes: [3] } })) test(name, run);
});

test("an outbox that is not asked for is never made", async () => {
  const bench = await openBench();
  await bench.cached.write("a", bytesOf("1"));
  expect(await readdir(bench.dir)).toEqual(["objects"]);
});

describe("what is damaged", () => {
  const damages: Readonly<Record<string, (bench: Bench) => Promise<unknown>>> = {
    "a bit of the record": async (bench) => flip(await fileOf(bench, ".json"), 100),
    "a bit of the bytes": async (bench) => flip(await fileOf(bench, ".data"), 300_000),
    "a record cut short": async (bench) => truncate(await fileOf(bench, ".json"), 200),
    "an empty record": async (bench) => truncate(await fileOf(bench, ".json"), 0),
    "bytes cut short": async (bench) => truncate(await fileOf(bench, ".data"), 5),
    "bytes that are gone": async (bench) => rm(await fileOf(bench, ".data")),
    "a link in the place of the record": async (bench) => {
      const path = await fileOf(bench, ".json");
      await rename(path, join(bench.dir, "elsewhere"));
      await symlink(join(bench.dir, "elsewhere"), path);
    },
    "a second name of the bytes": async (bench) => link(await fileOf(bench, ".data"), join(bench.dir, "second")),
    "the record of another change": async (bench) => {
      await away(bench).write("b", bytesOf("other"));
      const [first = "", second = ""] = (await readdir(folderOf(bench))).filter((name) => name.endsWith(".json"));
      await writeFile(join(folderOf(bench), first), await readFile(join(folderOf(bench), second)), { mode: 0o600 });
    },
  };
  test.each(Object.keys(damages))("%s: it is never sent, told, and kept", async (name) => {
    const bench = await openBench();
    await away(bench).write("a", noise(600_000));
    await damages[name]?.(bench);
    const outcomes = await push(bench.cache, bench.cached);
    expect(outcomes[0]).toMatchObject({ outcome: "failed", error: { code: "integrity", retryable: false } });
    await expect(bench.store.stat("a")).rejects.toMatchObject({ code: "not-found" });
    const [entry] = await list(bench.cache);
    expect(entry?.id).toBe(outcomes[0]?.id);
    const outbox = await bench.cache.outbox();
    await expect(outbox.save(entry?.id ?? "", join(bench.dir, "saved"))).rejects.toMatchObject({ code: "integrity" });
    await outbox.discard(entry?.id ?? "");
    expect((await list(bench.cache)).map(({ id }) => id)).not.toContain(entry?.id);
  });

  test("any one bit of a record", async () => {
    const bench = await openBench();
    await away(bench).write("a", bytesOf("mine"));
    const path = await fileOf(bench, ".json");
    const right = await readFile(path);
    for (let at = 0; at < right.byteLength; at += 29) {
      const wrong = Buffer.from(right);
      wrong[at] = (wrong[at] ?? 0) ^ (1 << (at % 8));
      await writeFile(path, wrong);
      const [outcome] = await push(bench.cache, bench.cached);
      expect(outcome).toMatchObject({ outcome: "failed", error: { code: "integrity" } });
    }
    await writeFile(path, right);
    expect(await push(bench.cache, bench.cached)).toMatchObject([{ outcome: "sent" }]);
    expect(bench.wire.take().filter((line) => line.startsWith("write"))).toEqual(["write a"]);
  });

  test("is an error to who reads it, and not the version before", async () => {
    const bench = await openBench();
    await bench.put("a", "old");
    await readText(bench.cached, "a");
    await away(bench).write("a", noise(600_000));
    await flip(await fileOf(bench, ".data"), 300_000);
    await expect(readText(away(bench), "a")).rejects.toMatchObject({ code: "integrity" });
  });
});

async function flip(path: string, at: number): Promise<void> {
  const bytes = await readFile(path);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await writeFile(path, bytes);
}

describe("a folder of somebody else", () => {
  test("that lies where ours would is neither used nor sent from", async () => {
    const bench = await openBench({ mode: 0o660 });
    await bench.cached.write("a", bytesOf("1"));
    const uid = (process.getuid?.() ?? 0) + 1;
    await mkdir(join(bench.dir, "outbox", String(uid)), { recursive: true, mode: 0o700 });
    const theirs = bench.reopen({ uid });
    await expect(away(bench, theirs).write("a", bytesOf("x"))).rejects.toMatchObject({ code: "misconfigured" });
    await expect(list(theirs)).rejects.toMatchObject({ code: "misconfigured" });
  });
});

describe("on a disk that fails at every operation in turn", () => {
  const body = noise(300_000);

  test("a full one keeps nothing of what it could not keep all of", async () => {
    for (let nth = 1; ; nth += 1) {
      const bench = await openBench();
      const failing = failNth(nodeFsOperations, nth, { errno: "ENOSPC", persistent: true });
      const cache = bench.reopen({ disk: openNodeDisk({ operations: failing.operations }) });
      const written = await away(bench, cache)
        .write("a", body)
        .catch((error: unknown) => error);
      await cache.close();
      const there = await list(bench.reopen());
      if (!failing.fired) {
        expect(there).toMatchObject([{ state: "waiting", sizeBytes: body.byteLength }]);
        break;
      }
      if (written instanceof Error) {
        expect(written).toMatchObject({ code: "no-space", uri: "s3://bucket/a" });
        // What a full disk does not even let us take away is whole, or nothing.
        for (const { state } of there) expect(state).toBe("waiting");
      } else expect(there).toMatchObject([{ state: "waiting" }]);
    }
  });

  test("a crash leaves a change whole or not at all, and whole when it was told to be kept", async () => {
    for (let nth = 1; ; nth += 1) {
      const bench = await openBench();
      const failing = failNth(nodeFsOperations, nth, { crash: true });
      const cache = bench.reopen({ disk: openNodeDisk({ operations: failing.operations }) });
      const written = await away(bench, cache)
        .write("a", body)
        .catch((error: unknown) => error);
      const there = await list(bench.reopen());
      expect(there.every(({ state }) => state === "waiting")).toBe(true);
      if (!(written instanceof Error)) expect(there).toHaveLength(1);
      if (!failing.fired) break;
      expect(await push(bench.reopen(), bench.cached)).toHaveLength(there.length);
    }
  });

  test("a push that dies anywhere is done by the next, and each change is made once", async () => {
    for (let nth = 1; ; nth += 1) {
      const bench = await openBench();
      const made: string[] = [];
      const store = keepingMarks(bench.wired, made);
      const wrap = (cache: Cache) => {
        const settings = { identity: ["s3"], circuit: openCircuit(Date.now), outbox: use };
        return (network: "auto" | "offline") => cache.wrap(store, { ...settings, network });
      };
      const home = wrap(bench.cache)("auto");
      const offline = wrap(bench.cache)("offline");
      await offline.write("a", bytesOf("first"));
      await offline.delete("a");
      const failing = failNth(nodeFsOperations, nth, { crash: true });
      const dying = bench.reopen({ disk: openNodeDisk({ operations: failing.operations }) });
      await push(dying, wrap(dying)("auto")).catch((error: unknown) => {
        if (!(error instanceof SimulatedCrash)) throw error;
      });
      // What died is this very process, which lives: only its lock would look alive.
      for (const name of await readdir(folderOf(bench)))
        if (name.endsWith(".lock")) await rm(join(folderOf(bench), name));
      const outcomes = await push(bench.reopen(), home);
      expect(outcomes.filter(({ outcome }) => outcome !== "sent")).toEqual([]);
      expect(await list(bench.cache)).toEqual([]);
      expect(made).toEqual(["write a", "delete a"]);
      if (!failing.fired) break;
    }
  }, 60_000);
});

test("a server that stays away ends a push at the first try, and keeps all of it", async () => {
  const bench = await openBench();
  await away(bench).write("a", bytesOf("1"));
  await away(bench).write("b", bytesOf("2"));
  bench.wire.take();
  bench.wire.down = unreachable();
  const outcomes = await push(bench.cache, bench.cached);
  expect(outcomes).toMatchObject([
    { outcome: "failed", error: { code: "unreachable" } },
    { outcome: "waits", why: "the server cannot be reached" },
  ]);
  expect(bench.wire.take()).toEqual(["write a"]);
  bench.wire.down = undefined;
  expect(await push(bench.cache, bench.cached)).toMatchObject([{ outcome: "sent" }, { outcome: "sent" }]);
});

test("under a customer's key nothing is queued, since the key may lie on no disk", async () => {
  const bench = await openBench({ network: "offline", outbox: { ...use, hasCustomerKey: true } });
  await expect(bench.cached.write("a", bytesOf("1"))).rejects.toMatchObject({ code: "unsupported" });
  expect(await list(bench.cache)).toEqual([]);
});

test("a change behind one that nobody knows any more is a conflict, and can be resolved", async () => {
  const bench = await openBench();
  await away(bench).write("a", bytesOf("1"));
  await away(bench).write("a", bytesOf("2"));
  const [first] = (await readdir(folderOf(bench))).filter((name) => name.endsWith(".json")).sort();
  await rm(join(folderOf(bench), first ?? ""));
  const [outcome] = await push(bench.cache, bench.cached);
  expect(outcome).toMatchObject({ outcome: "failed", error: { code: "precondition-failed" } });
  expect(await push(bench.cache, bench.cached, { overwrite: outcome?.id })).toMatchObject([{ outcome: "sent" }]);
  expect(await readText(bench.cached, "a")).toBe("2");
});

/** As S3 keeps them: a write whose condition fails because this very write was made before has been made. */
function keepingMarks(store: ObjectStore, made: string[]): ObjectStore {
  const marks = new Map<string, { readonly mark: string | undefined; readonly etag: string }>();
  return {
    ...store,
    write: async (key, written, options = {}) => {
      try {
        const result = await store.write(key, written, options);
        marks.set(key, { mark: options.mark, etag: result.etag });
        made.push(`write ${key}`);
        return result;
      } catch (error) {
        const there = marks.get(key);
        if (there === undefined || options.mark === undefined || there.mark !== options.mark) throw error;
        const { etag, sizeBytes } = await store.stat(key);
        return { etag, sizeBytes, versionId: undefined };
      }
    },
    delete: async (key, options) => {
      await store.delete(key, options);
      made.push(`delete ${key}`);
    },
  };
}
