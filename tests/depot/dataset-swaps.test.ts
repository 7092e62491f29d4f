/** Datasets where servers do not swap, where answers are lost, and where a publisher dies between any two requests. */
import { type EntrepotOptions, entrepot } from "entrepot";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openDepot } from "../../src/depot/index.ts";
import { openTransport, type Transport } from "../../src/net/index.ts";
import { openS3 } from "./backends.ts";

const quiet = { cache: false, env: {}, envFile: false } as const;
const uri = "s3://b/prices/";

describe.each([
  ["takes no notice of If-None-Match", { ignoreConditions: "if-none-match" }],
  ["takes no notice of If-Match", { ignoreConditions: "if-match" }],
  ["does not know conditions", { status: 501, code: "NotImplemented" }],
] as const)("a server that %s", (_what, effect) => {
  test("is unsupported before anything is staged, and nothing is left", async () => {
    const s3 = await startS3Server({ buckets: ["b"] });
    const data = entrepot({ ...s3.options, ...quiet, retries: { attempts: 1 } });
    s3.inject({ method: "PUT", times: 99, effect });
    let staged = false;
    const publishing = data.dataset(uri).publish(async () => {
      staged = true;
    });
    await expect(publishing).rejects.toMatchObject({ code: "unsupported" });
    expect(staged).toBe(false);
    expect(await data.list("s3://b/").toArray()).toEqual([]);
    await data.close();
    await s3.close();
  });
});

describe("a publisher", () => {
  let s3: S3Server;
  beforeEach(async () => {
    s3 = await startS3Server({ buckets: ["b"] });
  });
  afterEach(() => s3.close());
  const options = (): EntrepotOptions => ({ ...s3.options, ...quiet, retries: { attempts: 2, budget: "1s" } });

  const write = async (data: ReturnType<typeof entrepot>, value: string) =>
    data.dataset(uri).publish(async (stage) => {
      await stage.data.writeText("a.txt", value);
      await stage.data.writeText("b.txt", value);
    });
  const current = async (data: ReturnType<typeof entrepot>) => {
    const opened = await data.dataset(uri).open();
    const files = await opened.list().toArray();
    return Promise.all(files.map(({ uri: file }) => data.readText(file)));
  };

  test("whose answer about the swap is lost is told what came of it", async () => {
    const data = entrepot(options());
    await write(data, "one");
    s3.inject({ method: "PUT", key: "prices/current.json", times: 2, effect: { loseAnswer: true } });
    await expect(write(data, "two")).resolves.toMatchObject({ isCurrent: true });
    expect(await current(data)).toEqual(["two", "two"]);
    await data.close();
  });

  test("that dies before or after any of its requests leaves the old dataset or the new one whole, and the rest to gc", async () => {
    const healthy = entrepot(options());
    await write(healthy, "0");
    let last = "0";
    const seen = new Set<string>();
    for (const when of ["before", "after"] as const) {
      for (let at = 1, done = false; !done; at++) {
        const value = `${when}${at}`;
        const once = { ...options(), retries: { attempts: 1 } };
        const dying = openDepot(once, { transport: mortal(at, when) });
        done = await write(dying as never, value).then(
          () => true,
          () => false,
        );
        await dying.close();
        const [a, b, ...more] = await current(healthy);
        expect([a, more]).toEqual([b, []]);
        expect([last, value]).toContain(a);
        seen.add(a === value ? "new" : "old");
        last = a ?? "";
        await healthy.dataset(uri).gc({ keep: 1, olderThan: 0 });
        const left = (await healthy.list(uri).toArray()).map(({ name }) => name);
        expect(left.sort()).toEqual(["a.txt", "b.txt", "claim.json", "current.json", "manifest.jsonl"]);
        expect(await current(healthy)).toEqual([last, last]);
      }
    }
    expect([...seen].sort()).toEqual(["new", "old"]);
    await healthy.close();
  }, 60_000);
});

describe("a collector", () => {
  test("that dies before any of its requests leaves the current generation, and the next one ends its work", async () => {
    const s3 = await startS3Server({ buckets: ["b"] });
    const options = { ...s3.options, ...quiet, retries: { attempts: 1 } };
    const healthy = entrepot(options);
    const publish = (value: string) =>
      healthy.dataset(uri).publish(async (stage) => void (await stage.data.writeText("a.txt", value)));
    await publish("0");
    for (let at = 1, done = false; !done; at++) {
      await publish(String(at));
      const dying = openDepot(options, { transport: mortal(at, "before") });
      done = await dying
        .dataset(uri)
        .gc({ keep: 1, olderThan: 0 })
        .then(
          () => true,
          () => false,
        );
      await dying.close();
      const opened = await healthy.dataset(uri).open();
      expect(await opened.data.readText("a.txt")).toBe(String(at));
      await healthy.dataset(uri).gc({ keep: 1, olderThan: 0 });
      const left = (await healthy.list(uri).toArray()).map(({ name }) => name);
      expect(left.sort()).toEqual(["a.txt", "claim.json", "current.json", "manifest.jsonl"]);
      expect(await healthy.readJson(`${uri}current.json`)).toMatchObject({ condemned: [] });
    }
    await healthy.close();
    await s3.close();
  }, 60_000);
});

/** A process that is killed at its n-th request: that one and all later ones fail, and what was sent "after" has arrived. */
function mortal(at: number, when: "before" | "after"): Transport {
  const alive = openTransport({ concurrency: 8 });
  let count = 0;
  return {
    ...alive,
    close: () => alive.close(),
    async send(request, sink) {
      count += 1;
      if (count > at || (count === at && when === "before")) throw new Error("killed");
      const answer = await alive.send(request, sink);
      if (count === at) throw new Error("killed");
      return answer;
    },
  };
}

test("what was opened with a network is opened without one, and nothing is published there", async () => {
  const bench = await openS3(true);
  const prices = bench.data.dataset("prices");
  const online = await prices.publish(async (stage) => void (await stage.data.writeText("a.txt", "one")));
  await (await prices.open()).list().toArray();
  const offline = bench.data.with({ network: "offline", outbox: true }).dataset("prices");
  const opened = await offline.open();
  expect(opened.generation).toBe(online.generation);
  expect((await opened.list().toArray()).map(({ path }) => path)).toEqual(["a.txt"]);
  expect(await opened.data.readText("a.txt")).toBe("one");
  await expect(offline.publish("prices/")).rejects.toMatchObject({ code: "unreachable" });
  await bench.close();
});
