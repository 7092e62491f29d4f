import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { type Depot, entrepot } from "entrepot";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeVersion3 } from "../zarr-hierarchies.ts";
import { closeRuns, fillRuns } from "./fill-runs.ts";
import { BuiltCommand, parseLines } from "./spawn-command.ts";

let server: S3Server;
let command: BuiltCommand;
let data: Depot;
let helper: Promise<BuiltCommand> | undefined;

beforeAll(async () => {
  server = await startS3Server({ buckets: ["my-bucket"] });
  const credentials = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
  command = await BuiltCommand.build({ AWS_ENDPOINT_URL: server.endpoint, ...credentials });
  data = entrepot({ ...server.options, cache: false, env: {}, envFile: false });
  await mkdir(path.join(command.home, "data"));
  await mkdir(path.join(command.home, ".aws"));
  await writeFile(path.join(command.home, "data/in.csv"), "x\n");
  await writeFile(path.join(command.home, "data.csv"), "x\n");
  await writeFile(path.join(command.home, "list.txt"), "a.csv\n");
  await mkdir(path.join(command.home, "node_modules"));
  await symlink(fileURLToPath(new URL("../../", import.meta.url)), path.join(command.home, "node_modules/entrepot"));
  await writeFile(
    path.join(command.home, "nodes.mjs"),
    'import { cached } from "entrepot/flow";\nexport const total = cached(({ start }) => start * 2);\n',
  );
  const lock = '{ "format": "entrepot inputs", "version": 1, "inputs": [] }\n';
  for (const name of ["monday", "tuesday", "inputs"])
    await writeFile(path.join(command.home, `${name}.lock.json`), lock);
  for (const name of ["a", "inputs"]) await data.writeText(`s3://my-bucket/${name}.lock.json`, lock);
  await writeFile(
    path.join(command.home, ".aws/credentials"),
    "[my-profile]\naws_access_key_id = test\naws_secret_access_key = test\n",
  );
});
afterAll(async () => {
  await closeRuns();
  await data.close();
  await command.close();
  await (await helper)?.close();
  await server.close();
});

/** Each example finds the bucket as the help describes it, whatever the one before did. */
async function fill(line: string): Promise<void> {
  for (const key of ["data.csv", "notes.txt", "data.parquet", "data/a.csv", "perhaps.txt"])
    await data.writeText(`s3://my-bucket/${key}`, "one\ntwo\n");
  await data.writeText("s3://my-bucket/data.csv.gz", "one\n", { compress: "by-suffix" });
  if (line.includes("sales.")) {
    const sales = "day,amount\n2024-01-01,1.5\n2024-01-02,2\n";
    await data.writeText("s3://my-bucket/sales.csv.gz", sales);
    await data.writeTable("s3://my-bucket/sales.parquet", await data.readTable("s3://my-bucket/sales.csv.gz"));
  }
  if (line.includes("chrtout.zarr")) await writeVersion3(data, "s3://my-bucket/chrtout.zarr/", true);
  if (line.includes("model.pkl"))
    for (const key of ["model.pkl", "model.pkl.gz"]) await data.writePickle(`s3://my-bucket/${key}`, { rate: 0.3 });
  if (line.includes("model.zip") || line.includes("model.tar"))
    for (const format of ["zip", "tar.gz"])
      await data.pack(path.join(command.home, "data"), `s3://my-bucket/model.${format}`);
  if (line.includes("umsatz.csv"))
    await writeFile(path.join(command.home, "umsatz.csv"), Buffer.from("name;betrag\nM\u00fcller;1,5\n", "latin1"));
  if (line.includes("pega ")) await fillDatamart();
  if (line.startsWith("entrepot runs ")) await fillRuns(command.home, data, line);
  // two generations, so that one can go back
  if (line.includes("prices/"))
    for (const from of ["s3://my-bucket/data/", "s3://my-bucket/data/"])
      await data.dataset("s3://my-bucket/prices/").publish(from);
}

/** Two snapshots of two models and of their predictors, on the server and in a folder. */
async function fillDatamart(): Promise<void> {
  const stamps = ["20210601T131808.000 GMT", "20210602T131808.000 GMT"];
  const rows = stamps.flatMap((pySnapshotTime, day) =>
    ["Web", "SMS"].map((pyChannel) => {
      const pyModelID = `model-${pyChannel}`;
      return {
        pyModelID,
        pyName: "Offer",
        pyChannel,
        pySnapshotTime,
        pyPerformance: 0.6,
        pyPositives: 1 + day,
        pyResponseCount: 20 + day,
      };
    }),
  );
  const bins = rows.map(({ pyModelID, pySnapshotTime }) => ({
    ...{
      pyModelID,
      pySnapshotTime,
      pyPredictorName: "Customer.Age",
      pyPerformance: 0.7,
      pyEntryType: "Active",
      pyType: "numeric",
    },
    ...{ pyBinIndex: 1, pyBinSymbol: "<20", pyBinPositives: 2, pyBinNegatives: 3, pyResponseCount: 5, pyTotalBins: 1 },
  }));
  const tables = { ModelSnapshot_pzModelSnapshots: rows, PredictorBinningSnapshot_pzADMPredictorSnapshots: bins };
  for (const [name, table] of Object.entries(tables)) {
    const file = `Data-Decision-ADM-${name}_20210602T131808_GMT.json`;
    const text = table.map((row) => `${JSON.stringify(row)}\n`).join("");
    await data.writeText(`s3://my-bucket/datamart/${file}`, text);
    await data.writeText(path.join(command.home, "exports", file), text);
  }
}

/** A line that names jobs, with those of transfers of which a part failed. */
async function withRealJobs(line: string): Promise<string> {
  const named = line.match(/\b[0-9a-f]{16}\b/g) ?? [];
  for (const id of named) {
    server.inject({ operation: "PutObject", key: `${id}/list.txt`, effect: { status: 403 } });
    await command.run(["cp", "data.csv", "list.txt", `s3://my-bucket/${id}/`]);
  }
  if (named.length === 0) return line;
  const jobs = parseLines((await command.run(["jobs", "list", "--json"])).stdout).filter(({ type }) => type === "job");
  const idOf = (id: string) => jobs.find(({ to }) => to === `s3://my-bucket/${id}/`)?.["id"] ?? id;
  return named.reduce((text, id) => text.replace(id, String(idOf(id))), line);
}

/** A line that names changes of the outbox, with those of changes that do wait, in conflict with what the server has. */
async function withRealIds(line: string): Promise<string> {
  const named = line.match(/\b\d+-[0-9a-f]{8}\b/g) ?? [];
  if (named.length === 0) return line;
  const outbox = async () =>
    parseLines((await command.run(["offline", "outbox", "--json"])).stdout).flatMap(({ id }) =>
      id ? [String(id)] : [],
    );
  await rm(path.join(command.home, "mine.csv"), { force: true });
  for (const id of await outbox()) await command.run(["offline", "discard", id]);
  for (const id of named) {
    const target = `s3://my-bucket/${id}.csv`;
    await data.writeText(target, "theirs\n");
    await command.run(["cp", "--offline", "data.csv", target], { env: { ENTREPOT_OUTBOX: "1" } });
  }
  await command.run(["offline", "push"]);
  const ids = await outbox();
  return named.reduce((text, id, index) => text.replace(id, ids[index] ?? id), line);
}

describe("every example of every command's help works as it stands", async () => {
  const { stdout: overview } = await once(["--help"]);
  const names = [...overview.matchAll(/^ {2}([a-z]+) {2,}\w/gm)].map(([, name = ""]) => name);

  it("there are commands with examples", () => {
    expect(names).toContain("ls");
  });

  for (const name of names.filter((word) => word !== "serve")) {
    const lines = await examplesBelow([name]);
    // what waits until it is stopped has a test of its own
    const ending = lines.filter((each) => !/^entrepot (?:flow|runs) worker /.test(each));
    it.each([...new Set(ending)])("%s", async (line) => {
      await fill(line);
      const { code, stderr } = await command.shell(await withRealJobs(await withRealIds(line)));
      expect({ code, error: /^error: .*/m.exec(stderr)?.[0] }).toEqual({ code: 0, error: undefined });
    });
  }
});

/** Those of a command, and of all that it can do. */
async function examplesBelow(words: readonly string[]): Promise<string[]> {
  const { stdout: help } = await once([...words, "--help"]);
  const lines = examplesOf(help);
  for (const [action = ""] of sectionOf(help, "Actions").map((line) => line.split(" ")))
    lines.push(...(await examplesBelow([...words, action])));
  return lines;
}

function examplesOf(help: string): string[] {
  return sectionOf(help, "Examples").filter((line) => !line.startsWith("#"));
}

function sectionOf(help: string, title: string): string[] {
  const section = help.split(`\n${title}\n`)[1]?.split("\n\n")[0] ?? "";
  return section.split("\n").flatMap((line) => line.trim() || []);
}

/** Before there is a server: what is asked for help only. */
async function once(args: readonly string[]) {
  helper ??= BuiltCommand.build();
  return (await helper).run(args);
}
