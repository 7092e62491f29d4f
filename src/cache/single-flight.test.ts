/** Several callers, one piece of work – as a mechanism, and as readers of one object see it. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesOf, noise, openBench, readAll, readText } from "../../tests/cache-bench.ts";
import { EntrepotError } from "../error/index.ts";
import { BytesSink } from "../store/index.ts";
import { type Flight, SingleFlight } from "./single-flight.ts";

function gate() {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve: () => resolve() };
}

function flights() {
  const counts = { shared: 0, released: 0 };
  const flight = new SingleFlight<string>({ share: () => void counts.shared++, release: () => void counts.released++ });
  return { flight, counts };
}

describe("the mechanism", () => {
  test("whoever comes before the answer shares it; the value is counted for each and released once", async () => {
    const { flight, counts } = flights();
    let runs = 0;
    const { promise, resolve } = gate();
    const work = async () => {
      runs += 1;
      await promise;
      return "value";
    };
    const callers = [1, 2, 3].map(() => flight.join("k", undefined, work));
    resolve();
    expect(await Promise.all(callers)).toEqual(["value", "value", "value"]);
    expect({ runs, ...counts }).toEqual({ runs: 1, shared: 3, released: 1 });
  });

  test("whoever comes after the answer began waits and asks anew", async () => {
    const { flight } = flights();
    const { promise, resolve } = gate();
    const first = flight.join("k", undefined, async (own) => {
      own.shut();
      await promise;
      return "value";
    });
    const late = flight.join("k", undefined, async () => "other");
    resolve();
    expect(await Promise.all([first, late])).toEqual(["value", "again"]);
  });

  test("a failure is everybody's who shared it, and nobody's afterwards", async () => {
    const { flight } = flights();
    const fail = async () => {
      await Promise.resolve();
      throw new Error("no");
    };
    const both = [flight.join("k", undefined, fail), flight.join("k", undefined, fail)];
    expect((await Promise.allSettled(both)).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(await flight.join("k", undefined, async () => "fine")).toBe("fine");
  });

  test("a caller that leaves takes nothing from the others; when the last one leaves the work is aborted", async () => {
    const { flight } = flights();
    const { promise, resolve } = gate();
    let seen: Flight | undefined;
    const work = async (own: Flight) => {
      seen = own;
      await promise;
      return "value";
    };
    const [one, two] = [new AbortController(), new AbortController()];
    const first = flight.join("k", one.signal, work);
    const second = flight.join("k", two.signal, work);
    one.abort(new Error("left"));
    await expect(first).rejects.toThrow("left");
    expect([seen?.signal.aborted, seen?.led]).toEqual([false, false]);
    two.abort(new Error("left, too"));
    await expect(second).rejects.toThrow("left, too");
    expect(seen?.signal.reason).toEqual(new Error("left, too"));
    resolve();
  });

  test("in every order of events each caller ends once, and values are neither lost nor kept", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.constantFrom("stay", "leave"), { minLength: 1, maxLength: 6 }),
        async (s, plans) => {
          const { flight, counts } = flights();
          let runs = 0;
          const ends = plans.map(async (plan, index) => {
            await s.schedule(Promise.resolve(), `arrive ${index}`);
            const controller = new AbortController();
            const joined = flight.join("k", controller.signal, async (own) => {
              runs += 1;
              await s.schedule(Promise.resolve(), "ask");
              own.shut();
              await s.schedule(Promise.resolve(), "load");
              return "value";
            });
            if (plan === "leave")
              void s.schedule(Promise.resolve(), `leave ${index}`).then(() => controller.abort("gone"));
            return joined.catch((error: unknown) => error);
          });
          await s.waitFor(Promise.all(ends));
          await s.waitAll();
          const results = await Promise.all(ends);
          const values = results.filter((result) => result === "value").length;
          expect(counts.shared).toBe(values);
          expect(results.every((result) => ["value", "again", "gone"].includes(String(result)))).toBe(true);
          expect(plans.includes("leave") || values > 0).toBe(true);
          expect(runs).toBeLessThanOrEqual(plans.length);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("readers of one object", () => {
  test.each([1_000, 3_000_000])("32 readers of a cold object of %i bytes cost one request", async (size) => {
    const { cached, wire, put } = await openBench();
    const bytes = noise(size);
    await put("a", bytes);
    const all = await Promise.all(Array.from({ length: 32 }, () => readAll(cached, "a")));
    expect(all.every((read) => Buffer.compare(read, bytes) === 0)).toBe(true);
    expect(wire.take()).toEqual(["read a"]);
  });

  test("readers and holders share one download", async () => {
    const { cached, wire, put } = await openBench();
    await put("a.csv", noise(1_000_000));
    const [bytes, held, again] = await Promise.all([
      readAll(cached, "a.csv"),
      cached.hold("a.csv"),
      cached.hold("a.csv"),
    ]);
    expect(wire.take()).toEqual(["read a.csv"]);
    expect(Buffer.compare(bytes, noise(1_000_000))).toBe(0);
    await Promise.all([held.close(), again.close()]);
  });

  test("who comes while the bytes are coming waits for them and then asks whether they are current", async () => {
    const { cached, wire, put } = await openBench();
    const bytes = noise(1_000_000);
    await put("a", bytes);
    const { promise, resolve } = gate();
    const sink = new BytesSink();
    const first = cached.read("a", {
      start: (info, range) => {
        sink.start(info, range);
        resolve();
      },
      write: (chunk) => sink.write(chunk),
    });
    await promise;
    expect(Buffer.compare(await readAll(cached, "a"), bytes)).toBe(0);
    await first;
    expect(Buffer.compare(sink.bytes, bytes)).toBe(0);
    expect(wire.take()).toEqual(["read a", "read a if-none-match: not-modified"]);
  });

  test("a reader who does not go on holds nobody up, and still gets every byte", async () => {
    const { cached, wire, put } = await openBench();
    const bytes = noise(2_000_000);
    await put("a", bytes);
    const stalled = gate();
    const begun = gate();
    const sink = new BytesSink();
    const slow = cached.read("a", {
      start: (info, range) => sink.start(info, range),
      write: async (chunk) => {
        begun.resolve();
        await stalled.promise;
        sink.write(chunk);
      },
    });
    await begun.promise;
    expect(Buffer.compare(await readAll(cached, "a"), bytes)).toBe(0);
    stalled.resolve();
    await slow;
    expect(Buffer.compare(sink.bytes, bytes)).toBe(0);
    expect(wire.take()).toEqual(["read a", "read a if-none-match: not-modified"]);
  });

  test("when the first reader gives up, the others get theirs from the same request", async () => {
    const { cached, wire, put } = await openBench();
    const bytes = noise(1_000_000);
    await put("a", bytes);
    const controller = new AbortController();
    const held = gate();
    wire.gate = held.promise;
    const first = readAll(cached, "a", { signal: controller.signal });
    const second = readAll(cached, "a");
    controller.abort(new Error("enough"));
    await expect(first).rejects.toThrow("enough");
    held.resolve();
    expect(Buffer.compare(await second, bytes)).toBe(0);
    expect(wire.take()).toEqual(["read a"]);
  });

  test("a reader whose sink throws fails alone", async () => {
    const { cached, wire, put } = await openBench();
    const bytes = noise(1_000_000);
    await put("a", bytes);
    const first = cached.read("a", {
      start: () => undefined,
      write: () => {
        throw new Error("my own");
      },
    });
    const second = readAll(cached, "a");
    await expect(first).rejects.toThrow("my own");
    expect(Buffer.compare(await second, bytes)).toBe(0);
    expect(wire.take()).toEqual(["read a"]);
  });

  test("a reader alone who throws ends the request, and nothing is kept of it", async () => {
    const { cached, cache, put } = await openBench();
    await put("a", noise(1_000_000));
    const reading = cached.read("a", {
      start: () => undefined,
      write: async () => {
        throw new Error("enough");
      },
    });
    await expect(reading).rejects.toThrow("enough");
    expect((await cache.stats()).objects).toBe(0);
  });

  test("a failed download is not remembered", async () => {
    const { cached, wire, put } = await openBench();
    await put("a", "1");
    wire.down = new EntrepotError("server-error", "no");
    const failed = await Promise.allSettled([readText(cached, "a"), readText(cached, "a")]);
    expect(failed.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(wire.take()).toHaveLength(1);
    wire.down = undefined;
    expect(await readText(cached, "a")).toBe("1");
  });

  test("who reads after a write does not share what was asked before it", async () => {
    const { cached, wire, put } = await openBench();
    await put("a", "old");
    const held = gate();
    const { read } = cached;
    wire.gate = undefined;
    const before = gate();
    const early = read("a", {
      start: () => before.resolve(),
      write: () => held.promise,
    });
    await before.promise;
    await cached.write("a", bytesOf("new"));
    expect(await readText(cached, "a")).toBe("new");
    held.resolve();
    await early;
    expect(await readText(cached, "a")).toBe("new");
  });
});
