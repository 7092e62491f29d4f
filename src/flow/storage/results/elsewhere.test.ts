/** Results in a depot, which others may damage, and which may be away. */
import { expect, onTestFinished, test } from "vitest";
import { type Depot, entrepot } from "../../../depot/index.ts";
import type { EntrepotError } from "../../../error/index.ts";
import { systemClock } from "../../../store/index.ts";
import { openResultStore } from "./result-store.ts";
import { ask, openWorld } from "./world.fixture.ts";

function openElsewhere() {
  const { data } = openWorld();
  let aheadMs = 0;
  const clock = { ...systemClock, now: () => Date.now() + aheadMs };
  const store = openResultStore({ store: "memory:///results/", data }, clock);
  onTestFinished(() => store.close());
  const advance = (ms: number) => {
    aheadMs += ms;
  };
  return { store, data, advance };
}

test("what was damaged since it was last read is not given, and is healed", async () => {
  const { store, data } = openElsewhere();
  const fn = () => "right".repeat(10);
  await ask(store.keeper, fn);
  expect((await ask(store.keeper, fn)).value).toBe(fn());
  const [uri = ""] = await data.list("memory:///results/data/").uris();
  const bytes = Buffer.from(await data.readBytes(uri));
  await data.writeBytes(uri, Buffer.from(bytes.toString("latin1").replace("right", "wrong"), "latin1"));
  await expect(ask(store.keeper, fn)).rejects.toMatchObject({ code: "integrity" });
  expect((await ask(store.keeper, fn, {}, { behaviour: "recompute" })).value).toBe(fn());
  expect(await ask(store.keeper, fn)).toMatchObject({ why: undefined, value: fn() });
});

test("marks of use go with what was used", async () => {
  const { store, data, advance } = openElsewhere();
  for (const node of ["a", "b"]) {
    await ask(store.keeper, ({ x }: { x: string }) => x, { x: node }, { node });
    advance(2 * 86_400_000);
    await ask(store.keeper, ({ x }: { x: string }) => x, { x: node }, { node });
  }
  const marks = async () => (await data.glob("memory:///results/keys/**/*.used").uris()).length;
  expect(await marks()).toBe(2);
  await store.clear(["a"]);
  expect(await marks()).toBe(1);
  await store.clear("all");
  expect(await marks()).toBe(0);
});

test("bounds that are none are refused at once", () => {
  expect(() => openResultStore({ dir: "x", olderThan: "soon" as never }, systemClock)).toThrow(RangeError);
});

test("a store that is away is asked once, told once, and hinders nobody", async () => {
  const { data } = openWorld();
  let asked = 0;
  const away = entrepot({
    ...{ cache: false, env: {}, envFile: false, retries: { attempts: 1 } },
    ...{ endpoint: "http://127.0.0.1:9", addressing: "path" },
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
    onEvent: (event) => {
      if (event.type === "request") asked += 1;
    },
  });
  onTestFinished(() => away.close());
  const warnings: EntrepotError[] = [];
  let aheadMs = 0;
  const clock = { ...systemClock, now: () => Date.now() + aheadMs };
  const onWarning = (error: EntrepotError) => void warnings.push(error);
  const store = openResultStore({ store: "s3://b/results/", data: away as Depot, onWarning }, clock);
  onTestFinished(() => store.close());
  expect((await ask(store.keeper, () => 1, {}, { node: "one" })).value).toBe(1);
  const first = asked;
  expect(first).toBeLessThanOrEqual(1);
  expect((await ask(store.keeper, () => 2, {}, { node: "two" })).value).toBe(2);
  expect(asked).toBe(first);
  expect(warnings.map(({ code }) => code)).toEqual(["unreachable"]);
  aheadMs += 60_001;
  expect((await ask(store.keeper, () => 3, {}, { node: "three" })).value).toBe(3);
  expect(asked).toBeGreaterThan(first);
  expect(warnings).toHaveLength(1);
  expect(await data.exists("memory:///nothing")).toBe(false);
});
