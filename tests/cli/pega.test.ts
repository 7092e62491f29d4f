import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Depot, entrepot } from "entrepot";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { lines, modelRows } from "../pega/exports.ts";
import { binRows, snapshotRows } from "../pega/snapshots.ts";
import { BuiltCommand, parseLines } from "./spawn-command.ts";

let server: S3Server;
let command: BuiltCommand;
let data: Depot;
const model = "datamart/Data-Decision-ADM-ModelSnapshot_pzModelSnapshots";

beforeAll(async () => {
  server = await startS3Server({ buckets: ["b"] });
  const credentials = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
  command = await BuiltCommand.build({ AWS_ENDPOINT_URL: server.endpoint, ...credentials });
  data = entrepot({ ...server.options, cache: false, env: {}, envFile: false });
  for (const day of [1, 2])
    await data.writeText(`s3://b/${model}_2021060${day}T131808_GMT.json`, lines(modelRows(3, day)));
  await data.writeText(`s3://b/datamart/.Data-Decision-ADM-ModelSnapshot_pzModelSnapshots_gone.json.meta`, "{}");
  await data.writeText(`s3://b/datamart/Data-DM-Histogram_1.json`, "{}");
});
afterAll(async () => {
  await data.close();
  await command.close();
  await server.close();
});
beforeEach(() => server.clearRequests());

test("pega fetch prints the paths of the files, and the sentence that pdstools prints", async () => {
  const first = await command.run(["pega", "fetch", "--table", "modelSnapshot", "s3://b/"]);
  const paths = [1, 2].map((day) => join(command.home, "s3_download", `${model}_2021060${day}T131808_GMT.json`));
  expect(first).toEqual({
    code: 0,
    stdout: `${paths.join("\n")}\n`,
    stderr: `Completed ${model}. Imported 2 files, skipped 0 files.\n`,
  });
  expect(await readFile(paths[0] ?? "", "utf8")).toBe(lines(modelRows(3, 1)));
  server.clearRequests();
  const again = await command.run(["pega", "fetch", "s3://b", model]);
  expect(again.stderr).toBe(`Completed ${model}. Imported 0 files, skipped 2 files.\n`);
  expect(server.requests.map(({ operation }) => operation)).toEqual(["ListObjectsV2"]);
});

test("pega fetch tells programs each file, what is not whole, and the sum", async () => {
  const { stdout, code } = await command.run(["pega", "fetch", "--json", "--use-meta-files", "s3://b/", model]);
  expect(code).toBe(0);
  const told = parseLines(stdout);
  expect(told.map(({ type }) => type)).toEqual(["incomplete", "unmarked", "unmarked", "fetched"]);
  expect(told.at(-1)).toMatchObject({ fetched: 0, skipped: 0, incomplete: 1, unmarked: 2 });
});

test("pega table gives all files of a table as rows", async () => {
  const args = ["pega", "table", "-c", "pyModelID,pyPositives", "s3://b/", "modelSnapshot"];
  const { stdout, code } = await command.run(args);
  expect([code, stdout]).toEqual([
    0,
    "pyModelID,pyPositives\nmodel-0,0\nmodel-1,1\nmodel-2,2\nmodel-0,0\nmodel-1,2\nmodel-2,4\n",
  ]);
  const newest = await command.run(["pega", "table", "-c", "pyPositives", "-t", "modelSnapshot", "s3://b/datamart/"]);
  expect(newest.stdout).toBe("pyPositives\n0\n2\n4\n");
  const written = await command.run(["pega", "table", "--to", "all.parquet", "s3://b/", "modelSnapshot"]);
  expect([written.code, written.stderr]).toEqual([0, expect.stringMatching(/^6 rows, /)]);
  const shown = await command.run(["table", "head", "--json", "-n", "1", "all.parquet"]);
  expect(parseLines(shown.stdout)).toMatchObject([{ pyModelID: "model-0" }]);
});

test("pega says what is wrong: 2 for a mistake, 3 for what is not there", async () => {
  const unknown = await command.run(["pega", "table", "s3://b/", "modelSnapshots"]);
  expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining("the tables are modelSnapshot, ")]);
  expect((await command.run(["pega", "fetch", "--table", "model", "s3://b/"])).code).toBe(2);
  expect((await command.run(["pega", "fetch", "--table", "snapshot", "s3://b/", "x"])).code).toBe(2);
  expect((await command.run(["pega", "table", "s3://b/", "notification"])).code).toBe(3);
  expect((await command.run(["pega", "fetch", "s3://none/", "x"])).code).toBe(3);
});

test("pega fetch that finds nothing says what is there instead, and how to fetch it", async () => {
  await data.writeText("s3://b/py/Data-Decision-ADM-ModelSnapshot_pyModelSnapshots_20210601T131808_GMT.json", "{}");
  const args = ["pega", "fetch", "-t", "modelSnapshot", "s3://b/"];
  const similar = await command.run([...args, "--datamart-folder", "py"]);
  expect([similar.code, similar.stderr]).toEqual([
    0,
    expect.stringMatching(
      /^Completed .*\nhint: nothing begins with s3:\/\/b\/py\/.*entrepot pega fetch "s3:\/\/b\/" "py\/Data-Decision-ADM-ModelSnapshot_pyModelSnapshots" brings/,
    ),
  ]);
  // the prefix is one of the repository, which may be a folder itself
  await data.writeText(
    "s3://b/team/py/Data-Decision-ADM-ModelSnapshot_pyModelSnapshots_20210601T131808_GMT.json",
    "{}",
  );
  const [way, theirs] = ["py/Data-Decision-ADM-ModelSnapshot_pyModelSnapshots", "s3://b/team"];
  const below = await command.run(["pega", "fetch", "-t", "modelSnapshot", "--datamart-folder", "py", theirs]);
  expect(below.stderr).toContain(`entrepot pega fetch "${theirs}" "${way}" brings`);
  expect((await command.run(["pega", "fetch", theirs, way])).stderr).toContain("Imported 1 files");
  const table = await command.run(["pega", "table", "--datamart-folder", "py", "s3://b/", "modelSnapshot"]);
  expect([table.code, table.stderr]).toEqual([
    3,
    expect.stringContaining('entrepot pega table --all --table modelSnapshot "s3://b/py/" reads them'),
  ]);
  expect((await command.run([...args, "--datamart-folder", "none"])).stderr).toContain(
    "--datamart-folder names another",
  );
  expect((await command.run(["pega", "fetch", "s3://b/py/Data"])).stderr).toContain(
    'a beginning of keys stands behind it: entrepot pega fetch "s3://b/" "py/Data"',
  );
  expect((await command.run(["pega", "fetch", "s3://b/", "Datamart"])).stderr).toContain("keys are case-sensitive");
  expect((await command.run(["pega", "fetch", "s3://b/", ""])).code).toBe(2);
  expect((await command.run(["pega", "fetch", "-q", "s3://b/", "none"])).stderr).toBe("");
});

test("pega summary and pega plot show what the newest exports of a folder hold", async () => {
  const exports = "s3://b/exports/Data-Decision-ADM";
  await data.writeText(`${exports}-ModelSnapshot_x_20210601T131808_GMT.json`, lines(snapshotRows(14, 3)));
  await data.writeText(`${exports}-PredictorBinningSnapshot_x_20210601T131808_GMT.json`, lines(binRows(14, 4)));
  const { stdout, code } = await command.run(["pega", "summary", "s3://b/exports/"]);
  expect([code, stdout.split("\n").slice(0, 2)]).toEqual([
    0,
    [
      "models      14 models, 42 rows, 3 snapshots, 2021-06-01 08:23:26 to 2021-06-15 08:23:26 GMT",
      "predictors  4 predictors, 2 of them active, of 14 models, 140 rows, 1 snapshot, 2021-06-15 08:23:26 GMT",
    ],
  ]);
  const told = await command.run(["pega", "summary", "--json", "--where", "Channel=Web,SMS", "s3://b/exports"]);
  expect(parseLines(told.stdout)).toMatchObject([{ type: "summary", models: { models: 7 }, channels: [{}, {}] }]);
  const each = ["--where", "Channel=Web", "--where", "Channel=SMS"];
  expect((await command.run(["pega", "summary", "--json", ...each, "s3://b/exports"])).stdout).toBe(told.stdout);

  const drawn = await command.run(["pega", "plot", "bubble", "s3://b/exports/", "--out", "s3://b/pictures/a.svg"]);
  expect([drawn.code, drawn.stdout]).toEqual([0, "drawn to s3://b/pictures/a.svg\n"]);
  expect(await data.readText("s3://b/pictures/a.svg")).toMatch(/^<svg [\s\S]*14 models in the last snapshot/);
  const page = await command.run(["pega", "plot", "trend", "--as", "html", "s3://b/exports/"]);
  expect(page.stdout).toMatch(/^<!doctype html>/);
  expect((await command.run(["pega", "plot", "pie", "s3://b/exports/"])).code).toBe(2);
  const missing = await command.run(["pega", "plot", "predictors", "--where", "Chanel=Web", "s3://b/exports/"]);
  expect([missing.code === 0, missing.stderr]).toEqual([false, expect.stringMatching(/did you mean Channel\?/)]);
});

describe("pega in the words of the shell", () => {
  const folder = "s3://b/words/Data-Decision-ADM";
  const models = `${folder}-ModelSnapshot_x_20210601T131808_GMT.json`;
  const all = ["--all", "s3://b/words/"];
  const only = ["--models", models];
  beforeAll(async () => {
    await data.writeText(models, lines(snapshotRows(4, 1)));
    await data.writeText(`${folder}-PredictorBinningSnapshot_x_20210601T131808_GMT.json`, lines(binRows(4, 2)));
    await data.writeText(`${folder}-ModelSnapshot_x_20210602T131808_GMT.json`, '{"half');
  });
  const said = async (...args: string[]) => {
    const { code, stderr } = await command.run(["pega", ...args]);
    return `${code} ${stderr}`;
  };

  test("says what was probably meant", async () => {
    expect(await said("table", "s3://b/", "modelData")).toMatch(/^2 [\s\S]*did you mean modelSnapshot\?/);
    expect(await said("fetch", "-t", "predictorSnapshots", "s3://b/")).toMatch(/^2 .*did you mean predictorSnapshot\?/);
    expect(await said("plot", "buble", "s3://b/words/")).toMatch(/^2 [\s\S]*did you mean bubble\?/);
    expect(await said("table", "s3://b/words/")).toMatch(/hint: say which is meant: --table modelSnapshot\n$/);
    expect(await said("plot", "trend", "--by", "Chanel", ...only)).toMatch(/hint: did you mean Channel\? there are /);
  });

  test("tells a file, a folder and a repository apart", async () => {
    expect(await said("summary", models)).toMatch(new RegExp(`^3 .*is one file.*\nhint: --models "${models}" takes`));
    expect(await said("summary", "s3://b/")).toContain('a repository keeps them in its folder: "s3://b/datamart/"');
    expect(await said("table", "s3://b/datamart/", "modelSnapshot")).toContain(
      `the repository is the folder above, "s3://b/"; as it is, --datamart-folder '' says`,
    );
    const inside = await command.run(["pega", "table", "--datamart-folder", "", "s3://b/datamart/", "modelSnapshot"]);
    expect(inside.code).toBe(0);
  });

  test("leaves damaged files out when it is told to, and says what matches nothing", async () => {
    expect(await said("summary", ...all)).toMatch(/^1 error: .*0602T/);
    expect(await said("summary", "--skip-broken", ...all)).toMatch(
      /^0 note: models: a damaged file is left out: .*0602T/,
    );
    expect(await said("table", "--skip-broken", "-t", "modelSnapshot", ...all)).toMatch(/^0 note: left out: .*0602T/);
    expect(await said("summary", "--where", "Channel=web", ...only)).toMatch(
      /^0 note: no models match --where Channel=web/,
    );
  });

  test("says once how old a pinned folder is", async () => {
    expect((await command.run(["cache", "pin", "s3://b/exports/"])).code).toBe(0);
    const told = await said("summary", "--offline", "s3://b/exports/");
    expect([told.slice(0, 2), told.match(/s3:\/\/b\/exports\/: as of/g)?.length]).toEqual(["0 ", 1]);
  });

  test("keeps the column of sources, and has one scale for people and programs", async () => {
    const narrow = await command.run(["pega", "table", "--source-column", "src", "-c", "pyModelID", "-n", "1", models]);
    expect(narrow.stdout).toBe(`pyModelID,src\n00000000-28c8-5af8-901e-87e857979b3c,${models}\n`);
    const shown = await command.run(["pega", "summary", ...only]);
    const told = (await command.run(["pega", "summary", "--json", ...only])).stdout;
    const performance = Number(/"totals":\{.*"performance":([0-9.]+)/.exec(told)?.[1]);
    expect(shown.stdout).toMatch(new RegExp(` ${performance.toFixed(4)}\\s*$`));
  });
});
