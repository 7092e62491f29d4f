// One measurement of a filled cache in a process of its own: `WHAT DIR COUNT ARGUMENT`. Prints one line of JSON.
import { readFileSync } from "node:fs";
import { entrepot } from "entrepot";

const [what = "", dir = "", count = "0", argument = "0"] = process.argv.slice(2);
const data = entrepot({ cache: { dir }, network: "offline", env: {}, envFile: false });
const begun = performance.now();
const cpu = process.cpuUsage();
/** @type {Record<string, () => Promise<unknown>>} */
const actions = { hits, stats: () => data.cache.stats(), prune, list, nothing: async () => 0 };

const result = await actions[what]?.();
await data.close();
const { user, system } = process.cpuUsage(cpu);
const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
const seconds = (performance.now() - begun) / 1000;
console.log(JSON.stringify({ result, seconds, cpuSeconds: (user + system) / 1e6, peakBytes: Number(peak) * 1024 }));

async function hits() {
  const ms = [];
  for (let n = 0; n < Number(argument); n++) {
    const key = `k${Math.floor(Math.random() * Number(count))}`;
    const start = performance.now();
    const bytes = await data.readBytes(`https://cache.example/${key}`);
    ms.push(performance.now() - start);
    if (!Buffer.from(bytes.subarray(0, 12)).toString().startsWith(`${key} `)) throw new Error(`${key} is wrong`);
  }
  return ms;
}

async function prune() {
  return (await data.cache.prune({ maxBytes: Number(argument) })).removed;
}

async function list() {
  let listed = 0;
  let last = "";
  for await (const { uri } of data.cache.list()) {
    if (uri <= last) throw new Error(`${uri} comes after ${last}`);
    last = uri;
    listed += 1;
  }
  return listed;
}
