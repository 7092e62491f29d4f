/** Results of flows, as users keep them: in a folder and in S3, shared by processes, held against the objects that were read. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Depot, entrepot } from "entrepot";
import { cached, dataflow, driver, each, type RunEvent, resultStore } from "entrepot/flow";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

let s3: S3Server;
let data: Depot;
let folder = "";
const ran: string[] = [];

beforeAll(async () => {
  s3 = await startS3Server({ buckets: ["b"] });
  data = entrepot({ ...s3.options, envFile: false, cache: false });
});
beforeEach(() => {
  ran.length = 0;
  folder = mkdtempSync(join(tmpdir(), "entrepot-flow-"));
  return () => rmSync(folder, { recursive: true });
});
afterAll(async () => {
  await data.close();
  await s3.close();
});

/** The marketing story, small: a loader that is not kept, and two nodes that are. */
function marketing(rate: number) {
  const depot = data;
  const note = Object.assign((name: string) => void ran.push(name), {
    [Symbol.for("entrepot.fingerprint")]: () => "note",
  });
  const scaled = (x: number) => x * rate;
  const nodes = {
    raw: async ({ uri }: { uri: string }) => {
      note("raw");
      return depot.readJson(uri) as Promise<number[]>;
    },
    spend: cached(({ raw }: { raw: number[] }) => {
      note("spend");
      return raw.map(scaled);
    }),
    total: cached(({ spend }: { spend: number[] }) => {
      note("total");
      return spend.reduce((a, b) => a + b, 0);
    }),
  };
  return dataflow({ nodes }).inputs<{ uri: string }>();
}

async function total(
  uri: string,
  results: Parameters<typeof resultStore>[0],
  rate = 2,
): Promise<[unknown, ...string[]]> {
  ran.length = 0;
  const store = resultStore(results);
  const { total } = await driver(marketing(rate), { results: store }).execute(["total"], { inputs: { uri } });
  return [total, ...ran];
}

describe.each(["a folder", "S3"])("results kept in %s", (where) => {
  const store = (): Parameters<typeof resultStore>[0] =>
    where === "S3" ? { store: `s3://b/results${folder}/`, data } : { dir: join(folder, "results"), data };

  test("are found again, until a literal, a helper's constant or an object that was read changes", async () => {
    const uri = `s3://b${folder}/spend.json`;
    await data.writeJson(uri, [1, 2, 3]);
    expect(await total(uri, store())).toEqual([12, "raw", "spend", "total"]);
    expect(await total(uri, store())).toEqual([12]);
    expect(await total(uri, store(), 3)).toEqual([18, "raw", "spend", "total"]);
    expect(await total(uri, store())).toEqual([12]);
    await data.writeJson(uri, [1, 2, 4]);
    expect(await total(uri, store())).toEqual([14, "raw", "spend", "total"]);
    expect(await total(uri, store())).toEqual([14]);
  });

  test("end a change that changes nothing: what follows is found", async () => {
    const uri = `s3://b${folder}/spend.json`;
    await data.writeJson(uri, [1, 2, 3]);
    await total(uri, store());
    await data.writeText(uri, "[1,2,3  ]");
    expect(await total(uri, store())).toEqual([12, "raw", "spend"]);
  });

  test("say why they are not found, and what each was made of", async () => {
    const uri = `s3://b${folder}/spend.json`;
    await data.writeJson(uri, [1]);
    await total(uri, store());
    await total(uri, store(), 5);
    const results = resultStore(store());
    const why = await results.why("spend");
    expect(why?.results.map(({ changed }) => changed)).toEqual([["the code changed: `scaled › rate` changed"], []]);
    expect(why?.results[0]?.reads).toMatchObject([{ kind: "object", uri }]);
    expect(why?.outdated).toEqual([]);
    await data.writeJson(uri, [2]);
    expect((await results.why("spend"))?.outdated).toMatchObject([{ uri }]);
    expect(await results.list().toArray()).toMatchObject([
      { node: "spend", entries: 2 },
      { node: "total", entries: 2 },
    ]);
    expect(await results.clear(["spend", "spnd"])).toMatchObject({ removed: 2, unknown: ["spnd"] });
    expect(await results.why("spend")).toBeUndefined();
  });

  test("of the items of a list are kept one by one", async () => {
    const items: number[] = [];
    const seen = { push: (x: number) => void items.push(x), [Symbol.for("entrepot.fingerprint")]: () => "seen" };
    const nodes = {
      squares: each(
        "numbers",
        cached((x: number) => {
          seen.push(x);
          return x * x;
        }),
      ),
    };
    const run = (numbers: number[]) =>
      driver(dataflow({ nodes }).inputs<{ numbers: number[] }>(), { results: resultStore(store()) }).execute(
        ["squares"],
        {
          inputs: { numbers },
        },
      );
    expect((await run([1, 2])).squares).toEqual([1, 4]);
    expect((await run([1, 2, 3])).squares).toEqual([1, 4, 9]);
    // in whichever order: items are computed at the same time
    expect(items.toSorted()).toEqual([1, 2, 3]);
  });
});

test("a plan says what would be found, and why not", async () => {
  const uri = `s3://b${folder}/spend.json`;
  await data.writeJson(uri, [1, 2, 3]);
  const results = resultStore({ dir: folder, data });
  await driver(marketing(2), { results }).execute(["total"], { inputs: { uri } });
  const events: RunEvent[] = [];
  const run = driver(marketing(3), { results, onEvent: (event) => void events.push(event) });
  expect(await run.plan(["total"], { inputs: { uri } }).explain()).toContain("`scaled › rate` changed");
});

test("two processes that share an address compute each result once", async () => {
  const program = `
    import { entrepot } from "entrepot";
    import { cached, dataflow, driver, resultStore } from "entrepot/flow";
    const [options, store] = JSON.parse(process.argv[1]);
    const data = entrepot(options);
    const nodes = {
      slow: cached(async ({ uri }) => {
        console.log("computed");
        await new Promise((resolve) => setTimeout(resolve, 300));
        return (await data.readText(uri)).toUpperCase();
      }, { ignore: ["console"] }),
    };
    const flow = dataflow({ nodes }).inputs();
    const { slow } = await driver(flow, { results: resultStore({ store, data }) }).execute(["slow"], { inputs: { uri: "s3://b/shared.txt" } });
    console.log(slow);
    await data.close();
  `;
  await data.writeText("s3://b/shared.txt", "shared");
  const given = JSON.stringify([{ ...s3.options, envFile: false, cache: false }, `s3://b/shared-results${folder}/`]);
  const cwd = fileURLToPath(new URL("../../", import.meta.url));
  const run = async (): Promise<string> => {
    const child = spawn(process.execPath, ["--input-type=module", "-e", program, given], { cwd });
    let said = "";
    child.stdout.on("data", (chunk) => (said += chunk));
    child.stderr.on("data", (chunk) => (said += chunk));
    await once(child, "close");
    return said;
  };
  const said = (await Promise.all([run(), run()])).join("").trim().split("\n").sort();
  expect(said).toEqual(["SHARED", "SHARED", "computed"]);
});

test("a node that closes over a client is refused with its name and the path, and version is a way out", async () => {
  class Client {
    readonly pool = new Map();
  }
  const db = { client: new Client() };
  const made = (version?: string) => ({ rows: cached(() => db.client.pool.size, { version }) });
  const run = (version?: string) => driver(dataflow({ nodes: made(version) }), { results: folder }).execute(["rows"]);
  await expect(run()).rejects.toMatchObject({
    code: "unsupported",
    message: "'rows' closes over db.client is an instance of Client, which has no fingerprint",
  });
  expect(await run("1")).toEqual({ rows: 0 });
});
