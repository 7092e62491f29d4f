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

const european = ["--delimiter", ";", "--decimal", ",", "--encoding", "windows-1252"];

test("European CSV is told from what it looks like, and every command reads it with the options that the hints name", async () => {
  const text = 'Erzeugt am 1.2.2024\r\nKöln;betrag;id;note\r\n"a;b";1,5;007;n/a\r\n# x\r\nü;-20,25;008;-\r\n';
  const name = "s3://b/umsatz.csv";
  await world.data.writeBytes(name, Buffer.from(text, "latin1"));
  const first = await run("head", name);
  expect([first.code === 0, first.stderr]).toEqual([false, expect.stringMatching(/--encoding windows-1252/)]);
  const second = await run("head", "--encoding", "cp1252", "--skip-rows", "1", "--comment", "#", name);
  expect(second.stderr).toMatch(/--delimiter ';'/);
  const options = [...european, "--skip-rows", "1", "--comment", "#"];
  const third = await run("head", ...options.filter((each) => each !== "--decimal" && each !== ","), name);
  expect(third.stderr).toMatch(/betrag is text: --decimal ,/);
  const full = [...options, "--nulls", "n/a", "--nulls", "-", "--types", "id=string,betrag=decimal(10,2)"];
  const all = "Köln,betrag,id,note\na;b,1.50,007,\nü,-20.25,008,\n";
  expect(await run("head", ...full, name)).toMatchObject({ code: 0, stdout: all, stderr: "" });
  expect((await run("schema", ...full, name)).stdout).toBe(
    "Köln\tstring\nbetrag\tdecimal(10,2)\nid\tstring\nnote\tstring\n",
  );
  expect((await run("query", ...full, "select sum(betrag) as s from t", name)).stdout).toBe("s\n-18.75\n");
  expect((await run("stats", ...full, "-c", "id", name)).stdout).toMatch(/^id,string,2,0,2,007,008,/m);
  expect((await run("convert", ...full, name, "s3://b/umsatz.parquet")).code).toBe(0);
  expect((await run("head", "s3://b/umsatz.parquet")).stdout).toBe(all);
  const wrong = await run("head", ...options, "--types", "note=int64", name);
  expect(wrong.stderr).toMatch(/column "note", line 3[\s\S]*--nulls 'n\/a'/);
});

test("convert writes CSV as European programs read it, and a name that says nothing is read by --source-format", async () => {
  await world.data.writeText("s3://b/plain", "day,amount,note\n2024-01-31,1.5,\n");
  const to = ["--to-delimiter", ";", "--to-decimal", ",", "--to-null", "NULL", "--to-newline", "crlf"];
  const formats = ["--source-format", "csv", "--dates", "--date-format", "%d.%m.%Y"];
  expect((await run("convert", ...formats, ...to, "s3://b/plain", "s3://b/eu.csv")).code).toBe(0);
  expect(await world.data.readText("s3://b/eu.csv")).toBe("day;amount;note\r\n31.01.2024;1,5;NULL\r\n");
  const bare = await run(
    "convert",
    "--format",
    "csv",
    "--to-no-header",
    "--float-digits",
    "2",
    "s3://b/plain",
    "s3://b/x.tsv",
  );
  expect([bare.code, await world.data.readText("s3://b/x.tsv")]).toEqual([0, "2024-01-31\t1.50\t\n"]);
});

test.each([
  [["head", "--where", "a<>0"], /write a!=0/],
  [["head", "--where", "a > 5 and a < 7"], /give --where again/],
  [["head", "-n", "-1"], /-n -1: expected a whole number/],
  [["head", "--types", "a=integer"], /cannot be "integer": int8/],
  [["head", "--encoding", "ebcdic"], /windows-1252/],
])("%j is a mistake in the call, told before anything is read", async (args, message) => {
  const { code, stderr } = await run(...args, "s3://b/sales.csv");
  expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
});
