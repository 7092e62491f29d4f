/** The run that a program is where no database is asked: by a worker's environment, from a folder, and from nothing. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Depot, entrepot } from "entrepot";
import { type CurrentRunOptions, currentRun } from "entrepot/runs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import * as z from "zod";

let folder: string;
let data: Depot<"local" | "cloud">;
let lines: string[];

beforeEach(async () => {
  lines = [];
  folder = await mkdtemp(join(tmpdir(), "entrepot-run-"));
  const roots = { local: `${folder}/out/`, cloud: "s3://b/models/" };
  // nothing here goes to the bucket
  data = entrepot({ roots, location: "cloud", network: "offline", cache: false, env: {}, envFile: false });
});
afterEach(async () => {
  await data.close();
  await rm(folder, { recursive: true });
});

const open = <S extends z.ZodType | undefined = undefined>(options: CurrentRunOptions<S> = {}) =>
  currentRun(data, { argv: [], env: {}, write: (line) => lines.push(line), ...options });

describe("names do not leave the output folder", () => {
  test.each(["../x", "a/../../x", "/etc/passwd", "..", "", "a//b", "./x", "a\\..\\..\\x", "a\0"])(
    "%j",
    async (name) => {
      const run = await open({ record: false });
      expect(() => run.output(name)).toThrow(expect.objectContaining({ name: "EntrepotError" }));
    },
  );
  test("s3://other/x is a name like any other where its slashes make one", async () => {
    const run = await open({ local: { outputUri: "s3://b/out/" }, record: false });
    expect(() => run.output("s3://other/x")).toThrow(expect.objectContaining({ code: "unrepresentable-name" }));
    expect(run.output("s3:/other")).toBe("s3://b/out/s3:/other");
  });
});

test("a worker's environment is enough: no database is asked", async () => {
  const files = join(folder, "files");
  await mkdir(files);
  await writeFile(join(files, "parameters.csv"), "a\n1\n");
  const about = { name: "Reform", model: "dynamic", version: "v2", policies: ["base", "p1"] };
  await writeFile(join(folder, "run.json"), JSON.stringify(about));
  const env = {
    ENTREPOT_RUN_ID: "r1",
    ENTREPOT_POLICY_ID: "p1",
    ENTREPOT_OUTPUT_URI: "s3://b/out/r1/p1/",
    ENTREPOT_OPTIONS: '{"first_year": 2024}',
    ENTREPOT_FILES_DIR: files,
    ENTREPOT_RUNS: "postgresql://nobody@127.0.0.1:1/none",
  };
  const run = await open({
    argv: ["--run-id=r1", "--policy-id=p1"],
    env: { ...env, ENTREPOT_RUN_FILE: join(folder, "run.json") },
  });
  expect(run).toMatchObject({
    ...about,
    isLocal: false,
    id: "r1",
    policyId: "p1",
    options: { first_year: 2024 },
    baseline: "base",
  });
  expect([run.outputUri, run.files.names]).toEqual(["s3://b/out/r1/p1/", ["parameters.csv"]]);
  await run.close();
  const bare = await open({ env: { ...env, ENTREPOT_MODEL_VERSION: "dynamic@v2" }, record: false });
  expect(bare).toMatchObject({ name: "r1", model: "dynamic", version: "v2", policies: ["p1"], baseline: "p1" });
  await expect(open({ env: { ...env, ENTREPOT_OPTIONS: "[1" } })).rejects.toMatchObject({ code: "malformed" });
});

test.each([
  ['{"a":{"b":[12345678901234567890]}}', /a\.b\[0\]: 12345678901234567890 has more digits/],
  ['{"a":1e999}', /a: 1e999 has more digits/],
  [`${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`, /nested more than 1000 deep/],
])("options that would become others are refused, in the environment and in run.json: %#", async (options, message) => {
  const env = { ENTREPOT_RUN_ID: "r", ENTREPOT_POLICY_ID: "p", ENTREPOT_OUTPUT_URI: "s3://b/o/" };
  const malformed = { code: "malformed", message: expect.stringMatching(message) };
  await expect(open({ env: { ...env, ENTREPOT_OPTIONS: options } })).rejects.toMatchObject(malformed);
  const dir = join(folder, "with-numbers");
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, "run.json"), `{"options":${options}}`);
  await expect(open({ local: { dir } })).rejects.toMatchObject(malformed);
});

test("without ids a folder with run.json is the run, and the same calls work", async () => {
  const dir = join(folder, "my-run");
  await mkdir(join(dir, "p1"), { recursive: true });
  await writeFile(
    join(dir, "run.json"),
    '{ "name": "test", "options": { "first_year": 2024 }, "policies": ["base", "p1"] }',
  );
  await writeFile(join(dir, "parameters.csv"), "a\n1\n");
  await writeFile(join(dir, "p1/parameters.csv"), "a\n2\n");
  const base = await open({ local: { dir }, record: false });
  expect(base).toMatchObject({
    isLocal: true,
    id: "local",
    name: "test",
    policyId: "base",
    policies: ["base", "p1"],
    model: undefined,
  });
  expect([base.files.names, base.files.text("parameters.csv")]).toEqual([["parameters.csv"], "a\n1\n"]);
  expect(base.outputUri).toBe("s3://b/models/local/base/");
  const p1 = await open({
    local: { dir, policyId: "p1", options: { first_year: 2030 }, outputUri: "mine" },
    record: false,
  });
  expect([p1.files.rows("parameters.csv"), p1.options, p1.outputUri]).toEqual([
    [["a"], ["2"]],
    { first_year: 2030 },
    "s3://b/models/mine/",
  ]);
  await expect(open({ local: { dir: folder } })).rejects.toMatchObject({ code: "not-found" });
  await writeFile(join(dir, "run.json"), '{ "policys": ["base"] }');
  await expect(open({ local: { dir } })).rejects.toMatchObject({
    code: "malformed",
    message: expect.stringContaining("policys"),
  });
});

test("a policy of a local run is one that run.json names, and never another folder", async () => {
  const dir = join(folder, "guarded", "run");
  await mkdir(join(dir, "high"), { recursive: true });
  await mkdir(join(folder, "guarded", "secret"));
  await writeFile(join(folder, "guarded", "secret", "key.txt"), "top");
  await writeFile(join(dir, "high", "p.csv"), "1");
  await writeFile(join(dir, "run.json"), '{ "policies": ["baseline", "high"] }');
  const own = (policyId: string) => open({ local: { dir, policyId, outputUri: "s3://b/x/" }, record: false });
  expect((await own("high")).files.names).toEqual(["p.csv"]);
  await expect(own("hihg")).rejects.toMatchObject({ code: "not-found", hint: "did you mean high?" });
  await expect(own("other")).rejects.toMatchObject({ hint: "its policies are baseline, high" });
  await expect(own("../secret")).rejects.toThrow(RangeError);
  await writeFile(join(dir, "run.json"), "{}");
  await expect(own("../secret")).rejects.toThrow(RangeError);
  expect((await own("high")).files.names).toEqual(["p.csv"]);
});

test.each([["high", "high"], ["nope"]])(
  "an order of policies that run.json does not name is refused: %s",
  async (...order) => {
    const dir = join(folder, "ordered");
    await mkdir(dir, { recursive: true });
    await writeFile(
      join(dir, "run.json"),
      JSON.stringify({ policies: ["baseline", "high"], options: { stackingOrder: order } }),
    );
    await expect(open({ local: { dir } })).rejects.toMatchObject({ code: "malformed" });
    const mended = { dir, options: { stackingOrder: ["high", "baseline"] } };
    expect(await open({ local: mended, record: false })).toMatchObject({ baseline: "high", policyId: "high" });
  },
);

test.each(["@@a@b", "a@b@c", "a@", "@v1", "a", "../x@v1", "a@v/1"])(
  "a version in the environment is model@version, and not %s",
  async (given) => {
    const env = { ENTREPOT_RUN_ID: "r", ENTREPOT_POLICY_ID: "p", ENTREPOT_OUTPUT_URI: "s3://b/o/" };
    await expect(open({ env: { ...env, ENTREPOT_MODEL_VERSION: given } })).rejects.toMatchObject({
      code: "misconfigured",
      message: expect.stringContaining("ENTREPOT_MODEL_VERSION"),
    });
  },
);

test("a program says what it is locally, or nothing at all", async () => {
  await mkdir(join(folder, "parameters"));
  await writeFile(join(folder, "parameters/parameters.csv"), "a,b\n");
  const local = {
    outputUri: "Model/interfaces/2024-01-01 test/",
    filesDir: join(folder, "parameters"),
    options: { firstYear: 1 },
  };
  const run = await open({ local, options: z.object({ firstYear: z.number() }), record: false });
  expect(run.output("result.json")).toBe("s3://b/models/Model/interfaces/2024-01-01 test/result.json");
  expect([run.options.firstYear, run.files.rows("parameters.csv"), run.stackingOrder]).toEqual([
    1,
    [["a", "b"]],
    ["baseline"],
  ]);
  const plain = await open();
  expect(plain).toMatchObject({
    isLocal: true,
    options: {},
    stackingOrder: ["baseline"],
    outputUri: "s3://b/models/local/baseline/",
  });
  expect(plain.files.names).toEqual([]);
  // of which nothing is recorded: nobody has said where
  await data.exists(`${folder}/parameters/parameters.csv`);
  await plain.close();
});

test("another policy of a local run is named by --policy-id alone", async () => {
  await mkdir(join(folder, "high"));
  const file = { options: { first_year: 2024 }, policies: ["baseline", "high"] };
  await writeFile(join(folder, "run.json"), JSON.stringify(file));
  await writeFile(join(folder, "high/parameters.csv"), "a\n1\n");
  const local = { dir: folder };
  const run = await open({ argv: ["--policy-id", "high"], local, record: false });
  expect([run.isLocal, run.policyId, run.files.names]).toEqual([true, "high", ["parameters.csv"]]);
  const mistyped = open({ argv: ["--policy-id", "hihg"], local, record: false });
  await expect(mistyped).rejects.toMatchObject({ code: "not-found", hint: "did you mean high?" });
  const nothing = open({ argv: ["--policy-id", "high"] });
  await expect(nothing).rejects.toMatchObject({ code: "misconfigured", hint: expect.stringContaining("run.json") });
});

test("options that do not fit say whose they are", async () => {
  const options = z.object({ first_year: z.number() });
  await expect(open({ options })).rejects.toThrow(/^the options of the local run \(no run\.json in \/.*\) do not fit/);
  await writeFile(join(folder, "run.json"), JSON.stringify({ id: "r1", options: {} }));
  const laidOut = open({ options, local: { dir: folder }, record: false });
  await expect(laidOut).rejects.toThrow(/^the options of the local run r1, policy baseline, do not fit their schema/);
});

test("lines and progress go where the worker reads them", async () => {
  const run = await open({ record: false });
  run.log("year 2024");
  run.progress(0.5, "half");
  expect(lines).toEqual(["year 2024", "::progress 0.5 half"]);
});
