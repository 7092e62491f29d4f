/** Nodes that load and save over a depot, and what an execution tells of what it read and wrote. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Depot, entrepot } from "entrepot";
import { cached, dataflow, driver, load, lockOf, recordLineage, resultStore, save, withLock } from "entrepot/flow";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";

let s3: S3Server;
let folder: string;
let data: Depot;
beforeAll(async () => {
  s3 = await startS3Server({ buckets: ["b"] });
});
afterAll(() => s3.close());
beforeEach(async () => {
  s3.reset();
  folder = await mkdtemp(join(tmpdir(), "entrepot-lineage-"));
  data = entrepot({ ...s3.options, cache: { dir: join(folder, "cache") }, env: {}, envFile: false });
  await data.writeJson("s3://b/in/spend.json", [10, 20, 30]);
  await data.writeText(`${folder}/signups.txt`, "1\n2\n3\n");
});
afterEach(async () => {
  await data.close();
  await rm(folder, { recursive: true });
});

/** Cost by signup, from a bucket and a folder into a bucket. */
function costs() {
  const nodes = {
    spend: load("s3://b/in/spend.json", { data }),
    signups: load(({ folder }: { folder: string }) => `${folder}/signups.txt`, { as: "lines", data }),
    costs: ({ spend, signups }: { spend: unknown; signups: string[] }) =>
      (spend as number[]).map((each, at) => each / Number(signups[at])),
    savedCosts: save(({ folder }: { folder: string }) => `${folder}/out/costs.json`, "costs", { as: "json", data }),
  };
  return dataflow({ nodes }).inputs<{ folder: string }>();
}

describe("load and save", () => {
  test("are nodes: what is loaded is computed with, what is asked for is saved, and nothing else", async () => {
    const run = driver(costs());
    expect(await run.execute(["costs"], { inputs: { folder } })).toEqual({ costs: [10, 10, 10] });
    await expect(readFile(`${folder}/out/costs.json`)).rejects.toThrow();
    const { savedCosts } = await run.execute(["savedCosts"], { inputs: { folder } });
    expect(savedCosts).toMatchObject({ uri: `file://${folder}/out/costs.json`, form: "json", sizeBytes: 10 });
    expect(JSON.parse(await readFile(`${folder}/out/costs.json`, "utf8"))).toEqual([10, 10, 10]);
  });

  test.each([
    ["text", "s3://b/x.txt", "a text"],
    ["json", "s3://b/x.json.gz", { a: [1] }],
    ["lines", "s3://b/x.log", ["one", "two"]],
    [
      "csv",
      "s3://b/x.csv",
      [
        ["a", "b"],
        ["1", "2"],
      ],
    ],
    ["pickle", "s3://b/x.pkl", [1, "two"]],
    ["bytes", "s3://b/x.bin", new Uint8Array([1, 2])],
  ] as const)("take and give values as %s", async (as, uri, value) => {
    const nodes = {
      value: () => value,
      saved: save(uri, "value", { as, data } as never),
      loaded: load(uri, { as, data }),
    };
    const run = driver(dataflow({ nodes } as never) as never) as unknown as {
      execute(names: readonly string[]): Promise<Record<string, unknown>>;
    };
    const { saved } = await run.execute(["saved"]);
    expect(saved).toMatchObject({ uri, form: as });
    const { loaded } = await run.execute(["loaded"]);
    expect(loaded instanceof Uint8Array ? [...loaded] : loaded).toEqual(
      value instanceof Uint8Array ? [...value] : value,
    );
  });

  test("go by suffix where nothing is said, and as functions without a driver, too", async () => {
    expect(await save("s3://b/y.txt.gz", "value", { data })({ value: "text" })).toMatchObject({ form: "text" });
    const text: string = await load("s3://b/y.txt.gz", { data })();
    expect(text).toBe("text");
    expect(await load("s3://b/y.txt.gz", { as: "bytes", data })()).toBeInstanceOf(Uint8Array);
  });

  test("say what is wrong with an address or a form", async () => {
    expect(() => load("s3://b/x", { as: "jsn" as never })).toThrow(/as of load\(\) is one of text, json/);
    expect(() => load(1 as never)).toThrow(TypeError);
    expect(() => save("s3://b/x", "" as string)).toThrow(/the name of a node/);
    await expect(load((_: object) => "", { as: "text", data })({})).rejects.toThrow(/gives no address/);
    await expect(load("s3://b/none.json", { data })()).rejects.toMatchObject({ code: "not-found" });
  });
});

describe("the lineage of an execution", () => {
  const shown = (uri: string) => uri.replace(`file://${folder}`, ".");

  test("tells of each node what it read and wrote, with sizes, versions and rows", async () => {
    const run = driver(costs());
    const { value, lineage } = await recordLineage(() => run.execute(["savedCosts"], { inputs: { folder } }));
    expect(value.savedCosts.sizeBytes).toBe(10);
    const told = Object.fromEntries(lineage.nodes.map((node) => [node.node, node]));
    expect(Object.keys(told).sort()).toEqual(["costs", "savedCosts", "signups", "spend"]);
    expect(told["spend"]).toMatchObject({
      how: "run",
      reads: [{ kind: "object", uri: "s3://b/in/spend.json", sizeBytes: 10 }],
      data: [{ direction: "loaded", uri: "s3://b/in/spend.json", form: "json", sizeBytes: 10 }],
    });
    expect(told["signups"]?.data).toMatchObject([{ rows: 3, sizeBytes: 6, etag: expect.any(String) }]);
    expect(told["costs"]).toMatchObject({ reads: [], writes: [], data: [] });
    expect(told["savedCosts"]?.writes.map(({ uri }) => shown(uri))).toEqual(["./out/costs.json"]);
    expect(lineage.reads.map(({ uri }) => shown(uri)).sort()).toEqual(["./signups.txt", "s3://b/in/spend.json"]);
    expect(JSON.parse(JSON.stringify(lineage))).toMatchObject({ nodes: [{}, {}, {}, {}] });
  });

  test("counts a result that was found with what it was made from, so that its lock is the same", async () => {
    const nodes = { total: cached(async () => ((await data.readJson("s3://b/in/spend.json")) as number[]).length) };
    const results = resultStore({ store: `${folder}/results` });
    const run = driver(dataflow({ nodes }), { results });
    const execute = () => recordLineage(() => run.execute(["total"]));
    const [cold, warm] = [await execute(), await execute()];
    expect([cold, warm].map(({ lineage }) => lineage.nodes.map(({ node, how }) => `${node} ${how}`))).toEqual([
      ["total run"],
      ["total hit"],
    ]);
    expect(warm.lineage.nodes[0]?.reads).toMatchObject([{ uri: "s3://b/in/spend.json" }]);
    expect(lockOf(warm.lineage.reads)).toEqual(lockOf(cold.lineage.reads));
    await results.close();
  });

  test("goes without nodes that nobody asked for, and names those that failed", async () => {
    await data.remove("s3://b/in/spend.json");
    const run = driver(costs());
    const { value, lineage } = await recordLineage(() => run.settle(["costs"], { inputs: { folder } }));
    expect(value.failures).toHaveLength(1);
    expect(lineage.nodes.filter(({ how }) => how === "failed")).toMatchObject([
      { node: "spend", error: "not-found", reads: [{ kind: "absent", uri: "s3://b/in/spend.json" }] },
    ]);
  });

  test("is recorded under a lock as well: the run is repeated, or says what changed", async () => {
    const run = driver(costs());
    const execute = () => run.execute(["savedCosts"], { inputs: { folder } });
    const { lineage } = await recordLineage(execute);
    const lock = lockOf(lineage.reads);
    expect((await withLock(data, lock, execute)).savedCosts.sizeBytes).toBe(10);
    await data.writeJson("s3://b/in/spend.json", [1, 2, 3]);
    await expect(withLock(data, lock, execute)).rejects.toMatchObject({ code: "changed", uri: "s3://b/in/spend.json" });
  });
});
