/** Dataflows from the shell: modules as they are, results that are kept, pictures, what was read. */
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Depot } from "entrepot";
import type { S3Server } from "entrepot/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openShellWorld } from "./shell-world.ts";
import { type BuiltCommand, parseLines } from "./spawn-command.ts";

let server: S3Server;
let command: BuiltCommand;
let data: Depot;
beforeAll(async () => {
  ({ server, command, data } = await openShellWorld("b"));
  await mkdir(path.join(command.home, "node_modules"));
  await symlink(fileURLToPath(new URL("../../", import.meta.url)), path.join(command.home, "node_modules/entrepot"));
  await writeFile(
    path.join(command.home, "nodes.mjs"),
    `import { cached, choose, each } from "entrepot/flow";
import { entrepot } from "entrepot";
export const spend = choose("source", {
  local: () => [1, 2, 3],
  prod: cached(async ({ path }) => {
    const data = entrepot();
    try { return (await data.readLines(path)).map(Number); } finally { await data.close(); }
  }),
});
export function total({ spend }) { return spend.reduce((sum, each) => sum + each, 0); }
export function report({ total, currency = "EUR" }) { return { total, currency }; }
export function broken({ total }) { throw new Error("no luck with " + total); }
export const squares = each("spend", (n) => n * n);
`,
  );
  await writeFile(
    path.join(command.home, "slow.mjs"),
    `export const waits = (_, { signal }) => new Promise((_resolve, reject) => {
  const timer = setTimeout(() => {}, 600_000);
  signal.addEventListener("abort", () => { clearTimeout(timer); console.error("stopped"); reject(signal.reason); });
});
export async function fails() { throw new Error("at once"); }
`,
  );
  await data.writeText("s3://b/spend.txt", "10\n20\n");
});
afterAll(async () => {
  await data.close();
  await command.close();
  await server.close();
});

const flow = (line: string) => command.run(["flow", ...line.split(" ")]);
const prod = "--config source=prod --input path=s3://b/spend.txt";

describe("flow run", () => {
  it("prints what one node gives, and tells several by name", async () => {
    expect(await flow("run nodes.mjs total --config source=local")).toEqual({ code: 0, stdout: "6\n", stderr: "" });
    const { stdout } = await flow("run --json nodes.mjs total report --config source=local --input currency=USD");
    expect(parseLines(stdout)).toEqual([
      { type: "output", name: "total", value: 6 },
      { type: "output", name: "report", value: { total: 6, currency: "USD" } },
    ]);
  });

  it("writes nodes to addresses, by suffix", async () => {
    const { code, stdout } = await flow(
      "run nodes.mjs --config source=local --out report=s3://b/out.json --out spend=n.json",
    );
    expect([code, stdout.split("\n").length]).toEqual([0, 3]);
    expect(await data.readJson("s3://b/out.json")).toEqual({ total: 6, currency: "EUR" });
    expect(JSON.parse(await readFile(path.join(command.home, "n.json"), "utf8"))).toEqual([1, 2, 3]);
  });

  it("finds kept results again until what they read is another one, and says why", async () => {
    const line = `run nodes.mjs total ${prod} --store s3://b/kept/`;
    expect((await flow(line)).stdout).toBe("30\n");
    const gets = () => server.requests.filter(({ operation, key }) => operation === "GetObject" && key === "spend.txt");
    const before = gets().length;
    expect((await flow(line)).stdout).toBe("30\n");
    expect(gets()).toHaveLength(before);
    expect((await flow(`plan nodes.mjs total ${prod} --store s3://b/kept/`)).stdout).toMatch(/^hit +spend /m);
    await data.writeText("s3://b/spend.txt", "10\n25\n");
    expect((await flow(`why nodes.mjs spend ${prod} --store s3://b/kept/`)).stdout).toContain("! s3://b/spend.txt: ");
    expect((await flow(line)).stdout).toBe("35\n");
  });

  it("writes a lock of what was read, and under --frozen reads that or nothing", async () => {
    await data.writeText("s3://b/spend.txt", "1\n");
    const line = `run nodes.mjs total ${prod}`;
    expect((await flow(`${line} --lock inputs.lock.json`)).stdout).toBe("1\n");
    expect((await flow(`${line} --frozen inputs.lock.json`)).stdout).toBe("1\n");
    await data.writeText("s3://b/spend.txt", "2\n");
    const { code, stdout, stderr } = await flow(`${line} --frozen inputs.lock.json`);
    expect([code, stdout]).toEqual([6, ""]);
    expect(stderr).toContain("s3://b/spend.txt");
  });

  it("ends with one code where a lock does not hold, and says which node noticed", async () => {
    await data.writeText("s3://b/spend.txt", "10\n20\n");
    await data.writeText("s3://b/other.txt", "1\n");
    await flow(`run nodes.mjs total ${prod} --lock held.lock.json`);
    const line = "run nodes.mjs total --config source=prod --input path=s3://b/other.txt --frozen held.lock.json";
    for (const more of ["", " --keep-going"]) {
      const { code, stderr } = await flow(line + more);
      expect([code, stderr]).toEqual([6, expect.stringContaining("node: total → spend\n")]);
    }
    const [told] = parseLines((await flow(`${line} --json`)).stderr);
    expect(told).toMatchObject({ type: "error", code: "precondition-failed", nodePath: ["total", "spend"] });
  });

  it("has the depots that modules open heed --offline and --attempts", async () => {
    const line = `run nodes.mjs total ${prod}`;
    const gets = () => server.requests.filter(({ operation }) => operation === "GetObject").length;
    const before = gets();
    const offline = await flow(`${line} --offline --cache-dir ./nothing-kept`);
    expect([offline.code, gets()]).toEqual([5, before]);
    expect(offline.stderr).toContain("spend.txt");
    server.inject({ method: "GET", effect: { status: 500, code: "InternalError" } });
    const once = await flow(`${line} --attempts 1 --no-cache`);
    expect([once.code, gets()]).toEqual([expect.any(Number), before + 1]);
    expect(once.code).not.toBe(0);
  });

  it("counts the file of its inputs among what was read", async () => {
    await data.writeJson("s3://b/inputs.json", { currency: "USD" });
    const line = "run nodes.mjs report --config source=local --inputs s3://b/inputs.json";
    expect((await flow(`${line} --lock given.lock.json`)).stdout).toContain('"USD"');
    expect(await readFile(path.join(command.home, "given.lock.json"), "utf8")).toContain("s3://b/inputs.json");
    expect((await flow(`${line} --frozen given.lock.json`)).code).toBe(0);
    await data.writeJson("s3://b/inputs.json", { currency: "CHF" });
    const { code, stderr } = await flow(`${line} --frozen given.lock.json`);
    expect([code, stderr]).toEqual([6, expect.stringContaining("s3://b/inputs.json")]);
  });

  it("names the node that failed; with --keep-going the others are told all the same", async () => {
    const one = await flow("run nodes.mjs broken total --config source=local");
    expect([one.code, one.stdout]).toEqual([1, ""]);
    expect(one.stderr).toMatch(/^error: broken failed: Error: no luck with 6\nhint: /);
    const both = await flow("run --keep-going nodes.mjs broken total --config source=local");
    expect([both.code, both.stdout]).toEqual([1, "total: 6\n"]);
  });

  it("ends at the first node that fails, and what runs at the time is told to stop", async () => {
    const line = "run slow.mjs waits fails";
    const ended = await flow(line);
    expect([ended.code, ended.stdout]).toEqual([1, ""]);
    expect(ended.stderr).toMatch(/^stopped\nerror: fails failed: Error: at once\n/);
  });

  it("draws what ran, what was found and what failed", async () => {
    const store = "--store ./kept-for-pictures";
    await flow(`run nodes.mjs total ${prod} ${store}`);
    const { code, stdout, stderr } = await flow(`run nodes.mjs total broken ${prod} ${store} --picture after.dot`);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^drawn to \S*after\.dot\nerror: broken failed/);
    const dot = await readFile(path.join(command.home, "after.dot"), "utf8");
    const stateOf = (node: string) => new RegExp(`label="${node}\\\\n.* class="\\w+ (\\w+)`).exec(dot)?.[1];
    expect([stateOf("spend"), stateOf("total"), stateOf("broken")]).toEqual(["hit", "run", "failed"]);
  });

  it.each([
    ["run nodes.mjs totl --config source=local", 2, "did you mean total?"],
    ["run nodes.mjs total", 2, "source"],
    ["run nodes.mjs total --config source=none", 2, "prod"],
    ["run nodes.mjs total --config source=prod", 2, "path"],
    ["run nodes.mjs total --config soruce=local", 2, "did you mean 'source'?"],
    ["plan nodes.mjs total --config source=local --config x=1", 2, "there is source"],
    ["list nodes.mjs --config soruce=local", 2, "did you mean 'source'?"],
    ["run nodes.mjs report --config source=local --input curency=USD", 2, "did you mean 'currency'?"],
    ["run none.mjs total", 3, "there is no module none.mjs"],
    ["run nodes.mjs", 2, "no node is asked for"],
    ["run nodes.mjs --out total", 2, "--out total has no address"],
    ["run nodes.mjs total --config source", 2, "--config source has no value"],
    ["graph nodes.mjs --out g.png", 2, "no picture of a flow is a .png"],
    ["run nodes.mjs total --config source=local --picture g.png", 2, ".svg .html"],
    ["results clear --store ./r", 2, "either --all or --functions"],
    ["results clear --all --functions a --store ./r", 2, "either --all or --functions"],
    ["results list", 2, "--store"],
  ])("%s ends with code %i and says %s", async (line, code, words) => {
    const said = await flow(line);
    expect([said.code, said.stdout]).toEqual([code, ""]);
    expect(said.stderr).toContain(words);
  });
});

it("flow results lists, counts and clears; unknown names are told after the others went", async () => {
  await flow(`run nodes.mjs total ${prod} --store ./results`);
  expect((await flow("results list --store ./results")).stdout).toMatch(/^spend {2}1 result, /);
  const stats = await flow("results stats --json --store ./results");
  expect(parseLines(stats.stdout)[0]).toMatchObject({ type: "stats", nodes: 1, entries: 1, values: 1 });
  const { code, stdout, stderr } = await flow("results clear --store ./results --functions spend nothing");
  expect([code, stdout]).toEqual([3, expect.stringMatching(/^removed 1 result, /)]);
  expect(stderr).toContain("nothing is kept of nothing");
  expect((await flow("results list --store ./results")).stdout).toBe("");
});

it("flow list, plan and graph tell of variants, of what is cached, and of what is missing", async () => {
  const { stdout } = await flow("list nodes.mjs --config source=prod");
  expect(stdout).toContain("spend (local|*prod; cached) <- path\n");
  expect(stdout).toContain("report <- total, currency\n");
  const plan = await flow("plan --json nodes.mjs report --config source=prod");
  expect(plan.code).toBe(2);
  expect(parseLines(plan.stdout)).toContainEqual({
    type: "missing",
    name: "path",
    path: ["report", "total", "spend", "path"],
  });
  expect((await flow("graph nodes.mjs report --config source=local")).stdout).toContain("● report (asked for) ← total");
  expect((await flow("graph nodes.mjs --as mermaid --config source=local")).stdout).toMatch(/^flowchart LR\n/);
  await flow("graph nodes.mjs --config source=local --out picture.html");
  expect(await readFile(path.join(command.home, "picture.html"), "utf8")).toContain("<svg class=");
});

it("flows in TypeScript run as they are", async () => {
  await writeFile(
    path.join(command.home, "typed.ts"),
    "export function double({ start }: { start: number }): number { return start * 2 }\n",
  );
  expect(await flow("run typed.ts double --input start=21")).toEqual({ code: 0, stdout: "42\n", stderr: "" });
});
