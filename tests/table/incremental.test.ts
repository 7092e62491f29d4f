/** Whatever way a table is read, it is the same table: from this disk, from elsewhere, piece by piece, its first rows. */
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pl from "nodejs-polars";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { exact, memoryDepot } from "./world.ts";

const data = memoryDepot();
let root = "";
let kept = "";
let at = "";
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "entrepot-"));
});
beforeEach(async () => {
  kept = await mkdtemp(join(root, "kept-"));
  at = `memory:///${Math.random()}`;
});
afterAll(async () => {
  await data.close();
  await rm(root, { recursive: true });
});
const put = (name: string, text: string) => data.writeText(`${at}/${name}`, text);
const plain = async (options = {}) => exact(await data.readTable(`${at}/`, options));
const incremental = (options = {}) => plain({ incremental: kept, ...options });
const frames = async () => (await readdir(kept)).filter((name) => name.endsWith(".arrow"));

test("what is kept is what each file gave: kinds do not stay wide, nor columns, when a file goes", async () => {
  await put("1.csv", "a,b\n1,\n");
  await put("2.csv", "a,c\n1.5,x\n");
  await put("3.jsonl", '{"a":2,"b":"y","n":{"k":1}}\n');
  expect(await incremental()).toEqual(await plain());
  await data.remove(`${at}/2.csv`);
  expect(await incremental()).toEqual([
    { a: 1n, b: null, n: null },
    { a: 2n, b: "y", n: { k: 1n } },
  ]);
  expect(await incremental()).toEqual(await plain());
  await put("4.csv", "b\n7\n");
  await data.remove(`${at}/3.jsonl`);
  expect(await incremental()).toEqual(await plain());
});

test("what addresses say together decides on the kept ones, too", async () => {
  await put("m=1/1.csv", "a\n1\n");
  expect(await incremental()).toEqual([{ a: 1n, m: 1n }]);
  await put("m=01/1.csv", "a\n2\n");
  expect(await incremental()).toEqual(await plain());
  expect(await incremental({ where: { m: "1" } })).toEqual(await plain({ where: { m: "1" } }));
});

describe("what cannot be relied on is made anew", () => {
  test.each<[what: string, damage: (list: string, arrow: string) => Promise<unknown>]>([
    ["no JSON", (list) => writeFile(list, "{")],
    ["null", (list) => writeFile(list, "null")],
    ["a list without parts", (list) => writeFile(list, '{"version":2,"groups":[{"data":"table-1.arrow"}]}')],
    ["an Arrow file that is cut", (_, arrow) => truncate(arrow, 100)],
    ["an Arrow file that is gone", (_, arrow) => rm(arrow)],
    [
      "a list that tells of fewer rows",
      async (list) => writeFile(list, (await readFile(list, "utf8")).replace('"rows":2', '"rows":1')),
    ],
  ])("%s", async (_, damage) => {
    await put("1.csv", "a\n1\n2\n");
    const rows = await incremental();
    await damage(join(kept, "table.json"), join(kept, (await frames())[0] as string));
    expect(await incremental()).toEqual(rows);
    expect(await frames()).toHaveLength(1);
    const list = JSON.parse(await readFile(join(kept, "table.json"), "utf8")) as {
      groups: { parts: { rows: number }[] }[];
    };
    expect(list.groups[0]?.parts[0]?.rows).toBe(2);
  });
});

test("a server that tells no version is asked each time", async () => {
  let text = "a\n1\n";
  const server = createServer((request, response) => {
    response.writeHead(200, { "content-length": text.length });
    response.end(request.method === "HEAD" ? undefined : text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const from = `http://127.0.0.1:${(server.address() as AddressInfo).port}/1.csv`;
  const read = async () => exact(await data.readTable([from], { incremental: kept, cache: "bypass" }));
  expect(await read()).toEqual([{ a: 1n }]);
  text = "a\n2\n";
  expect(await read()).toEqual([{ a: 2n }]);
  server.close();
});

test("what is kept is used, and readers at the same time leave one file", async () => {
  await put("1.csv", "a\n1\n2\n");
  await Promise.all([incremental(), incremental(), incremental()]);
  expect(await frames()).toHaveLength(1);
  const [name] = await frames();
  const other = pl.DataFrame({ a: pl.Series("a", [8, 9], pl.Int64) });
  await data.writeTable(`file://${kept}/${name}`, other);
  expect(await incremental()).toEqual([{ a: 8n }, { a: 9n }]);
});

test("limit, incremental and remote give what the whole local read gives", async () => {
  const columns = { i: "int64", f: "float64", s: "string", d: "date", t: "timestamp", b: "boolean" } as const;
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((seed / 2 ** 31) * below);
  };
  const cell = {
    i: () => String(random(2 ** 30)),
    f: () => String(random(1000) / 8),
    s: () => ['"a ""b"""', "ünï", '""', '"x\n\ny"', "1", "#", "'"][random(7)] as string,
    d: () => `20${10 + random(90)}-0${1 + random(9)}-1${random(10)}`,
    t: () => `2020-01-02${"T "[random(2)]}03:04:0${random(10)}`,
    b: () => ["true", "false"][random(2)] as string,
  };
  const folder = await mkdtemp(join(root, "local-"));
  for (let file = 0; file < 3; file += 1) {
    const names = (Object.keys(columns) as (keyof typeof columns)[]).filter((_, index) => index < 3 || random(4) > 0);
    const line = () => names.map((name) => (random(5) === 0 ? "" : cell[name]())).join();
    const end = ["\n", "\r\n"][random(2)] as string;
    const lines = [names.join(), ...Array.from({ length: 4 + random(8) }, () => (random(6) === 0 ? "" : line()))];
    const text = lines.join(end) + end;
    await put(`${file}.csv`, text);
    await writeFile(join(folder, `${file}.csv`), text);
  }
  const types = columns as unknown as Readonly<Record<string, "int64">>;
  const local = exact(await data.readTable(`file://${folder}/`, { columns: types }));
  expect(local.length).toBeGreaterThan(10);
  expect(await plain({ columns: types })).toEqual(local);
  expect(await incremental({ columns: types })).toEqual(local);
  await put("1.csv", await data.readText(`${at}/1.csv`));
  expect(await incremental({ columns: types })).toEqual(local);
  for (const limit of [1, 7, local.length]) {
    expect(await plain({ columns: types, limit }), `${limit} rows`).toEqual(local.slice(0, limit));
    expect(exact(await data.readTable(`file://${folder}/`, { columns: types, limit }))).toEqual(local.slice(0, limit));
  }
}, 60_000);
