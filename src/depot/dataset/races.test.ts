/** What happens between two requests of a publisher, a collector and a reader, each interleaving on purpose. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { EntrepotError } from "../../error/index.ts";
import type { Depot } from "../depot.ts";
import { entrepot } from "../entrepot.ts";
import { datasetOf } from "./dataset.ts";
import type { Dataset } from "./types.ts";

const uri = "memory:///prices/";
const all = { keep: 1, olderThan: 0 } as const;
let data: Depot;
let dataset: Dataset<Depot>;
beforeEach(() => {
  data = entrepot({ cache: false, env: {}, envFile: false }) as Depot;
  dataset = data.dataset(uri);
});
afterEach(() => data.close());

const publish = (on: Dataset<Depot>, value: string) =>
  on.publish(async (stage) => void (await stage.data.writeText("a.txt", value)));

interface Hooks {
  /** Before the pointer is read to be swapped. */
  before?: () => Promise<unknown>;
  /** When the next pointer is made, and not written. */
  between?: () => Promise<unknown>;
  /** Before a lease is written. */
  lease?: () => Promise<unknown>;
  /** When the pointer was written. */
  after?: () => Promise<unknown>;
}

/** The dataset with each hook called once. */
function interleaved(hooks: Hooks): Dataset<Depot> {
  const once = async (name: keyof Hooks) => {
    const hook = hooks[name];
    delete hooks[name];
    await hook?.();
  };
  const update: Depot["update"] = async (at, change, options) => {
    await once("before");
    const changed: typeof change = async (file) => {
      const next = await change(file);
      await once("between");
      return next;
    };
    const written = await data.update(at, changed, options);
    await once("after");
    return written;
  };
  const writeText = (async (at: string, ...rest: [string]) => {
    if (at.includes("/leases/")) await once("lease");
    return data.writeText(at, ...rest);
  }) as Depot["writeText"];
  const depot: Depot = { ...data, with: (overrides) => ({ ...data.with(overrides), update, writeText }) };
  return datasetOf(depot, () => data, Date.now, uri);
}

test("a generation that is collected between its verification and its swap is not published", async () => {
  await publish(dataset, "one");
  const late = interleaved({ between: () => dataset.gc(all) });
  await expect(publish(late, "two")).rejects.toMatchObject({ code: "changed" });
  expect(await (await dataset.open()).data.readText("a.txt")).toBe("one");
});

test("a lease that is taken just before its generation is condemned is honoured, and the generation stays in the history", async () => {
  const { generation } = await publish(dataset, "one");
  await publish(dataset, "two");
  const collecting = interleaved({ before: () => dataset.open({ generation, lease: "1h" }) });
  expect(await collecting.gc(all)).toMatchObject({ removed: [], leased: [generation] });
  expect(await dataset.rollback(generation)).toMatchObject({ generation });
  expect(await (await dataset.open()).data.readText("a.txt")).toBe("one");
});

test("a reader whose generation is collected before its lease is written is told so, and leaves nothing", async () => {
  const { generation } = await publish(dataset, "one");
  await publish(dataset, "two");
  const reading = interleaved({ lease: () => dataset.gc(all) });
  await expect(reading.open({ generation, lease: "1h" })).rejects.toMatchObject({ code: "not-found" });
  expect(await data.list(`${uri}leases/`).toArray()).toEqual([]);
});

test("a lease that comes after that finds its generation gone, and leaves nothing", async () => {
  const { generation } = await publish(dataset, "one");
  await publish(dataset, "two");
  let opening: unknown;
  const collecting = interleaved({
    after: async () => {
      opening = await dataset.open({ generation, lease: "1h" }).catch((error: unknown) => error);
    },
  });
  expect(await collecting.gc(all)).toMatchObject({ removed: [generation] });
  expect(opening).toMatchObject({ code: "not-found" });
  expect(await data.list(`${uri}leases/`).toArray()).toEqual([]);
});

test("a generation that becomes current again while gc looks at it stays", async () => {
  const { generation } = await publish(dataset, "one");
  const two = await publish(dataset, "two");
  const collecting = interleaved({ before: () => dataset.rollback(generation) });
  expect(await collecting.gc(all)).toMatchObject({ removed: [] });
  expect((await dataset.history()).map((each) => each.generation)).toEqual([two.generation, generation]);
  expect(await (await dataset.open()).data.readText("a.txt")).toBe("one");
});

test("a rollback in mid-publishing makes the publisher lose", async () => {
  await publish(dataset, "one");
  await publish(dataset, "two");
  await expect(publish(interleaved({ before: () => dataset.rollback() }), "three")).rejects.toMatchObject({
    code: "precondition-failed",
  });
  expect(await (await dataset.open()).data.readText("a.txt")).toBe("one");
});

test("a collector in mid-publishing does not", async () => {
  await publish(dataset, "one");
  await publish(dataset, "two");
  const publishing = interleaved({ between: () => dataset.gc({ keep: 1, olderThan: "1h" }) });
  await expect(publish(publishing, "three")).resolves.toMatchObject({ isCurrent: true });
});

test("a folder of which something is missing in the stage is not published", async () => {
  for (const name of ["a.txt", "b.txt"]) await data.writeText(`memory:///in/${name}`, name);
  const copy: Depot["copy"] = async (from, to, options) => {
    const report = await data.copy(from, to, options);
    await data.remove(`${String(to)}b.txt`);
    return report;
  };
  const depot: Depot = { ...data, with: (overrides) => ({ ...data.with(overrides), copy }) };
  const publishing = datasetOf(depot, () => data, Date.now, uri).publish("memory:///in/");
  await expect(publishing).rejects.toMatchObject({ code: "integrity" });
  expect(await data.list(uri).toArray()).toEqual([]);
});

const lost = new EntrepotError("server-error", "the answer was lost", { uri });

test("a swap that is reported as failed, but was made, is a success", async () => {
  await publish(dataset, "one");
  const unlucky = interleaved({ after: () => Promise.reject(lost) });
  await expect(publish(unlucky, "two")).resolves.toMatchObject({ isCurrent: true });
  expect(await (await dataset.open()).data.readText("a.txt")).toBe("two");
});

test("a swap that may still be made leaves its files, and is the failure that it was", async () => {
  const one = await publish(dataset, "one");
  const unlucky = interleaved({ between: () => Promise.reject(lost) });
  await expect(publish(unlucky, "two")).rejects.toBe(lost);
  const names = (await data.list(`${uri}generations/`, { depth: 1, kind: "folder" }).toArray()).map(({ name }) => name);
  expect(names).toHaveLength(2);
  expect(await dataset.gc(all)).toMatchObject({
    removed: [],
    abandoned: names.filter((name) => name !== one.generation),
  });
});
