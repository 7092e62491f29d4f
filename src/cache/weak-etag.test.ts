/** Versions that only a weak ETag names, the server's own or one made up from time and size: never mixed, never confused. */
import { open, readFile } from "node:fs/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Bench, openBench, readAll, readText } from "../../tests/cache-bench.ts";
import { openWeb, type Version, type Web } from "../../tests/cache-web.ts";
import { openTransport } from "../net/index.ts";
import { type BodySink, openHttpStore } from "../store/index.ts";
import { openCircuit } from "./circuit.ts";
import type { CachedStore } from "./contract.ts";
import type { WrapOptions } from "./desk.ts";

const size = 900_000;
const weak = { ETag: 'W/"same"' };
const kinds = [
  ["a weak ETag", weak],
  ["a time only", { "Last-Modified": "Mon, 01 Jan 2024 00:00:00 GMT" }],
] as const;

/** The copy is used without a question, so that its damage is what makes one. */
const trusting = { maxAgeMs: 60_000 };

interface Setting {
  readonly web: Web;
  readonly bench: Bench;
  wrap(options?: Partial<WrapOptions>): CachedStore;
  /** Large, so that it is read block by block. */
  version(letter: string, more?: Partial<Version>): Version;
}

async function openSetting(headers: Version["headers"] = weak): Promise<Setting> {
  const [web, bench, transport] = [await openWeb(), await openBench(), openTransport()];
  onTestFinished(() => transport.close());
  const store = openHttpStore({ origin: web.origin, transport });
  const circuit = openCircuit(() => bench.clock.nowMs);
  return {
    web,
    bench,
    wrap: (options) => bench.cache.wrap(store, { identity: ["http"], circuit, network: "auto", ...options }),
    version: (letter, more) => ({ body: letter.repeat(size), headers, ...more }),
  };
}

async function damage(store: CachedStore, at: number): Promise<void> {
  const file = await open((await store.pathOf("k")) ?? "", "r+");
  await file.write("?", at);
  await file.close();
}

/** Cannot start again. */
function pipe(): BodySink & { text: string; starts: number } {
  const sink = {
    text: "",
    starts: 0,
    start: () => {
      sink.starts += 1;
    },
    write: (chunk: Uint8Array) => {
      sink.text += Buffer.from(chunk).toString("latin1");
    },
  };
  return sink;
}

describe.each(kinds)("with %s", (_, headers) => {
  test("a whole answer to a conditional question takes the copy's place", async () => {
    const { web, wrap, version } = await openSetting(headers);
    const cached = wrap();
    web.serve(version("A"));
    await readText(cached, "k");
    web.serve(version("B"));
    expect(await readText(cached, "k")).toBe(version("B").body);
    expect(await readText(wrap({ network: "offline" }), "k")).toBe(version("B").body);
  });

  test("a damaged copy of a version that was replaced is read anew, never finished", async () => {
    const { web, wrap, version } = await openSetting(headers);
    const cached = wrap(trusting);
    web.serve(version("A"));
    await readText(cached, "k");
    await damage(cached, 700_000);
    web.serve(version("B"));
    expect(await readText(cached, "k")).toBe(version("B").body);
  });

  test("a damaged copy of a version that was replaced is changed for whoever cannot start again", async () => {
    const { web, wrap, version } = await openSetting(headers);
    const cached = wrap(trusting);
    web.serve(version("A"));
    await readText(cached, "k");
    await damage(cached, 700_000);
    web.serve(version("B"));
    const sink = pipe();
    await expect(cached.read("k", sink)).rejects.toMatchObject({ code: "changed" });
    expect([sink.starts, /^A+$/.test(sink.text)]).toEqual([1, true]);
  });

  test.each([0, 700_000])("damage at byte %i of a version that is still there heals in the call", async (at) => {
    const { web, wrap, version } = await openSetting(headers);
    const cached = wrap(trusting);
    web.serve(version("A"));
    await readText(cached, "k");
    await damage(cached, at);
    web.serve(version("A"));
    const sink = pipe();
    await cached.read("k", sink);
    expect([sink.starts, sink.text]).toEqual([1, version("A").body]);
  });

  test("damage at the first byte costs nobody who cannot start again", async () => {
    const { web, wrap, version } = await openSetting(headers);
    const cached = wrap(trusting);
    web.serve(version("A"));
    await readText(cached, "k");
    await damage(cached, 0);
    web.serve(version("B"));
    const sink = pipe();
    await cached.read("k", sink);
    expect([sink.starts, sink.text]).toEqual([1, version("B").body]);
  });

  test("a range of a damaged copy is never finished with another version's bytes", async () => {
    const { web, wrap, version } = await openSetting(headers);
    const cached = wrap(trusting);
    const range = { start: 100, end: 800_000 };
    for (const given of ["anew", "changed"] as const) {
      web.serve(version("A"));
      await readText(cached, "k", { cache: "refresh" });
      await damage(cached, 700_000);
      web.serve(version("B"));
      if (given === "anew") expect(await readText(cached, "k", { range })).toBe("B".repeat(799_900));
      else await expect(cached.read("k", pipe(), { range })).rejects.toMatchObject({ code: "changed" });
    }
  });

  test("a range that the server sends takes the copy's freshness", async () => {
    const { web, wrap, version } = await openSetting(headers);
    web.serve(version("A"));
    await readText(wrap(), "k");
    web.serve(version("B"));
    expect(await readText(wrap(), "k", { range: { start: 0, end: 3 } })).toBe("BBB");
    expect(await readText(wrap({ maxAgeMs: 60_000 }), "k")).toBe(version("B").body);
  });

  test("a description makes nothing fresh", async () => {
    const { web, wrap, version, bench } = await openSetting(headers);
    const aged = wrap({ maxAgeMs: 1_000 });
    web.serve(version("A"));
    await readText(aged, "k");
    web.serve(version("B"));
    bench.clock.nowMs += 1_000;
    await aged.stat("k");
    expect(await readText(aged, "k")).toBe(version("B").body);
  });

  test("a copy is not held on the word of a description, but offline it is", async () => {
    const { web, wrap, version } = await openSetting(headers);
    web.serve(version("A"));
    await readText(wrap(), "k");
    web.serve(version("B"));
    expect(await wrap().holdIfPresent("k")).toBeUndefined();
    const held = await wrap({ network: "offline" }).holdIfPresent("k");
    expect(await readFile(held?.path ?? "", "latin1")).toBe(version("A").body);
    await held?.close();
  });

  test("whoever holds the file of a version keeps its bytes when another comes", async () => {
    const { web, wrap, version } = await openSetting(headers);
    web.serve(version("A"));
    const held = await wrap().hold("k");
    web.serve(version("B"));
    expect(await readText(wrap(), "k")).toBe(version("B").body);
    expect(await readFile(held.path, "latin1")).toBe(version("A").body);
    await held.close();
  });

  test("the server's own word that nothing changed is believed", async () => {
    const { web, wrap, version } = await openSetting(headers);
    web.serve(version("A"));
    await readText(wrap(), "k");
    web.take();
    web.serve({ ...version("A"), isUnchanged: true });
    expect(await readText(wrap(), "k")).toBe(version("A").body);
    expect(web.take()).toHaveLength(1);
  });
});

test("a version without ETag and time takes the place of the copy, and is not kept", async () => {
  const { web, wrap, version } = await openSetting();
  web.serve(version("A"));
  await readText(wrap(), "k");
  web.serve(version("B", { headers: {} }));
  expect(await readText(wrap(), "k")).toBe(version("B").body);
  await expect(readAll(wrap({ network: "offline" }), "k")).rejects.toMatchObject({ code: "not-cached" });
});
