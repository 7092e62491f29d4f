/** One sample, in its own process: warm up, then so many requests of one kind at concurrency 32; prints one line of JSON. */
import { bodyOf, keyCount } from "./workload.mjs";

const [, , name, operation = "", wanted] = process.argv;
const requests = Number(wanted);
const concurrency = 32;
const { open, version } = await import(`./${name}.mjs`);
const subject = await open({ endpoint: process.env.BENCH_ENDPOINT });
const body = bodyOf();

/** @type {Record<string, (n: number) => Promise<void>>} */
const operations = {
  get: async (n) => expect(4096, (await subject.get(`4KiB-${n % keyCount}`)).byteLength),
  head: async (n) => expect(4096, await subject.head(`4KiB-${n % keyCount}`)),
  // Each a new object: to write one again and again is another workload.
  put: async (n) => expect(true, /^".+"$/.test(await subject.put(`4KiB-${n}`, body))),
};
const once = operations[operation] ?? (() => Promise.reject(new Error(`no such operation: ${operation}`)));

/** @param {unknown} due @param {unknown} came */
function expect(due, came) {
  if (came !== due) throw new Error(`${operation} gave ${came} and not ${due}`);
}

let begun = 0;
/** @param {number} total */
async function make(total) {
  const end = begun + total;
  const loop = async () => {
    while (begun < end) await once(begun++);
  };
  await Promise.all(Array.from({ length: concurrency }, loop));
}

await make(Math.min(5_000, Math.ceil(requests / 2)));
const cpu = process.cpuUsage();
const start = process.hrtime.bigint();
await make(requests);
const seconds = Number(process.hrtime.bigint() - start) / 1e9;
const { user, system } = process.cpuUsage(cpu);
await subject.close();
console.log(JSON.stringify({ cpuMicros: (user + system) / requests, opsPerSecond: requests / seconds, version }));
