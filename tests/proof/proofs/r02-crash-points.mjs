/** The process dies at each system call by which it changes files, in turn; the next one must get the right bytes. */
import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { flawOf } from "../content.mjs";
import { put } from "../stage.mjs";
import { survives, traced, tracedWorker, whyNoStrace } from "../strace.mjs";

/** @typedef {import("../stage.mjs").Stage} Stage */
/** @typedef {import("entrepot/testing").S3Server} S3Server */
/** @typedef {{ thread: "main" | "pool", call: string, nth: number }} Point */

/**
 * `before` fills the folder, `change` is what happens at the server then, `job` is what dies.
 * @typedef {{ name: string, key: string, sizeBytes: number, isFilled: boolean, isReplaced: boolean, job: string, args?: object }} Scenario
 */

/** @type {Scenario[]} */
const scenarios = [
  { name: "cold read", key: "small.csv", sizeBytes: 4_000, isFilled: false, isReplaced: false, job: "reads" },
  {
    name: "cold read of a large one",
    key: "large.bin",
    sizeBytes: 700_000,
    isFilled: false,
    isReplaced: false,
    job: "reads",
  },
  { name: "replacing read", key: "small.csv", sizeBytes: 4_000, isFilled: true, isReplaced: true, job: "reads" },
  {
    name: "replacing read of a large one",
    key: "large.bin",
    sizeBytes: 700_000,
    isFilled: true,
    isReplaced: true,
    job: "reads",
  },
  { name: "local copy", key: "large.bin", sizeBytes: 700_000, isFilled: false, isReplaced: true, job: "copies" },
  {
    name: "write",
    key: "small.csv",
    sizeBytes: 4_000,
    isFilled: true,
    isReplaced: false,
    job: "write",
    args: { version: 77, sizeBytes: 5_000 },
  },
  {
    name: "write of a large one",
    key: "large.bin",
    sizeBytes: 700_000,
    isFilled: true,
    isReplaced: false,
    job: "write",
    args: { version: 78, sizeBytes: 600_000 },
  },
  {
    name: "pin",
    key: "folder/small.csv",
    sizeBytes: 4_000,
    isFilled: false,
    isReplaced: false,
    job: "pin",
    args: { prefix: "folder/" },
  },
  {
    name: "prune",
    key: "small.csv",
    sizeBytes: 4_000,
    isFilled: true,
    isReplaced: false,
    job: "prune",
    args: { maxBytes: 0 },
  },
];

/** @type {import("../proof.ts").Proof} */
export const proof = {
  id: "R02",
  title: "A process that dies at any system call leaves a cache from which the next one reads the right bytes",
  target: "100 % of the points of 9 scenarios",
  bad: { "in-place": /under a final name|bytes/ },
  needs: whyNoStrace,
  async run(stage) {
    const server = await stage.server();
    const stride = stage.scale === "control" ? 18 : stage.size(6, 1);
    let total = 0;
    const { pin } = (await stage.module()).open({ endpoint: server.endpoint, dir: await stage.folder("unused") });
    for (const scenario of scenarios) {
      if (scenario.job === "pin" && pin === undefined) continue;
      if (stage.isOver) return;
      const template = await prepare(stage, server, scenario);
      const points = await pointsOf(stage, server, scenario, template);
      total += points.length;
      const first = stage.random.below(Math.min(stride, points.length));
      let deaths = 0;
      for (let at = first; at < points.length && !stage.isOver; at += stride) {
        if (await dieAt(stage, server, scenario, template, /** @type {Point} */ (points[at]))) deaths += 1;
      }
      if (deaths === 0) stage.wrong(`${scenario.name}: nobody died, so nothing was tried`);
    }
    stage.tell(`${stage.tried} of ${total} points`);
  },
};

/** A folder as the process finds it. @param {Stage} stage @param {S3Server} server @param {Scenario} scenario */
async function prepare(stage, server, { name, key, sizeBytes, isFilled, isReplaced }) {
  const dir = await stage.folder(`template ${name}`);
  await put(server, key, 1, sizeBytes);
  if (isFilled) {
    const worker = await stage.worker(server, dir);
    stage.add({ ...(await worker.ask("reads", { keys: [key, key] })), tried: 0 });
    await worker.kill();
  }
  if (isReplaced) await put(server, key, 2, sizeBytes - 100);
  return dir;
}

let runs = 0;
/** @param {Stage} stage @param {S3Server} server @param {string} template */
async function startIn(stage, server, template) {
  runs += 1;
  const dir = join(stage.workdir, `run ${runs}`);
  await cp(template, dir, { recursive: true, preserveTimestamps: true });
  return { dir, worker: await tracedWorker(stage, server, dir) };
}

/** @param {Scenario} scenario */
const jobOf = ({ job, key, args }) =>
  /** @type {const} */ ([job, args === undefined ? { keys: [key] } : { key, ...args }]);

/** Each call that changes something, as a run without a death shows them. @param {Stage} stage @param {S3Server} server @param {Scenario} scenario @param {string} template */
async function pointsOf(stage, server, scenario, template) {
  const { dir, worker } = await startIn(stage, server, template);
  const seen = await traced(stage, worker, () => worker.ask(...jobOf(scenario)), join(stage.workdir, "log"));
  await worker.kill();
  /** @type {Map<string, Point>} */
  const counts = new Map();
  /** @type {Point[]} */
  const points = [];
  for (const { thread, call, text } of seen) {
    const nth = (counts.get(`${thread} ${call}`)?.nth ?? 0) + 1;
    const point = { thread, call, nth };
    counts.set(`${thread} ${call}`, point);
    // The others wake threads, talk to the server, or read what lies elsewhere; the count goes over all of them.
    if (text.includes(dir)) points.push(point);
  }
  if (points.length < 2) throw new Error(`${scenario.name}: only ${points.length} calls were seen`);
  return points;
}

/** Whether it died there; a life that went on is no try. @param {Stage} stage @param {S3Server} server @param {Scenario} scenario @param {string} template @param {Point} point */
async function dieAt(stage, server, scenario, template, point) {
  const { name, key, sizeBytes, isReplaced } = scenario;
  if (scenario.job === "write") await put(server, key, 1, sizeBytes);
  const { dir, worker } = await startIn(stage, server, template);
  const where = `${name}, killed at ${point.call} ${point.nth} (${point.thread})`;
  const lived = await survives(stage, worker, point, () => worker.ask(...jobOf(scenario)));
  await worker.kill();
  if (lived) stage.tell(`${where}: lived on, not counted`);
  else stage.count();
  for (const path of await (await stage.module()).finalFiles(dir)) {
    const flaw = flawOf(await readFile(path));
    if (flaw) stage.wrong(`${where}: under a final name: ${flaw}`);
  }
  const next = await stage.worker(server, dir);
  const told = async (/** @type {string} */ job) => {
    const { wrong } = await next.ask(job, { keys: [key] });
    for (const note of wrong) stage.wrong(`${where}: ${job}: ${note}`);
  };
  server.clearRequests();
  await told("offlineReads");
  await told("reads");
  await told("copies");
  const bodies = server.requests.filter(({ method, bytesOut }) => method === "GET" && bytesOut > 0).length;
  if (bodies > 1) stage.wrong(`${where}: fetched ${bodies} times again`);
  await told("offlineMust");
  if (scenario.job === "pin") {
    // What the dead one pinned or did not: pinned again it stays, whatever is pruned.
    await next.ask("pin", { prefix: "folder/" });
    await next.ask("prune", { maxBytes: 0 });
    await told("offlineMust");
  }
  if (isReplaced) await put(server, key, 2, sizeBytes - 100);
  await next.kill();
  return !lived;
}
