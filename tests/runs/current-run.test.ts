/** The run that a program is, over a socket: by ids from a database, by the environment, from a folder, and from nothing. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Depot, entrepot, recordReads } from "entrepot";
import { readLock } from "entrepot/flow";
import { type CurrentRunOptions, currentRun, openRunStore, type Run, type RunStore } from "entrepot/runs";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterAll, afterEach, beforeAll, beforeEach, expect, expectTypeOf, test } from "vitest";
import * as z from "zod";

let s3: S3Server;
let databaseDir: string;
let store: RunStore;
let folder: string;
let data: Depot<"local" | "cloud">;

beforeAll(async () => {
  s3 = await startS3Server({ buckets: ["b"] });
  databaseDir = await mkdtemp(join(tmpdir(), "entrepot-runs-db-"));
  const opener = entrepot({ env: {}, envFile: false });
  store = await openRunStore(opener, { dir: databaseDir });
  await opener.close();
  s3.snapshot();
}, 60_000);
afterAll(async () => {
  await store.close();
  await s3.close();
  await rm(databaseDir, { recursive: true, force: true });
});
beforeEach(async () => {
  s3.reset();
  folder = await mkdtemp(join(tmpdir(), "entrepot-run-"));
  data = entrepot({
    ...s3.options,
    roots: { local: `${folder}/out/`, cloud: "s3://b/models/" },
    location: "cloud",
    cache: { dir: join(folder, "cache") },
    env: {},
    envFile: false,
  });
});
afterEach(async () => {
  await data.close();
  await rm(folder, { recursive: true });
});

let models = 0;
/** A run of two policies with files. */
async function newRun(): Promise<{ readonly id: string; readonly model: string }> {
  models += 1;
  const model = `dynamic ${models}`;
  await store.models.add(model);
  await store.models.deploy(model, { program: { command: ["node", "main.js"] } });
  const options = { first_year: 2024, stacking_order: ["base", "p1"], olg_inputs: "True" };
  const { id } = await store.runs.create({
    model,
    name: "Reform",
    description: "what if",
    options,
    policies: ["base", "p1"],
  });
  await store.files.put(id, undefined, "parameters.csv", "name,value\r\nrate,0.2\r\n");
  await store.files.put(id, "p1", "parameters.csv", 'name,value\r\n"rate, top",0.3\r\n');
  await store.files.put(id, undefined, "settings.json", '{"a": [1, 2]}');
  await store.files.put(id, undefined, "weights.bin", new Uint8Array([0, 255]));
  return { id, model };
}
const open = <S extends z.ZodType | undefined = undefined>(options: CurrentRunOptions<S> = {}) =>
  currentRun(data, { argv: [], env: {}, ...options });

test("a program that is told its ids has all that the database knows, in either location", async () => {
  const { id, model } = await newRun();
  const schema = z.object({ first_year: z.number(), olg_inputs: z.enum(["True", "False"]) });
  const argv = ["--quick", `--run-id=${id}`, "--policy_id", "p1", "more"];
  await using run = await open({ argv, database: store, options: schema });
  expectTypeOf(run.options).toEqualTypeOf<{ first_year: number; olg_inputs: "True" | "False" }>();
  expect(run).toMatchObject({
    isLocal: false,
    id,
    policyId: "p1",
    name: "Reform",
    description: "what if",
    model,
    version: "v1",
    options: { first_year: 2024, olg_inputs: "True" },
    stackingOrder: ["base", "p1"],
    baseline: "base",
    isBaseline: false,
    policies: ["base", "p1"],
    outputUri: `s3://b/models/${model}/v1/${id}/p1/`,
  });
  expect(run.files.names).toEqual(["parameters.csv", "settings.json", "weights.bin"]);
  expect(run.files.rows("parameters.csv")).toEqual([
    ["name", "value"],
    ["rate, top", "0.3"],
  ]);
  expect(run.files.json("settings.json")).toEqual({ a: [1, 2] });
  expect(run.files.bytes("weights.bin")).toEqual(new Uint8Array([0, 255]));
  expect((await run.files.table("parameters.csv")).toRecords()).toEqual([{ name: "rate, top", value: 0.3 }]);
  expect(() => run.files.text("Parameters.csv")).toThrow(expect.objectContaining({ code: "not-found" }));
  expect(run.output("years/a b.json")).toBe(`s3://b/models/${model}/v1/${id}/p1/years/a b.json`);
  await data.writeJson(run.output("years/a b.json"), { sum: 1 });
  expect(await data.readJson(`s3://b/models/${model}/v1/${id}/p1/years/a b.json`)).toEqual({ sum: 1 });

  const here = await currentRun(data.with({ location: "local" }), {
    argv: [],
    env: {},
    runId: id,
    policyId: "base",
    database: store,
    record: false,
  });
  expect(here.outputUri).toBe(pathToFileURL(`${folder}/out/${model}/v1/${id}/base/`).href);
  expect(here.isBaseline).toBe(true);
});

test("options are what is stored, and where they do not fit the schema it is said which", async () => {
  const { id } = await newRun();
  const run = await open({ runId: id, policyId: "base", database: store, record: false });
  expect(run.options).toEqual({ first_year: 2024, stacking_order: ["base", "p1"], olg_inputs: "True" });
  await expect(
    open({ runId: id, policyId: "base", database: store, options: z.object({ last_year: z.number() }) }),
  ).rejects.toMatchObject({ code: "malformed", message: expect.stringContaining("last_year") });
  await expect(open({ runId: id, policyId: "p9", database: store })).rejects.toMatchObject({ code: "not-found" });
  await expect(open({ runId: "none", policyId: "p9", database: store })).rejects.toMatchObject({ code: "not-found" });
  await expect(open({ runId: id, database: store })).rejects.toMatchObject({ code: "misconfigured" });
  await expect(open({ argv: ["--run-id", id], database: store })).rejects.toMatchObject({ code: "misconfigured" });
});

test("an option that there is none of is refused, with the one that was meant", async () => {
  const plain = (options: object) => open(options as CurrentRunOptions<undefined>);
  await expect(plain({ runid: "r" })).rejects.toThrow(/runid.*runId/s);
  await expect(plain({ local: { outputURI: "x" } })).rejects.toThrow(/outputURI.*outputUri/s);
  await expect(store.runs.create({ model: "m", baselinefirst: true } as never)).rejects.toThrow(/baselineFirst/);
});

test("parameter files are written to a folder, beside what is there", async () => {
  const { id } = await newRun();
  const run = await open({ runId: id, policyId: "p1", database: store, record: false });
  await mkdir(join(folder, "local/path"), { recursive: true });
  await writeFile(join(folder, "local/path/mine.txt"), "mine");
  const paths = await run.files.saveTo(join(folder, "local/path"));
  expect(paths).toEqual(run.files.names.map((name) => join(folder, "local/path", name)));
  expect((await readdir(join(folder, "local/path"))).sort()).toEqual(["mine.txt", ...run.files.names]);
  expect(await readFile(join(folder, "local/path/parameters.csv"), "utf8")).toBe('name,value\r\n"rate, top",0.3\r\n');
});

test("all that a program reads and writes through depots is recorded with the run", async () => {
  const other = entrepot({ ...s3.options, cache: false, env: {}, envFile: false });
  await other.writeText("s3://b/in/a", "a");
  await other.writeText("s3://b/in/b", "b");
  const { id } = await newRun();
  const run: Run = await open({ runId: id, policyId: "p1", database: store });
  run.files.text("parameters.csv");
  await data.readText("s3://b/in/a");
  await other.readText("s3://b/in/b");
  await data.exists("s3://b/in/none");
  await data.writeText(run.output("a.txt"), "a");
  await data.readText(run.output("a.txt"));
  const inner = await recordReads(() => data.readText("s3://b/in/a"));
  expect(inner.reads).toHaveLength(1);
  await run.close();
  await run.close();
  await data.readText("s3://b/in/b");
  const lock = await readLock(data, run.output("inputs.lock.json"));
  expect(lock.inputs.map(({ kind, uri }) => [kind, uri])).toEqual([
    ["object", "s3://b/in/a"],
    ["object", "s3://b/in/b"],
    ["absent", "s3://b/in/none"],
  ]);
  expect(await data.readJson(run.output("outputs.lock.json"))).toEqual({
    format: "entrepot outputs",
    version: 1,
    outputs: [{ uri: "./a.txt", etag: expect.any(String), sizeBytes: 1 }],
  });
  await other.close();
});

test("snapshots are those of the version of the model: a deployed one begins with none", async () => {
  const { id, model } = await newRun();
  const first = await open({ runId: id, policyId: "base", database: store, record: false });
  await mkdir(join(folder, "warm"));
  await writeFile(join(folder, "warm/x.txt"), "x");
  await first.snapshots.save("warm", join(folder, "warm"));
  const same = await open({ runId: id, policyId: "p1", database: store, record: false });
  expect(await same.snapshots.restore("warm", join(folder, "again"))).toMatchObject({ name: "warm" });
  expect(await readFile(join(folder, "again/x.txt"), "utf8")).toBe("x");
  await store.models.deploy(model, { program: { command: ["node"] } });
  const later = await store.runs.create({ model, policies: ["base"] });
  const next = await open({ runId: later.id, policyId: "base", database: store, record: false });
  expect(next.version).toBe("v2");
  expect(await next.snapshots.restore("warm", join(folder, "none"))).toBeUndefined();
  // whoever has the environment of the worker only
  const inside = entrepot({
    ...s3.options,
    roots: { cloud: "s3://b/models/" },
    location: "cloud",
    cache: false,
    envFile: false,
    env: { ENTREPOT_MODEL_VERSION: `${model}@v1` },
  });
  expect((await inside.snapshots.list().toArray()).map(({ name }) => name)).toEqual(["warm"]);
  await inside.close();
});
