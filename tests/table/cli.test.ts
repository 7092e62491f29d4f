/** `entrepot table` as it is built: in a pipe CSV, for machines lines of JSON. */
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openShellWorld, type ShellWorld } from "../cli/shell-world.ts";
import { parseLines } from "../cli/spawn-command.ts";
import { exact } from "./world.ts";

let world: ShellWorld;
const run = async (...args: string[]) => world.command.run(["table", ...args]);
beforeAll(async () => {
  world = await openShellWorld("b", { ENTREPOT_CACHE: "0" });
  const { data } = world;
  await data.writeText("s3://b/sales.csv", 'day,amount,note\n2024-01-01,1.5,"a,b"\n2024-01-02,,x\n2024-01-02,3,\n');
  await data.writeTable("s3://b/sales.parquet", await data.readTable("s3://b/sales.csv"));
  await data.writeText("s3://b/big.jsonl", '{"id":9007199254740993,"l":[1,null]}\n');
}, 60_000);
afterAll(async () => {
  await world.data.close();
  await world.command.close();
  await world.server.close();
});

test("head gives CSV in a pipe and lines of JSON to machines, with every digit", async () => {
  expect(await run("head", "-n", "2", "s3://b/sales.parquet")).toMatchObject({
    code: 0,
    stdout: 'day,amount,note\n2024-01-01,1.5,"a,b"\n2024-01-02,,x\n',
  });
  const json = await run("head", "--json", "-c", "id,l", "s3://b/big.jsonl");
  expect(json.stdout).toBe('{"id":9007199254740993,"l":[1,null]}\n');
  const tested = await run("head", "--where", "amount>=2", "--where", "day=2024-01-02", "s3://b/sales.csv");
  expect(tested.stdout).toBe("day,amount,note\n2024-01-02,3,\n");
});

test("schema names columns and types", async () => {
  expect((await run("schema", "s3://b/sales.parquet")).stdout).toBe("day\tstring\namount\tfloat64\nnote\tstring\n");
  expect(parseLines((await run("schema", "--json", "--dates", "s3://b/sales.csv")).stdout)[0]).toEqual({
    type: "column",
    name: "day",
    kind: "date",
  });
});

test("convert writes another format, parts of it, and folders", async () => {
  const folder = await mkdtemp(join(tmpdir(), "entrepot-"));
  const converted = await run("convert", "s3://b/sales.csv", `${folder}/s.arrow`);
  expect([converted.code, converted.stderr]).toEqual([0, "3 rows, 3 columns\n"]);
  expect((await world.data.readTable(`${folder}/s.arrow`)).height).toBe(3);
  const parts = await run("convert", "--json", "--partition-by", "day", "s3://b/sales.parquet", "s3://b/by-day/");
  expect(parseLines(parts.stdout).map(({ uri }) => uri)).toEqual([
    "s3://b/by-day/day=2024-01-01/part-0.parquet",
    "s3://b/by-day/day=2024-01-02/part-0.parquet",
  ]);
  expect(exact(await world.data.readTable("s3://b/by-day/", { columns: ["amount"] }))).toHaveLength(3);
  expect((await run("convert", "--no-overwrite", "s3://b/sales.csv", `${folder}/s.arrow`)).code).not.toBe(0);
  expect((await run("convert", "s3://b/sales.csv", `${folder}/`)).code).toBe(2);
});

test("a pickle is a table like any other, to every command", async () => {
  const converted = await run("convert", "s3://b/sales.csv", "s3://b/pickles/1.pkl.gz");
  expect([converted.code, converted.stderr]).toEqual([0, "3 rows, 3 columns\n"]);
  await run("convert", "s3://b/sales.parquet", "s3://b/pickles/2.pkl");
  expect((await run("head", "-c", "note,day", "--where", "amount>=2", "s3://b/pickles/1.pkl.gz")).stdout).toBe(
    "note,day\n,2024-01-02\n",
  );
  expect((await run("schema", "s3://b/pickles/2.pkl")).stdout).toBe("day\tstring\namount\tfloat64\nnote\tstring\n");
  const sums = await run("query", "select sum(amount) as s, count(*) as n from t", "s3://b/pickles/");
  expect(sums.stdout).toBe("s,n\n9,6\n");
  expect((await run("stats", "-c", "day", "s3://b/pickles/2.pkl")).stdout).toMatch(/^day,string,3,0,2,/m);
});

test("query asks in SQL, stats tells what columns hold", async () => {
  const asked = await run(
    "query",
    "select day, count(*) as n from t group by day order by day",
    "s3://b/sales.parquet",
  );
  expect(asked.stdout).toBe("day,n\n2024-01-01,1\n2024-01-02,2\n");
  const joined = await run(
    "query",
    "select a.note from a join b on a.day = b.day where b.amount = 1.5",
    "a=s3://b/sales.csv",
    "b=s3://b/sales.parquet",
  );
  expect(joined.stdout).toBe('note\n"a,b"\n');
  const wrong = await run("query", "selec 1", "s3://b/sales.csv");
  expect([wrong.code === 0, wrong.stderr]).toEqual([
    false,
    expect.stringMatching(/the tables are t \(day, amount, note\)/),
  ]);
  const none = await run("query", "select zz from t", "s3://b/sales.csv");
  expect([none.code === 0, none.stderr]).toEqual([false, expect.stringMatching(/zz[\s\S]*day, amount, note/)]);
  const dropped = await run("query", "drop table t", "s3://b/sales.csv");
  expect([dropped.code === 0, dropped.stdout, dropped.stderr]).toEqual([false, "", expect.stringMatching(/no select/)]);
  const stats = parseLines((await run("stats", "--json", "s3://b/sales.parquet")).stdout);
  expect(stats[1]).toEqual({
    column: "amount",
    type: "float64",
    rows: 3,
    missing: 1,
    distinct: 2,
    min: "1.5",
    max: "3",
    mean: 2.25,
  });
});

test("what is missing or has no such column ends with its exit code and a hint", async () => {
  expect((await run("head", "s3://b/none.csv")).code).toBe(3);
  const { code, stderr } = await run("head", "-c", "zz", "s3://b/sales.parquet");
  expect([code === 0, stderr]).toEqual([false, expect.stringMatching(/it has "day", "amount", "note"/)]);
  expect((await run("head", "--where", "amount", "s3://b/sales.csv")).code).toBe(2);
  for (const args of [
    ["head", "-"],
    ["convert", "s3://b/sales.csv", "-"],
    ["query", "select 1", "t=s3://b/sales.csv", "s3://b/sales.csv"],
  ])
    expect((await run(...args)).code, args.join(" ")).toBe(2);
});
