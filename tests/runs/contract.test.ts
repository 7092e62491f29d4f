/** The worker contract, with the models of examples/runs/: as processes, told by the environment alone, and by ids alone. */
import { execFile, spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Depot, entrepot } from "entrepot";
import { readLock } from "entrepot/flow";
import {
  contractArguments,
  contractEnvironment,
  layOut,
  openRunStore,
  parseProgressLine,
  type RunStore,
} from "entrepot/runs";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = new URL("../../", import.meta.url).pathname;
const execute = promisify(execFile);
let s3: S3Server;
let folder: string;
let data: Depot;
let store: RunStore;
let ids: { readonly id: string; readonly model: string };
let variables: Readonly<Record<string, string>>;

beforeAll(async () => {
  s3 = await startS3Server({ buckets: ["b"] });
  folder = await mkdtemp(join(tmpdir(), "entrepot-contract-"));
  data = entrepot({
    ...s3.options,
    roots: { cloud: "s3://b/models/" },
    location: "cloud",
    cache: false,
    env: {},
    envFile: false,
  });
  store = await openRunStore(data, { dir: join(folder, "database") });
  await store.models.add("growth");
  await store.models.deploy("growth", { program: { command: ["node", "model.js"] } });
  const options = { first_year: 2030, last_year: 2033 };
  const { id } = await store.runs.create({ model: "growth", options, policies: ["baseline", "high"] });
  await store.files.put(id, undefined, "parameters.csv", "name,value\r\ngrowth,0\r\noutput,1\r\n");
  await store.files.put(id, "high", "parameters.csv", "name,value\r\ngrowth,1\r\noutput,1\r\n");
  ids = { id, model: "growth" };
  await mkdir(join(folder, "bin"));
  await symlink(join(root, "dist/cli/main.js"), join(folder, "bin/entrepot"));
  const { accessKeyId, secretAccessKey } = s3.credentials;
  variables = {
    PATH: `${folder}/bin:${process.env["PATH"]}`,
    HOME: folder,
    AWS_ENDPOINT_URL_S3: s3.endpoint,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_REGION: "us-east-1",
  };
}, 60_000);
afterAll(async () => {
  await store.close();
  await data.close();
  await s3.close();
  await rm(folder, { recursive: true, force: true });
});

const hasPython = spawnSync("python3", ["--version"]).status === 0;
if (!hasPython) process.stderr.write("SKIPPED: no python3 is installed; the Python model is not run\n");

const models = [
  { language: "TypeScript", command: [process.execPath, "--import", "tsx", "examples/runs/model.ts"] },
  ...(hasPython ? [{ language: "Python", command: ["python3", "examples/runs/model.py"] }] : []),
];

describe.each(models)("a model in $language", { timeout: 120_000 }, ({ language, command }) => {
  const run = (env: Readonly<Record<string, string>>, args: readonly string[] = []) => {
    const [program = "", ...rest] = command;
    return execute(program, [...rest, ...args], { cwd: root, env: { ...variables, ...env } });
  };

  test("is told all by its environment, and tells how far it is", async () => {
    const { id } = ids;
    const record = await store.runs.get(id);
    const dir = join(folder, `${language} work`);
    const place = await layOut(data, store, record, { policyId: "high", dir });
    const outputUri = `s3://b/out/${language}/`;
    // nobody answers there: whoever asked a database would fail
    const env = {
      ...contractEnvironment(record, { ...place, policyId: "high", outputUri, attempt: 1 }),
      ENTREPOT_RUNS: "postgresql://x@127.0.0.1:1/x",
    };
    const { stdout } = await run(env, contractArguments(id, "high"));
    const lines = stdout.trimEnd().split("\n");
    expect(lines.filter((line) => parseProgressLine(line) === undefined)).toEqual([
      "year 2030",
      "year 2031",
      "year 2032",
      "year 2033",
    ]);
    expect(lines.flatMap((line) => parseProgressLine(line) ?? []).at(-1)).toEqual({
      fraction: 1,
      message: "year 2033",
    });
    expect((await data.readCsv(`${outputUri}years.csv`)).map(([year, output]) => [year, Number(output)])).toEqual([
      ["year", Number.NaN],
      ["2030", 2],
      ["2031", 4],
      ["2032", 8],
      ["2033", 16],
    ]);
    expect(await data.readJson(`${outputUri}summary.json`)).toMatchObject({ policy: "high", last: 16 });
  });

  test("runs on a laptop without any of it", async () => {
    const local = join(folder, `${language} local`);
    const { stdout } = await run({ ENTREPOT_ROOT_LOCAL: local });
    expect(stdout.split("\n")[0]).toBe("year 2024");
    if (language === "TypeScript") {
      expect(await data.readJson(`${local}/local/baseline/summary.json`)).toMatchObject({
        policy: "baseline",
        last: 106.12,
      });
      expect(await readLock(data, `${local}/local/baseline/inputs.lock.json`)).toMatchObject({ version: 1 });
    }
  });
});

test("a program that is told its ids alone looks the rest up", { timeout: 120_000 }, async () => {
  const [program = "", ...args] = models[0]?.command ?? [];
  const env = {
    ...variables,
    ENTREPOT_RUNS: join(folder, "database"),
    ENTREPOT_ROOT_CLOUD: "s3://b/models/",
    ENTREPOT_LOCATION: "cloud",
  };
  await execute(program, [...args, ...contractArguments(ids.id, "baseline")], { cwd: root, env });
  expect(await data.readJson(`growth/v1/${ids.id}/baseline/summary.json`)).toMatchObject({
    policy: "baseline",
    last: 1,
  });
});

test("what a program read is recorded when it comes to its end, also where it does not say so", async () => {
  const script = join(folder, "plain.mjs");
  await writeFile(
    script,
    `import { entrepot } from ${JSON.stringify(`${root}dist/index.js`)};
    import { currentRun } from ${JSON.stringify(`${root}dist/runs/index.js`)};
    const data = entrepot();
    const run = await currentRun(data, { local: { outputUri: "s3://b/plain/" } });
    await data.writeText(run.output("copy.txt"), await data.readText("s3://b/in.txt"));`,
  );
  await data.writeText("s3://b/in.txt", "in");
  await execute(process.execPath, [script], { cwd: folder, env: variables });
  const { inputs } = await readLock(data, "s3://b/plain/inputs.lock.json");
  expect(inputs.map(({ uri }) => uri)).toEqual(["s3://b/in.txt"]);
  expect(await data.readJson("s3://b/plain/outputs.lock.json")).toMatchObject({ outputs: [{ uri: "./copy.txt" }] });
});
