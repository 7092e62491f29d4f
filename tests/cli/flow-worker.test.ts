/** `entrepot flow worker`: processes that run nodes for a driver in this one, some of which are killed. */
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { dataflow, type FlowDriver, openDriver, type RunEvent } from "../../src/flow/core/index.ts";
import { queueEngine, recordLineage, withLineage } from "../../src/flow/storage/index.ts";
import { postgresPrograms, startPostgres } from "../queue/postgres-server.ts";
import { BuiltCommand, parseLines } from "./spawn-command.ts";

const module = `import { appendFileSync } from "node:fs";
import { each, load, retry, save } from "entrepot/flow";
export const policies = ({ count }) => Array.from({ length: count }, (_, at) => ({ at }));
export const baseline = () => Float64Array.from({ length: 3_000 }, (_, at) => at * 1.1);
export const results = each("policies", ({ at }, { baseline }) => baseline.reduce((sum, one) => sum + one, 0) * (1 + at / 100));
export const best = ({ results }) => Math.max(...results);
export const workers = each("policies", () => process.pid);
let tries = 0;
export const flaky = retry(() => {
  tries += 1;
  if (tries === 1) throw Object.assign(new Error("not yet"), { code: "E_YET" });
  return "well";
}, { times: 3, firstDelayMs: 1 });
export const text = load(({ from }) => from, { as: "text" });
export const saved = save(({ to }) => to, "text", { as: "text" });
export const wrong = () => {
  throw Object.assign(new RangeError("the rate is below zero", { cause: new Error("the file says -1") }), { code: "E_RATE" });
};
export const afterWrong = ({ wrong }) => wrong;
`;

let command: BuiltCommand;
let nodes: Readonly<Record<string, unknown>>;
const workers: ChildProcessWithoutNullStreams[] = [];

beforeAll(async () => {
  command = await BuiltCommand.build();
  await mkdir(at("node_modules"));
  await symlink(fileURLToPath(new URL("../../", import.meta.url)), at("node_modules/entrepot"));
  await writeFile(at("nodes.mjs"), module);
  await writeFile(at("in.txt"), "what is read");
  nodes = await import(pathToFileURL(at("nodes.mjs")).href);
}, 120_000);
afterAll(async () => {
  const left = workers.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
  for (const child of left) child.kill("SIGKILL");
  await Promise.all(left.map((child) => once(child, "exit")));
  await command.close();
}, 60_000);

const at = (name: string): string => path.join(command.home, name);

async function startWorker(database: string, ...more: readonly string[]): Promise<ChildProcessWithoutNullStreams> {
  const args = ["flow", "worker", "--json", "--database", database, "--store", at("values"), ...more, "nodes.mjs"];
  const child = command.start(args);
  workers.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  expect(JSON.parse((await lines.next()).value)).toEqual({ type: "ready" });
  return child;
}

function driverOf(settings: object): FlowDriver {
  return openDriver(dataflow({ nodes } as never) as object, withLineage(settings));
}

it("runs a thousand items in four processes, of which one is killed, and gives exactly what one process gives", async () => {
  const [first] = await Promise.all(Array.from({ length: 4 }, () => startWorker(at("db"), "--concurrency", "2")));
  const engine = await queueEngine({ database: at("db"), store: at("values") });
  const inputs = { count: 1_000 };
  const here = await driverOf({}).execute(["results", "best"], { inputs });
  let isKilled = false;
  const onEvent = (event: RunEvent): void => {
    if (event.type !== "item-end" || event.done !== 300) return;
    isKilled = first?.kill("SIGKILL") === true;
  };
  const there = await driverOf({ engine, onEvent }).execute(["results", "best"], { inputs });
  expect(isKilled).toBe(true);
  expect(there).toEqual(here);
  const { workers: pids } = await driverOf({ engine }).execute(["workers"], { inputs: { count: 200 } });
  expect(new Set(pids as number[]).size).toBe(3);
  expect(pids).not.toContain(first?.pid);
  await engine.close();
}, 300_000);

it("gives back what a node read, wrote and tried, and the error as it was thrown; what needs that node is not run", async () => {
  const child = workers[1] as ChildProcessWithoutNullStreams;
  const engine = await queueEngine({ database: at("db"), store: at("values") });
  const events: RunEvent[] = [];
  const told = driverOf({ engine, onEvent: (event: RunEvent) => events.push(event) });
  const inputs = { from: at("in.txt"), to: at("out.txt") };
  const { lineage } = await recordLineage(() => told.execute(["saved", "flaky"], { inputs }));
  expect(await readFile(at("out.txt"), "utf8")).toBe("what is read");
  const uri = (name: string): string => pathToFileURL(at(name)).href;
  expect(lineage.reads).toMatchObject([{ kind: "object", uri: uri("in.txt") }]);
  expect(lineage.writes).toMatchObject([{ uri: uri("out.txt") }]);
  expect(lineage.nodes.find(({ node }) => node === "text")?.data).toMatchObject([
    { direction: "loaded", form: "text" },
  ]);
  expect(lineage.nodes.find(({ node }) => node === "saved")?.data).toMatchObject([{ direction: "saved" }]);
  expect(events.filter(({ type }) => type === "retry")).toMatchObject([
    { node: "flaky", attempt: 1, error: { message: "not yet", code: "E_YET" } },
  ]);
  const settled = await told.settle(["afterWrong"], { inputs });
  const skipped = events.find(({ type }) => type === "node-skipped");
  expect(skipped).toMatchObject({ node: "afterWrong", because: "wrong" });
  const failed = events.find((event) => event.type === "node-failed");
  let error: unknown = failed?.type === "node-failed" ? failed.error : undefined;
  while (error instanceof Error && !(error instanceof RangeError)) error = error.cause;
  expect(error).toMatchObject({ code: "E_RATE", cause: { message: "the file says -1" } });
  expect(settled).toBeDefined();

  const ended = once(child, "exit");
  child.kill("SIGINT");
  expect((await ended)[0]).toBe(0);
  await engine.close();
}, 120_000);

const programs = postgresPrograms();
it.skipIf(programs === undefined)(
  "tells that its database is away, and goes on",
  async () => {
    const server = await startPostgres(programs ?? "");
    const child = await startWorker(server.url);
    const lines = createInterface({ input: child.stderr })[Symbol.asyncIterator]();
    await server.stop();
    const [warning] = parseLines((await lines.next()).value);
    expect(warning).toMatchObject({ type: "warning" });
    expect(child.exitCode).toBeNull();
  },
  120_000,
);
